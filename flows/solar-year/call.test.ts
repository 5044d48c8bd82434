import assert from 'node:assert/strict'
import type { AnomalyChange } from '../../nodes/solar/domain/detectors/anomaly.ts'
import { CallBook } from './call.ts'

const change = (
  what: AnomalyChange['change'],
  at: number,
  more: Partial<AnomalyChange['anomaly']> = {},
): AnomalyChange => ({
  ...{ change: what, at },
  anomaly: {
    ...{ siteId: 's', panelId: 'a', panelIds: ['a'], kind: 'soiling', since: 100, severity: 'low' },
    ...{ evidence: [], recommendations: [] },
    ...more,
  },
})
const callsOf = (...changes: AnomalyChange[]) => {
  const book = new CallBook(5)
  for (const one of changes) book.take(one)
  return book.calls()
}

describe('calls', () => {
  it('last from the end of the slot that showed them until that of the one that ended them', () => {
    assert.deepEqual(callsOf(change('begun', 200), change('updated', 210), change('ended', 300)), [
      { panelId: 'a', kind: 'soiling', since: 100, foundAt: 205, endedAt: 305 },
    ])
  })

  it('last for ever where nothing ends them', () => {
    assert.equal(callsOf(change('begun', 200))[0]!.endedAt, Infinity)
  })

  it('of a whole site are one of each panel', () => {
    const site = { panelId: null, panelIds: ['a', 'b'], kind: 'inverter_trip' } as const
    assert.deepEqual(
      callsOf(change('begun', 200, site)).map(({ panelId }) => panelId),
      ['a', 'b'],
    )
  })

  it('are refused where they begin twice, or end without a beginning', () => {
    assert.throws(() => callsOf(change('begun', 1), change('begun', 2)), /begins at 2 while it lasts/)
    assert.throws(() => callsOf(change('ended', 1)), /had not begun/)
  })
})
