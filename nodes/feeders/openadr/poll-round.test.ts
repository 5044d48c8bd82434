import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedTown } from '../demand-response/demand.fixture.ts'
import { listEvents } from '../demand-response/event-repository.ts'
import { programNamed } from '../demand-response/program-repository.ts'
import { writeResult } from '../demand-response/result-repository.ts'
import { knownReport, notTakenObjects } from './openadr-repository.ts'
import { pollOnce } from './poll-round.ts'
import { VtnClient } from './vtn-client.ts'
import { useVtn } from './vtn.fixture.ts'

const hourMs = 3_600_000
const six = Date.UTC(2026, 10, 23, 21)

describe('polling a VTN', function () {
  this.timeout(60_000)
  const vtn = useVtn()
  const test = useDatabase()
  const never = new AbortController().signal
  let now = six
  let client: VtnClient
  const clock = { now: () => now }
  const poll = (): Promise<void> =>
    pollOnce(
      test.database,
      {
        ...{ client, clientName: vtn.clientId, clock, wallClock: clock },
        ...{ defaultLimitKw: null, timeZone: 'America/Sao_Paulo' },
      },
      never,
    )
  /** `type on feeder: what, from to`, in hours from six, of those that are not cancelled. */
  const calls = async (): Promise<string[]> => {
    const filter = { feederId: null, programId: null, states: null, at: now, since: null, until: null }
    const page = await listEvents(test.database, filter, { after: undefined, limit: 100 })
    return page
      .filter(({ source, cancelledAt }) => source === 'openadr' && cancelledAt === null)
      .map(({ type, feederId, action, startsAt, endsAt }) => {
        const kw = action.mode === 'limit' ? `${action.direction} ${action.limitKw} kW` : JSON.stringify(action)
        return `${type} on ${feederId}: ${kw}, ${(startsAt - six) / hourMs} to ${(endsAt - six) / hourMs}`
      })
      .toSorted()
  }
  const limit = (kw: unknown, of: Record<string, unknown> = {}): Record<string, unknown> => ({
    intervalPeriod: { start: '2026-11-23T22:00:00Z', duration: 'PT2H' },
    intervals: [{ id: 0, payloads: [{ type: 'IMPORT_CAPACITY_LIMIT', values: [kw] }] }],
    ...of,
  })
  const refusals = async (): Promise<(readonly [string, string])[]> =>
    (await notTakenObjects(test.database, 50)).map(({ objectId, notTaken }) => [objectId, notTaken.join('; ')] as const)

  before(() => seedTown(test.database))
  beforeEach(async () => {
    vtn.reset()
    now = six
    client = new VtnClient({ url: vtn.url, clientId: vtn.clientId, clientSecret: vtn.clientSecret, clock })
    vtn.putProgram('p1')
    for (const table of ['openadr_object', 'openadr_report']) await test.database.query(`delete from ${table}`)
    await test.database.query(
      `update dr_event set external_id = external_id || '-' || event_id, source = 'before', changed_by = 'test' where source = 'openadr'`,
    )
  })

  it('enters events once, on the feeder that they name', async () => {
    vtn.vens.push({ id: 'v1', targets: ['f-1'] })
    vtn.putEvent('e1', limit(50, { targets: ['f-1'] }))
    vtn.putEvent('e2', limit(200))
    for (let round = 0; round < 3; round++) await poll()
    assert.deepEqual(await calls(), [
      'IMPORT_CAPACITY_LIMIT on f-1: import 50 kW, 1 to 3',
      'IMPORT_CAPACITY_LIMIT on null: import 200 kW, 1 to 3',
    ])
    assert.equal((await programNamed(test.database, 'openadr', 'p1'))!.name, 'program p1')
  })

  it('follows what the VTN changes, and cancels what it has no more', async () => {
    vtn.putEvent('e1', limit(50))
    vtn.putEvent('e2', limit(70))
    await poll()
    vtn.putEvent('e1', limit(40))
    vtn.events.delete('e2')
    await poll()
    assert.deepEqual(await calls(), ['IMPORT_CAPACITY_LIMIT on null: import 40 kW, 1 to 3'])
    vtn.putEvent('e2', limit(70))
    await poll()
    assert.equal((await calls()).length, 2)
  })

  it('cancels nothing because a list cannot be read, or leaves something out', async () => {
    vtn.putEvent('e1', limit(50))
    await poll()
    for (const mood of [{ status: 500 }, { body: '[]x' }, { body: '{}' }, { status: 401 }]) {
      vtn.mood = mood
      await assert.rejects(poll())
      assert.equal((await calls()).length, 1, JSON.stringify(mood))
    }
    // A page that left it out: asked for by name it is there.
    vtn.mood = {}
    const event = vtn.events.get('e1')!
    vtn.events.set('e1', { ...event, targets: ['hidden'] })
    await poll()
    assert.equal((await calls()).length, 1)
  })

  it('keeps nonsense from no other event, and says what it was', async () => {
    vtn.putEvent('bad-1', { intervals: [{ id: 0, payloads: 'x' }] })
    vtn.putEvent('bad-2', limit('many'))
    vtn.putEvent('bad-3', { programID: 'p1', intervals: [{ id: 0, payloads: [] }] })
    vtn.putEvent('bad-4', limit(50, { intervalPeriod: { start: 'tomorrow', duration: 'PT1H' } }))
    vtn.putEvent('good', limit(50))
    await poll()
    assert.deepEqual(await calls(), ['IMPORT_CAPACITY_LIMIT on null: import 50 kW, 1 to 3'])
    const said = new Map(await refusals())
    assert.match(said.get('bad-1')!, /intervals\.0\.payloads is "x": it must be array/)
    assert.match(said.get('bad-2')!, /IMPORT_CAPACITY_LIMIT is "many": it takes kW, at least 0/)
    assert.match(said.get('bad-3')!, /intervals\.0 has no start/)
    assert.match(said.get('bad-4')!, /intervalPeriod\.start is "tomorrow": it takes an instant/)
  })

  it('leaves what stood where a change is nonsense, until it is put right', async () => {
    vtn.putEvent('e1', limit(50))
    await poll()
    vtn.putEvent('e1', { intervals: 'none' })
    await poll()
    assert.equal((await calls()).length, 1)
    assert.match(new Map(await refusals()).get('e1')!, /intervals is "none"/)
    vtn.putEvent('e1', limit(30))
    await poll()
    assert.deepEqual(await calls(), ['IMPORT_CAPACITY_LIMIT on null: import 30 kW, 1 to 3'])
    assert.deepEqual(await refusals(), [])
  })

  it('takes up what comes near, and goes on with what does not end', async () => {
    vtn.putEvent('e1', limit(50, { intervalPeriod: { start: '0001-01-01T00:00:00Z', duration: 'P9999Y' } }))
    vtn.putEvent('e2', limit(60, { intervalPeriod: { start: '2026-11-28T21:00:00Z', duration: 'PT1H' } }))
    await poll()
    assert.deepEqual(await calls(), ['IMPORT_CAPACITY_LIMIT on null: import 50 kW, 0 to 168'])
    now += 6 * 24 * hourMs
    await poll()
    assert.deepEqual(await calls(), [
      'IMPORT_CAPACITY_LIMIT on null: import 50 kW, 0 to 168',
      'IMPORT_CAPACITY_LIMIT on null: import 50 kW, 168 to 336',
    ])
    vtn.events.delete('e1')
    await poll()
    assert.deepEqual(await calls(), [])
  })

  it('ends programs that the VTN has no more, and keeps what people have set of them', async () => {
    await poll()
    const { programId } = (await programNamed(test.database, 'openadr', 'p1'))!
    await test.database.query(
      `update dr_program set incentive_brl_kwh = 0.5, elasticity = -0.2, changed_by = 'ana' where program_id = $1`,
      [programId],
    )
    vtn.putProgram('p1', {
      programName: 'renamed',
      payloadDescriptors: [{ payloadType: 'PRICE', units: 'KWH', currency: 'BRL' }],
    })
    await poll()
    const changed = (await programNamed(test.database, 'openadr', 'p1'))!
    assert.deepEqual(
      [changed.name, changed.mode, changed.incentiveBrlPerKwh, changed.elasticity],
      ['renamed', 'price', 0.5, -0.2],
    )
    vtn.programs.delete('p1')
    await poll()
    assert.equal((await programNamed(test.database, 'openadr', 'p1'))!.active, false)
  })

  describe('reports on an event that is over', () => {
    const asked = limit(50, { reportDescriptors: [{ payloadType: 'USAGE' }, { payloadType: 'DELTA_USAGE' }] })
    const giveResult = async (actualKwh: number | null): Promise<void> => {
      const [event] = await test.database.query<{ id: number }>(
        `select event_id::float8 as id from dr_event where source = 'openadr'`,
      )
      await writeResult(test.database, {
        ...{ eventId: event!.id, feederId: 'root', computedAt: now, isFinal: false, basis: 'head', coverage: 1 },
        ...{ baselineKwh: 120, actualKwh, deliveredKwh: null, committedKwh: null, reason: null, money: null },
        detail: { baselineDays: [], adjustmentKw: 0, unadjusted: null, parts: [] },
      })
    }
    const sent = (): unknown => [...vtn.reports.values()].map(({ resources }) => resources)
    const report = (usage: number) => [
      {
        resourceName: 'root',
        intervals: [
          {
            id: 0,
            intervalPeriod: { start: '2026-11-23T22:00:00.000Z', duration: 'PT7200S' },
            payloads: [
              { type: 'DELTA_USAGE', values: [usage - 120] },
              { type: 'USAGE', values: [usage] },
            ],
          },
        ],
      },
    ]

    it('once it has results, and anew when they change', async () => {
      vtn.putEvent('e1', asked)
      await poll()
      now += 4 * hourMs
      await poll()
      assert.deepEqual(sent(), [])
      await giveResult(90)
      await poll()
      await poll()
      assert.deepEqual(sent(), [report(90)])
      assert.equal(vtn.asked.filter((what) => what.startsWith('POST /reports')).length, 1)
      await giveResult(95.5)
      await poll()
      assert.deepEqual(sent(), [report(95.5)])
    })

    it('once, where the process ended before it knew that it was taken', async () => {
      vtn.putEvent('e1', asked)
      await poll()
      now += 4 * hourMs
      await giveResult(90)
      await poll()
      await test.database.query('delete from openadr_report')
      await poll()
      assert.equal(vtn.reports.size, 1)
    })

    it('later, where the VTN does not take it', async () => {
      vtn.putEvent('e1', asked)
      await poll()
      now += 4 * hourMs
      await giveResult(90)
      vtn.mood = { refusesReports: true }
      await poll()
      assert.match((await knownReport(test.database, 'e1'))!.error!, /answers 400: Bad Request: no reports today/)
      await poll()
      assert.equal((await knownReport(test.database, 'e1'))!.attempts, 1)
      vtn.mood = {}
      now += hourMs
      await poll()
      assert.deepEqual(sent(), [report(90)])
      assert.equal((await knownReport(test.database, 'e1'))!.error, null)
    })

    it('not where nobody asked for it', async () => {
      vtn.putEvent('e1', limit(50))
      await poll()
      now += 4 * hourMs
      await giveResult(90)
      await poll()
      assert.deepEqual(sent(), [])
    })
  })
})
