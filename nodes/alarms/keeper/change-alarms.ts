import type { PoolClient } from 'pg'
import type { Condition } from '../../../platform/wire/condition.ts'
import { newAlarm, type Alarm, type AlarmEvent, type Refusal, type Transition } from '../domain/alarm.ts'
import type { MasterTable } from '../domain/definition.ts'
import { knownKeys, lockAlarms, lockMaking, newIds } from './alarm-repository.ts'
import { logChange, nextChange } from './change-repository.ts'
import { ChangingAlarm } from './changing-alarm.ts'
import { subjectOf, type KeptAlarm } from './kept-alarm.ts'
import {
  insertAlarms,
  writeAcknowledged,
  writeAlarms,
  writeBegun,
  writeReturned,
  writeTransitions,
} from './write-repository.ts'

/** Who changes an alarm: a user, or logic of a flow as `node <name>`; null: the condition or time. */
export interface By {
  readonly username: string
  readonly reason: string | null
}

/** Something that is to happen to an alarm that is there. */
export type AlarmAct =
  | { readonly alarmId: number; readonly event: AlarmEvent; readonly by: By | null }
  | { readonly alarmId: number; readonly comment: string; readonly by: By }

/** The same, or a condition: its alarm is there afterwards. */
export type AlarmChange = AlarmAct | ConditionChange

export interface ConditionChange {
  readonly condition: Condition
  readonly by: null
  /** The alarm that explains it, where one is known: it is hidden from the start. */
  readonly rootAlarmId?: number | null
}

export interface ChangedAlarm {
  readonly alarmId: number
  /** As it stands now. */
  readonly alarm: Alarm
  readonly transitions: readonly Transition[]
  readonly refused: Refusal | 'unknown-alarm' | null
}

/**
 * Lets changes happen to alarms, in their order, in one transaction: the one way in which alarms change. Rows are locked by id in
 * ascending order; the transaction gets the next number of the log where anything was written. Once in a transaction: who has the
 * number waits for no more rows, else two could wait for each other.
 * @param now  UTC milliseconds
 * @returns one for each change, in their order
 */
export async function changeAlarms(
  client: PoolClient,
  changes: readonly AlarmChange[],
  table: MasterTable,
  now: number,
): Promise<readonly ChangedAlarm[]> {
  const said = conditionsByKey(changes)
  const ids = changes.flatMap((change) => ('condition' in change ? [] : [change.alarmId]))
  const alarms = await changingAlarms(
    client,
    [...said.values()].map(([first]) => first!.condition),
    ids,
    table,
  )
  const changed = changes.map((change): ChangedAlarm => {
    if ('condition' in change) {
      const waiting = said.get(change.condition.key)!
      const place = { isFirst: waiting[0] === change, isLast: waiting.at(-1) === change }
      return alarms.byKey.get(change.condition.key)!.say(change, now, place)
    }
    const alarm = alarms.byId.get(change.alarmId)
    if (alarm) return alarm.happen(change, now)
    return { alarmId: change.alarmId, alarm: newAlarm, transitions: [], refused: 'unknown-alarm' }
  })
  await write(client, [...alarms.byId.values()], now)
  return changed
}

interface ChangingAlarms {
  readonly byId: ReadonlyMap<number, ChangingAlarm>
  readonly byKey: ReadonlyMap<string, ChangingAlarm>
}

/** Those that say conditions, by key and in their order. */
const conditionsByKey = (changes: readonly AlarmChange[]): ReadonlyMap<string, readonly ConditionChange[]> =>
  Map.groupBy(
    changes.filter((change) => 'condition' in change),
    ({ condition }) => condition.key,
  )

/** The rows that changes are about, locked; those of conditions that were never said before are new. */
async function changingAlarms(
  client: PoolClient,
  conditions: readonly Condition[],
  ids: readonly number[],
  table: MasterTable,
): Promise<ChangingAlarms> {
  const byId = new Map<number, ChangingAlarm>()
  const byKey = new Map<string, ChangingAlarm>()
  const keep = (alarm: ChangingAlarm): void => {
    byId.set(alarm.alarmId, alarm)
    byKey.set(alarm.key, alarm)
  }
  let missing = conditions
  do {
    for (const kept of await newAlarms(client, missing)) keep(new ChangingAlarm(kept, table, { isNew: true }))
    const known = missing.flatMap(({ key }) => (byKey.has(key) ? [] : [key]))
    for (const kept of await lockAlarms(client, ids, known)) keep(new ChangingAlarm(kept, table, { isNew: false }))
    // Normal ones of long ago are struck off: as a rule nothing is missing.
    missing = missing.filter(({ key }) => !byKey.has(key))
  } while (missing.length > 0)
  return { byId, byKey }
}

/** Normal alarms of conditions that were never said before. Their rows come with all that is written: nobody else makes any. */
async function newAlarms(client: PoolClient, conditions: readonly Condition[]): Promise<readonly KeptAlarm[]> {
  const maybe = await neverSaid(client, conditions)
  if (maybe.length === 0) return []
  await lockMaking(client)
  const unknown = await neverSaid(client, maybe)
  const ids = await newIds(client, unknown.length)
  return unknown.map((condition, index) => ({
    ...{ ...subjectOf(condition), alarmId: ids[index]!, alarm: newAlarm, dueAt: null, escalatedTo: [] },
  }))
}

async function neverSaid(client: PoolClient, conditions: readonly Condition[]): Promise<readonly Condition[]> {
  const keys = conditions.map(({ key }) => key)
  const known = await knownKeys(client, keys)
  return conditions.filter(({ key }) => !known.has(key))
}

async function write(client: PoolClient, alarms: readonly ChangingAlarm[], now: number): Promise<void> {
  const changed = alarms.filter((alarm) => alarm.isChanged)
  if (changed.length === 0) return
  const transitions = changed.flatMap((alarm) => alarm.transitions)
  const position = await nextChange(client)
  const { made = [], known = [] } = Object.groupBy(changed, ({ isNew }) => (isNew ? 'made' : 'known'))
  await insertAlarms(
    client,
    made.map((alarm) => alarm.kept),
    position,
  )
  await writeAlarms(
    client,
    known.map((alarm) => alarm.kept),
    position,
  )
  await writeBegun(
    client,
    changed.flatMap((alarm) => alarm.begun),
  )
  await writeReturned(
    client,
    changed.flatMap((alarm) => alarm.returned),
  )
  await writeAcknowledged(
    client,
    changed.flatMap((alarm) => alarm.acknowledged),
  )
  await writeTransitions(client, transitions, position, now)
  await logChange(client, position, transitions.length, now)
}
