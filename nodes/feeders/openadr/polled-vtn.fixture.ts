import { before, beforeEach } from 'mocha'
import type { Database } from '../../../platform/storage/database.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedTown } from '../demand-response/demand.fixture.ts'
import { listEvents } from '../demand-response/event-repository.ts'
import { notTakenObjects } from './openadr-repository.ts'
import { pollOnce, type PollOptions } from './poll-round.ts'
import type { PublishedSchemas } from './published-schemas.ts'
import { VtnClient } from './vtn-client.ts'
import { useVtn, type Vtn } from './vtn.fixture.ts'

export const hourMs = 3_600_000
/** 18:00 in São Paulo, a Monday. */
const six = Date.UTC(2026, 10, 23, 21)

export interface PolledVtn {
  readonly vtn: Vtn
  readonly database: Database
  readonly options: PollOptions
  /** UTC milliseconds: six o'clock at the beginning of each test. */
  now: number
  /** Against which objects are checked: none unless a test gives some. */
  published: PublishedSchemas | null
  poll(): Promise<void>
  /** `type on feeder: what, from to`, in hours from six, of those that are not cancelled. */
  calls(): Promise<string[]>
  /** What cannot be followed, by the id of the object. */
  refusals(): Promise<ReadonlyMap<string, string>>
}

/** Gives a suite a VTN with the program `p1`, and a town of feeders over which it is polled; both anew for each test. */
export function usePolledVtn(): PolledVtn {
  const vtn = useVtn()
  const test = useDatabase()
  const polled = {
    vtn,
    now: six,
    published: null as PublishedSchemas | null,
    get database() {
      return test.database
    },
    get options(): PollOptions {
      return {
        ...{ client, clientName: vtn.clientId, clock, wallClock: clock },
        ...{ defaultLimitKw: null, timeZone: 'America/Sao_Paulo', published: polled.published },
      }
    },
    poll: () => pollOnce(test.database, polled.options, new AbortController().signal),
    async calls() {
      const filter = { feederId: null, programId: null, states: null, at: polled.now, since: null, until: null }
      const page = await listEvents(test.database, filter, { after: undefined, limit: 100 })
      return page
        .filter(({ source, cancelledAt }) => source === 'openadr' && cancelledAt === null)
        .map(({ type, feederId, action, startsAt, endsAt }) => {
          const kw = action.mode === 'limit' ? `${action.direction} ${action.limitKw} kW` : JSON.stringify(action)
          return `${type} on ${feederId}: ${kw}, ${(startsAt - six) / hourMs} to ${(endsAt - six) / hourMs}`
        })
        .toSorted()
    },
    async refusals() {
      const objects = await notTakenObjects(test.database, 50)
      return new Map(objects.map(({ objectId, notTaken }) => [objectId, notTaken.join('; ')]))
    },
  }
  const clock = { now: () => polled.now }
  let client: VtnClient
  before(() => seedTown(test.database))
  beforeEach(async () => {
    vtn.reset()
    polled.now = six
    polled.published = null
    client = new VtnClient({ url: vtn.url, clientId: vtn.clientId, clientSecret: vtn.clientSecret, clock })
    vtn.putProgram('p1')
    for (const table of ['openadr_object', 'openadr_report']) await test.database.query(`delete from ${table}`)
    // Events cannot be deleted: they become somebody else's.
    await test.database.query(
      `update dr_event set external_id = external_id || '-' || event_id, source = 'before', changed_by = 'test'
       where source = 'openadr'`,
    )
  })
  return polled
}

/** An event that limits import to so many kW from seven to nine. */
export const limit = (kw: unknown, of: Record<string, unknown> = {}): Record<string, unknown> => ({
  intervalPeriod: { start: '2026-11-23T22:00:00Z', duration: 'PT2H' },
  intervals: [{ id: 0, payloads: [{ type: 'IMPORT_CAPACITY_LIMIT', values: [kw] }] }],
  ...of,
})
