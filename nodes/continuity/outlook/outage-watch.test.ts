import assert from 'node:assert/strict'
import { provideStandingConditions } from '../../../platform/conditions/standing-conditions.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import type { ConjuntoState } from './conjunto-keeper.ts'
import { OutageWatch } from './outage-watch.ts'
import { emptyOutlook, type Outlook, type RankedOutage } from './outlook.ts'

const at = Date.UTC(2026, 2, 10, 12)
const outage = (interruptionId: number, of: { unitsOut?: number; essential?: number } = {}): RankedOutage => {
  const { unitsOut = 1, essential = 0 } = of
  const sums = { now: 0, restored: 100, later: 300 }
  return {
    outage: {
      interruption: { interruptionId, eventId: 3, elementId: `sw-${interruptionId}`, feederId: 'f-1', startedAt: at },
    },
    ...{
      rank: interruptionId,
      tier: 0,
      unitsOut,
      services: { safety: 0, life_support: 0, essential },
      standing: 'ordinary',
    },
    ...{ asItStands: sums, avoidedCents: 200, pendingUnits: 0, customerHours: 1, estimatedBy: null },
    ends: { now: at, restored: at + 1, later: at + 2 },
    steps: { ordinary: [{ at: at + 60_000, limit: 'DIC', units: 4, cents: 800 }], criticalDay: [], emergency: [] },
    event: { eventId: 3, chiH: 1, judgement: null, reachesAt: null },
  } as unknown as RankedOutage
}
const outlook = (...outages: RankedOutage[]): Outlook => ({ ...emptyOutlook, at, outages })
const day = (occurrences: number) =>
  ({ conjuntoId: 'c-1', name: 'Centro', day: '2026-03-10', occurrences, threshold: { perDay: 10.5 } }) as ConjuntoState

describe('what a list and its conditions say', () => {
  const watch = () => new OutageWatch({ withinMs: 30 * 60_000, nearPct: 80 }, 2)

  it('is the first ones, once, and again when one comes, goes or has other units', () => {
    const one = watch()
    const ids = (given: Outlook) => one.listOf(given)?.map(({ interruptionId }) => interruptionId)
    assert.deepEqual(ids(outlook(outage(1), outage(2), outage(3))), [1, 2])
    assert.equal(ids(outlook(outage(1), outage(2), outage(3))), undefined)
    assert.deepEqual(ids(outlook(outage(2), outage(1), outage(3))), [2, 1])
    assert.deepEqual(ids(outlook(outage(2), outage(1))), [2, 1], 'the third went')
    assert.deepEqual(ids(outlook(outage(2, { unitsOut: 9 }), outage(1))), [2, 1])
    assert.deepEqual(ids(outlook()), [])
  })

  it('has R$ as the outage stands', () =>
    assert.deepEqual(
      watch()
        .listOf(outlook(outage(1)))!
        .map(({ avoidedBrl, costBrl }) => [avoidedBrl, costBrl]),
      [[2, 1]],
    ))

  it('is of outages and of days, once', () => {
    const one = watch()
    const kinds = (given: Outlook, ...days: ConjuntoState[]) =>
      one.conditionsOf(given, days).map(({ kind, state }) => `${kind} ${state}`)
    const now = outlook(outage(1, { essential: 1 }))
    assert.deepEqual(kinds(now, day(9)), [
      ...['dic-breaks active', 'priority-out active', 'outage active', 'critical-day active'],
    ])
    assert.deepEqual(kinds(now, day(9)), [])
    assert.deepEqual(kinds(outlook(), { ...day(0), threshold: null }).toSorted(), [
      ...['critical-day normal', 'dic-breaks normal', 'outage normal', 'priority-out normal'],
    ])
  })

  it('is that an outage is over that ended while nothing ran', async () => {
    const before = watch().conditionsOf(outlook(outage(1)), []) as readonly Condition[]
    const withdraw = provideStandingConditions(async (_queries, area, kinds) =>
      before.filter((one) => one.area === area && kinds.includes(one.kind)),
    )
    try {
      const one = watch()
      await one.recall({ query: () => Promise.reject(new Error('nothing is asked')) })
      const changes = one.conditionsOf(outlook(), [])
      assert.deepEqual(changes.map(({ key, state }) => `${key} ${state}`).toSorted(), [
        ...['continuity/dic-breaks/1 normal', 'continuity/outage/3 normal'],
      ])
    } finally {
      withdraw()
    }
  })
})
