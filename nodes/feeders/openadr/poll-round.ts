import type { Clock } from '../../../platform/clock/clock.ts'
import { Problem } from '../../../platform/http/problem.ts'
import { canonicalJson, sha256Of } from '../../../platform/storage/canonical-json.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { calledFeedersOf } from '../demand-response/called-feeder-repository.ts'
import type { CalledFeeder } from '../domain/demand-response/in-force.ts'
import { BadObject, readEvent, readProgram, type VtnProgram } from '../domain/openadr/objects.ts'
import { forgetWithdrawn, keepObject, knownObject, knownObjects } from './openadr-repository.ts'
import type { KnownObject, ObjectKind, ObjectState } from './openadr-repository.ts'
import type { PublishedSchemas } from './published-schemas.ts'
import { sendReports } from './send-reports.ts'
import { endEvent, takeEvent } from './take-event.ts'
import { endProgram, takeProgram } from './take-program.ts'
import type { VtnClient } from './vtn-client.ts'
import { readTargets, visibleObjects, type SeenObject } from './visible-objects.ts'

export interface PollOptions {
  readonly client: VtnClient
  /** How this client calls itself in reports. */
  readonly clientName: string
  /** Of the platform. */
  readonly clock: Clock
  readonly wallClock: Clock
  readonly defaultLimitKw: number | null
  readonly timeZone: string
  /** What the VTN says, and what is sent to it, is checked against these too. */
  readonly published: PublishedSchemas | null
}

/** What has not changed is looked at again after this: more of its schedule has come near. */
const lookAgainMs = 12 * 3_600_000
/** What could not be entered is tried again after this. */
const retryMs = 5 * 60_000
const keepWithdrawnMs = 90 * 86_400_000
/** Of what is missing from a list so many are asked for by name in one round. */
const mostMissing = 50

/**
 * Asks a VTN for programs and events, enters what is new or changed, ends what it has no more, and reports on what is over. Whatever
 * ends it in between, the next round goes on: nothing is entered or reported twice.
 * @throws VtnFault where the VTN cannot be asked: then nothing is ended
 */
export async function pollOnce(database: Database, options: PollOptions, signal: AbortSignal): Promise<void> {
  const { client, clock } = options
  const targets = await readTargets(client, signal)
  const programs = await visibleObjects(client, '/programs', targets, signal)
  const events = await visibleObjects(client, '/events', targets, signal)
  const feeders = await calledFeedersOf(database, options.defaultLimitKw)
  const round: Round = { database, options, feeders, programs: readable(programs, options.published), signal }
  await takeAll(round, 'program', programs)
  await takeAll(round, 'event', events)
  await endMissing(round, 'event', events)
  await endMissing(round, 'program', programs)
  await sendReports(database, options, signal)
  await forgetWithdrawn(database, clock.now() - keepWithdrawnMs)
}

interface Round {
  readonly database: Database
  readonly options: PollOptions
  readonly feeders: readonly CalledFeeder[]
  readonly programs: ReadonlyMap<string, VtnProgram>
  readonly signal: AbortSignal
}

function readable(
  programs: ReadonlyMap<string, SeenObject>,
  published: PublishedSchemas | null,
): Map<string, VtnProgram> {
  const read = new Map<string, VtnProgram>()
  for (const [id, { value }] of programs) {
    try {
      published?.check('program', value)
      read.set(id, readProgram(value))
    } catch (error) {
      // Why is kept with the program itself.
      if (!(error instanceof BadObject)) throw error
    }
  }
  return read
}

async function takeAll(round: Round, kind: ObjectKind, objects: ReadonlyMap<string, SeenObject>): Promise<void> {
  const known = new Map((await knownObjects(round.database, kind)).map((object) => [object.objectId, object]))
  for (const [objectId, { value }] of objects) {
    const at = round.options.clock.now()
    const version = versionOf(value, kind === 'event' ? round.programs.get(programIdOf(value)) : undefined)
    const before = known.get(objectId)
    const isUnchanged = before?.version === version && (before.lookAgainAt === null || at < before.lookAgainAt)
    if (!isUnchanged) await takeOne(round, kind, objectId, value, version, at)
  }
}

const programIdOf = (value: unknown): string => String((value as { programID?: unknown }).programID)

/** An event is read by the word of its program, too. */
const versionOf = (value: unknown, program: VtnProgram | undefined): string =>
  sha256Of(canonicalJson([value, program?.payloadDescriptors ?? null, program?.targets ?? null]))

/** Enters an object and keeps what came of it, both or neither. */
async function takeOne(
  round: Round,
  kind: ObjectKind,
  objectId: string,
  value: unknown,
  version: string,
  at: number,
): Promise<void> {
  await round.database.transaction(async (client) => {
    const queries = queriesOf(client)
    const before = await knownObject(queries, kind, objectId)
    const isSame = before?.version === version && before.state !== 'withdrawn'
    const seen = {
      ...{ kind, objectId, version, firstSeenAt: before?.firstSeenAt ?? at },
      versionSeenAt: isSame ? before.versionSeenAt : at,
    }
    const keep = (object: Omit<KnownObject, keyof typeof seen>): Promise<void> =>
      keepObject(queries, { ...seen, ...object }, at)
    const stood = { calls: before?.calls ?? [], content: before?.content ?? null }
    try {
      round.options.published?.check(kind, value)
      if (kind === 'program') {
        const program = readProgram(value)
        const feeders = new Set(round.feeders.map(({ feederId }) => feederId))
        await takeProgram(queries, program, version, { feeders, timeZone: round.options.timeZone, at })
        await keep({
          name: program.programName,
          state: 'taken',
          notTaken: [],
          calls: [],
          content: null,
          lookAgainAt: null,
        })
      } else {
        const event = readEvent(value)
        const { calls, notTaken } = await takeEvent(queries, event, {
          ...{ ...seen, at, feeders: round.feeders, program: round.programs.get(event.programID) },
          ...{ chance: chanceOf(objectId, round.options.clientName), before: stood.calls },
        })
        const lookAgainAt = at + (notTaken.length > 0 ? retryMs : lookAgainMs)
        const state = stateOf(calls, notTaken)
        await keep({ name: event.eventName ?? '', state, notTaken, calls, content: event, lookAgainAt })
      }
    } catch (error) {
      // Before anything was written, or Problem of the one thing that was: what stood before stays.
      if (!(error instanceof BadObject || error instanceof Problem)) throw error
      const lookAgainAt = error instanceof Problem ? at + retryMs : null
      await keep({ name: nameOf(value), state: 'refused', notTaken: [error.message], ...stood, lookAgainAt })
    }
  })
}

const stateOf = (calls: readonly string[], notTaken: readonly string[]): ObjectState =>
  notTaken.length === 0 ? 'taken' : calls.length > 0 ? 'partly' : 'refused'

/** Something to recognise it by, of what may be anything. */
function nameOf(value: unknown): string {
  const { eventName, programName } = value as { eventName?: unknown; programName?: unknown }
  const name = eventName ?? programName
  return typeof name === 'string' && /^[^\u0000\uD800-\uDFFF]*$/.test(name) ? name.slice(0, 128) : ''
}

/** −1 to 1, evenly, the same for the same event and client. */
const chanceOf = (objectId: string, clientName: string): number =>
  (Number.parseInt(sha256Of(objectId, clientName).slice(0, 8), 16) / 0xffff_ffff) * 2 - 1

/** A list that is read while it changes may leave something out: what is missing is asked for by name before it is ended. */
async function endMissing(round: Round, kind: ObjectKind, seen: ReadonlyMap<string, SeenObject>): Promise<void> {
  const missing = (await knownObjects(round.database, kind)).filter(({ objectId }) => !seen.has(objectId))
  for (const object of missing.slice(0, mostMissing)) {
    if ((await round.options.client.find(`/${kind}s/${object.objectId}`, round.signal)) !== undefined) continue
    const at = round.options.clock.now()
    await round.database.transaction(async (client) => {
      const queries = queriesOf(client)
      if (kind === 'program') await endProgram(queries, object.objectId, at)
      const calls = kind === 'event' ? await endEvent(queries, object.calls, at) : []
      await keepObject(queries, { ...object, calls, state: 'withdrawn', notTaken: [], lookAgainAt: null }, at)
    })
  }
}
