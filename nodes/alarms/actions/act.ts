import { randomUUID } from 'node:crypto'
import type { Identity } from '../../../platform/access/identity.ts'
import { wallClock } from '../../../platform/clock/clock.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { eventOf, problemOf, refusalBefore } from './action.ts'
import type { ActionRefusal, Actor, AlarmAction, Attempt, Stands } from './action.ts'
import { stateOf, type StateLetter } from '../domain/alarm.ts'
import type { MasterTable } from '../domain/definition.ts'
import { answersFor } from '../domain/responsibility.ts'
import { changeAlarms, type AlarmChange, type ChangedAlarm } from '../keeper/change-alarms.ts'
import { scopeOfUser } from '../responsibility/responsibility-repository.ts'
import type { ActionAudit, AuditedAttempt } from './action-audit.ts'
import { findAlarms, type ActedAlarm } from './action-repository.ts'

/** What acting stands on. */
export interface Acting {
  readonly database: Database
  readonly audit: Pick<ActionAudit, 'prepare' | 'record'>
  /** The master alarm table as it holds now. */
  readonly table: () => Promise<MasterTable>
}

/** Who acts, and where from. */
export interface ActingParty {
  readonly actor: Actor
  /** Of a person. */
  readonly sessionId?: string
  readonly address?: string | undefined
}

/** A person whose session the server has found open. */
export const personActing = ({ username, role, sessionId }: Identity, address?: string): ActingParty => ({
  actor: { kind: 'person', username, role },
  sessionId,
  address,
})

/** What an attempt came to. */
export interface Outcome {
  /** Null: it was named by a key that no alarm has. */
  readonly alarmId: number | null
  readonly key: string | null
  readonly action: AlarmAction
  readonly outcome: 'done' | 'refused'
  readonly code: ActionRefusal | null
  /** Why it was refused, for people. */
  readonly problem: string | null
  /** As the alarm stands now; null where it was not looked at. */
  readonly state: StateLetter | null
  readonly occurrence: number | null
}

/** An attempt on its way. */
interface Tried {
  readonly attempt: Attempt
  alarm: ActedAlarm | undefined
  refused: ActionRefusal | undefined
  changed: ChangedAlarm | undefined
}

/**
 * Acts on alarms, in one transaction with the audit: each attempt is done or refused by itself, and taken down either way.
 * @param now  UTC milliseconds, by the platform's clock
 * @returns one for each attempt, in their order
 * @throws DatabaseUnavailable: then nothing was done, and nothing taken down
 */
export async function actOnAlarms(
  { database, audit, table: tableNow }: Acting,
  party: ActingParty,
  attempts: readonly Attempt[],
  now: number,
): Promise<readonly Outcome[]> {
  const at = wallClock.now()
  await audit.prepare(database, at)
  const table = await tableNow()
  return database.transaction(async (client) => {
    const queries = queriesOf(client)
    const tried = attempts.map((attempt): Tried => {
      const refused = refusalBefore(party.actor, attempt)
      return { attempt, refused, alarm: undefined, changed: undefined }
    })
    await look(queries, party.actor, tried)
    const able = tried.filter(({ refused }) => refused === undefined)
    const changes = able.map(({ attempt, alarm }) => changeOf(attempt, alarm!.alarmId, party.actor.username))
    const changed = await changeAlarms(client, changes, table, now)
    for (const [place, each] of able.entries()) {
      each.changed = changed[place]!
      each.refused = each.changed.refused ?? undefined
    }
    const outcomes = tried.map((each) => outcomeOf(each, party.actor, table))
    const requestId = randomUUID()
    const rows = tried.map((each, place) => rowOf(each, outcomes[place]!, party, { at, requestId }))
    await audit.record(queries, at, rows)
    return outcomes
  })
}

/** Finds the alarms of what may be tried, and refuses what is none, and what somebody else answers for. */
async function look(queries: Queries, actor: Actor, tried: readonly Tried[]): Promise<void> {
  const open = tried.filter(({ refused }) => refused === undefined)
  if (open.length === 0) return
  const named = open.map(({ attempt }) => attempt.alarm)
  const ids = named.filter((alarm) => typeof alarm === 'number')
  const keys = named.filter((alarm) => typeof alarm === 'string')
  const found = new Map<number | string, ActedAlarm>()
  for (const alarm of await findAlarms(queries, ids, keys)) found.set(alarm.alarmId, alarm).set(alarm.key, alarm)
  const scope = actor.kind === 'person' ? await scopeOfUser(queries, actor.username) : null
  for (const each of open) {
    each.alarm = found.get(each.attempt.alarm)
    if (!each.alarm) each.refused = 'unknown-alarm'
    else if (!answersFor(scope, each.alarm)) each.refused = 'foreign-area'
  }
}

function changeOf(attempt: Attempt, alarmId: number, username: string): AlarmChange {
  const by = { username, reason: attempt.reason }
  const event = eventOf(attempt, username)
  return event ? { alarmId, event, by } : { alarmId, comment: attempt.reason!, by }
}

function outcomeOf({ attempt, alarm, refused, changed }: Tried, actor: Actor, table: MasterTable): Outcome {
  const stands = changed && alarm ? standsOf(changed, alarm, table) : null
  return {
    ...named(attempt, alarm),
    action: attempt.action,
    outcome: refused === undefined ? 'done' : 'refused',
    code: refused ?? null,
    problem: refused === undefined ? null : problemOf(refused, attempt, actor, stands),
    ...{ state: stands?.state ?? null, occurrence: stands?.occurrence ?? null },
  }
}

function standsOf({ alarm }: ChangedAlarm, acted: ActedAlarm, table: MasterTable): Stands {
  const { mostShelvedMs } = table.classNamed(table.definitionOf(acted).className)
  return { state: stateOf(alarm), occurrence: alarm.occurrence, mostShelvedMs }
}

const named = ({ alarm: given }: Attempt, alarm: ActedAlarm | undefined) => ({
  alarmId: alarm?.alarmId ?? (typeof given === 'number' ? given : null),
  key: alarm?.key ?? (typeof given === 'string' ? given : null),
})

function rowOf(
  { attempt, alarm, changed }: Tried,
  { outcome, code, problem }: Outcome,
  { actor, sessionId, address }: ActingParty,
  { at, requestId }: { at: number; requestId: string },
): AuditedAttempt {
  const { action, occurrence, until, reason } = attempt
  return {
    ...{ at, requestId, action, ...named(attempt, alarm), occurrence, until, reason, outcome, code, problem },
    ...{ username: actor.username, role: actor.kind === 'person' ? actor.role : null },
    ...{ sessionId: sessionId ?? null, address: address ?? null },
    changed: outcome === 'done' && changed!.transitions.length > 0,
  }
}
