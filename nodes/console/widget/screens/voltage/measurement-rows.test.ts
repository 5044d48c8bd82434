import assert from 'node:assert/strict'
import type { LiveVoltageUnit } from '../../../../../platform/wire/live.ts'
import { measurementRows, outcomeOf } from './measurement-rows.ts'
import type { Measurement } from './voltage-answers.ts'

const measurement = (measurementId: number, rest: Partial<Measurement> = {}): Measurement => ({
  ...{ measurementId, unitId: `unit-${measurementId}`, kind: 'complaint', protocol: null },
  ...{ status: 'running', startsAt: '2026-11-19T03:00:00.000Z', ...rest },
})
const limit = (probability: number) => ({ used: 3, budget: 30, probability, brokenAt: null, breaks: null })
const live = (measurementId: number, drpPct: number, probability?: number): [string, LiveVoltageUnit] => [
  `unit-${measurementId}`,
  {
    measurement: {
      ...{ measurementId, drpPct, drcPct: 0 },
      forecast: probability === undefined ? null : { drp: limit(probability), drc: limit(0) },
    },
  } as unknown as LiveVoltageUnit,
]

describe('official measurements that are open', () => {
  it('stand by how probably they break a limit, then by what is used; scheduled ones last', () => {
    const rows = measurementRows(
      [
        measurement(1, { status: 'scheduled', startsAt: '2026-12-02T00:00:00Z' }),
        measurement(2, { status: 'scheduled', startsAt: '2026-12-01T00:00:00Z' }),
        ...[3, 4, 5, 6].map((id) => measurement(id)),
      ],
      new Map([live(3, 0.1), live(4, 1, 0.2), live(5, 2, 0.8), live(6, 0.3)]),
    )
    assert.deepEqual(
      rows.map(({ measurementId }) => measurementId),
      [5, 4, 6, 3, 2, 1],
    )
  })

  it('know nothing of a measurement that is over', () => {
    const [row] = measurementRows([measurement(7, { unitId: 'unit-3' })], new Map([live(3, 2, 0.9)]))
    assert.equal(row!.soFar, null)
  })
})

describe('how a limit comes out', () => {
  it('is said by the thresholds of the conditions', () => {
    assert.deepEqual(
      [0.34, 0.35, 0.49, 0.5].map((probability) => outcomeOf(limit(probability))),
      ['unlikely', 'possible', 'possible', 'likely'],
    )
    assert.equal(outcomeOf({ ...limit(1), brokenAt: '2026-11-20T00:00:00Z' }), 'broken')
  })
})
