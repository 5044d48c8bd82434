import assert from 'node:assert/strict'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { keepForecasts, rootFeeders } from './feeder-repository.ts'
import { gatherFeeders, type FeederState, type Gathering } from './feeder-state.ts'
import { insertLimit, removeLimit } from './limit-repository.ts'
import { buildTown, said, townAt } from './town.fixture.ts'

const minute = 60_000

describe('feeders as a round finds them', () => {
  const store = useDatabase()
  const steered: Gathering['steered'] = [
    { deviceId: 'ev-1', feederId: 'f-2', phases: ['A'], powerKw: 6, lostBetween: null },
    { deviceId: 'pv-1', feederId: 'f-2', phases: ['A', 'B', 'C'], powerKw: -3, lostBetween: null },
    { deviceId: 'ev-2', feederId: 'f-1a', phases: ['A', 'B', 'C'], powerKw: 12, lostBetween: null },
  ]
  const settings = { defaultLimitKw: 60, globalLimitKw: null, timeZone: 'America/Sao_Paulo' }
  const gathered = (at: number, more: Partial<Gathering> = {}): Promise<FeederState> =>
    gatherFeeders(store.database, {
      ...{ rootIds: ['f-0'], at, intervalMs: minute, steered, given: [], settings },
      ...more,
    })
  const feederIn = ({ feeders }: FeederState, feederId: string) => feeders.find((one) => one.feederId === feederId)!
  const base = (state: FeederState, feederId: string): number[] => {
    const { lowKw, highKw } = feederIn(state, feederId).baseLoad
    return [lowKw.total, highKw.total].map((kw) => Math.round(kw * 1_000) / 1_000)
  }

  before(async () => {
    await buildTown(store)
    await said(store, 'h-0', townAt, 100, { interval_s: 60, aggregation: 'instant' })
    await said(store, 'h-1', townAt, 50, { interval_s: 60, aggregation: 'instant', va_v: 120, ia_a: 100 })
    await said(store, 'm-1', townAt, 8, { interval_s: 600, ia_a: 10, ib_a: 30 })
    await said(store, 'm-2', townAt, 4, {})
    // A meter of no unit: it may measure what others measure, too.
    await said(store, 'm-x', townAt, 77, {})
  })

  it('are those of the trees that are meant', async () => {
    assert.deepEqual(await rootFeeders(store.database), ['f-0', 'other'])
    const { feeders } = await gathered(townAt)
    assert.deepEqual(
      feeders.map(({ feederId, rootId }) => [feederId, rootId]),
      ['f-0', 'f-1', 'f-1a', 'f-2'].map((feederId) => [feederId, 'f-0']),
    )
    assert.equal((await gathered(townAt, { rootIds: null })).feeders.length, 5)
  })

  it('have what nobody steers from the newest of heads and units', async () => {
    const state = await gathered(townAt)
    // 50 at the first feeder, 12 of which are steered below it, on a feeder that nobody measures.
    assert.deepEqual(base(state, 'f-1'), [34.2, 41.8])
    assert.deepEqual([base(state, 'f-1a'), feederIn(state, 'f-1a').basis.kind], [[0, 0], 'unmeasured'])
    // 12 kW of units, 6 of which are the car's behind one of them; the PV is behind none.
    assert.deepEqual([base(state, 'f-2'), feederIn(state, 'f-2').basis.kind], [[5.4, 6.6], 'unit-meters'])
    const { A, B, C } = feederIn(state, 'f-2').baseLoad.highKw
    // The first unit draws 2 kW on A and 6 kW on B, the second 4 kW on C; the car 6 kW on A.
    assert.deepEqual(
      [A, B, C].map((kw) => Math.round(kw * 10) / 10),
      [-3.6, 6.6, 4.4],
    )
    // 100 at the busbar, 50 of the first feeder, 3 of what is steered on the second, 6 of its own.
    assert.deepEqual(
      base(state, 'f-0'),
      [(100 - 50 - 3) * 0.9 - 5.4, (100 - 50 - 3) * 1.1 - 6.6].map((kw) => Math.round(kw * 1_000) / 1_000),
    )
    const { head } = feederIn(state, 'f-1')
    assert.deepEqual([head!.meterId, head!.isHeard, head!.reading.powerKw.A], ['h-1', true, 50])
  })

  it('have their limits in force, from the registry, persons and events', async () => {
    const limit = {
      ...({
        feederId: 'f-1',
        line: 'A',
        direction: 'import',
        value: 100,
        unit: 'a',
        schedule: null,
        reason: 'hot',
      } as const),
      ...{ validFrom: townAt - 1, validUntil: townAt + 5 * minute, setBy: 'ana', setAt: townAt },
    }
    const limitId = await insertLimit(store.database, limit)
    const evening = { days: [1], from: '18:00', until: '21:00', timeZone: null }
    await insertLimit(store.database, {
      ...limit,
      value: 40,
      unit: 'kw',
      line: 'total',
      validUntil: null,
      schedule: evening,
    })
    const given = [{ feederId: 'f-2', limitKw: 20, source: 'event:7', expiresAt: townAt + 60 * minute }]
    const shown = ({ feeders }: FeederState, feederId: string) =>
      feeders
        .find((one) => one.feederId === feederId)!
        .limits.map(
          ({ line, direction, limitKw, source }) => `${line} ${direction} ${Math.round(limitKw * 100) / 100} ${source}`,
        )

    const now = await gathered(townAt, { given })
    // The head measures 120 V, and no reactive power.
    assert.deepEqual(shown(now, 'f-1'), [
      'total import 80 registry',
      'total export 80 registry',
      `A import 11.04 limit:${limitId}`,
    ])
    assert.deepEqual(shown(now, 'f-1a'), ['total import 60 default', 'total export 60 default'])
    assert.deepEqual(shown(now, 'f-2').at(-1), 'total import 20 event:7')
    assert.equal(now.changesAt, townAt + 5 * minute)

    const evenings = await gathered(Date.parse('2026-03-02T21:30:00Z'))
    assert.deepEqual(shown(evenings, 'f-1').at(-1), `total import 40 schedule:${limitId + 1}`)
    assert.equal(evenings.changesAt, Date.parse('2026-03-03T00:00:00Z'))
    const removal = { reason: null, removedBy: 'ana', removedAt: townAt }
    assert.deepEqual(
      [
        await removeLimit(store.database, limitId + 1, removal),
        await removeLimit(store.database, limitId + 1, removal),
      ],
      [true, false],
    )
    assert.equal(shown(await gathered(Date.parse('2026-03-02T21:30:00Z')), 'f-1').length, 2)
  })

  it('tighten from round to round when a head falls silent, and go on from what was kept', async () => {
    const first = await gathered(townAt)
    await keepForecasts(store.database, first.kept)
    await keepForecasts(store.database, first.kept)
    await said(store, 'h-1', townAt + minute, 70, { interval_s: 60, aggregation: 'instant' })
    const second = await gathered(townAt + minute)
    await keepForecasts(store.database, second.kept)
    assert.equal(feederIn(second, 'f-1').basis.kind, 'head')
    await said(store, 'h-1', townAt + 2 * minute, 40, { interval_s: 60, aggregation: 'instant' })
    const third = await gathered(townAt + 2 * minute)
    await keepForecasts(store.database, third.kept)
    const tightening: number[] = []
    for (const later of [2, 4, 6, 9, 14, 60]) {
      const state = await gathered(townAt + later * minute)
      await keepForecasts(store.database, state.kept)
      tightening.push(base(state, 'f-1')[1]!)
    }
    assert.deepEqual(
      tightening,
      tightening.toSorted((one, other) => one - other),
    )
    // From 28, by the error of +20, to the highest, 58.
    assert.deepEqual([tightening[0], tightening.at(-1)], [48, 58])
    const lost = feederIn(await gathered(townAt + 60 * minute), 'f-1')
    assert.deepEqual([lost.basis.kind, lost.head!.isHeard], ['head-lost', false])
    const [row] = await store.database.query<{ rows: number }>('select count(*)::integer as rows from feeder_forecast')
    assert.equal(row!.rows, 3)
  })

  it('do not count a unit meter that is silent as heard', async () => {
    const state = await gathered(townAt + 60 * minute)
    const { basis } = feederIn(state, 'f-2')
    assert.ok(basis.kind === 'unit-meters' && basis.lostShare > 0)
  })
})
