import assert from 'node:assert/strict'
import { rateChart } from './alarm-rates.ts'

const hour = 3_600_000
const period = { from: 0, until: 4 * hour, stepMs: hour }
const at = (hours: number): string => new Date(hours * hour).toISOString()

describe('alarms over time', () => {
  it('are bars where they came, as high as they were many, and none where there were none', () => {
    const { bars, targets, most } = rateChart([{ at: at(1), alarms: 20 }, { at: at(3), alarms: 5 }, { at: at(2), alarms: 0 }], period, [10]) // prettier-ignore
    assert.deepEqual(bars, [
      { x: 0.25, width: 0.25, height: 1, alarms: 20, isBeyond: true },
      { x: 0.75, width: 0.25, height: 0.25, alarms: 5, isBeyond: false },
    ])
    assert.deepEqual([targets, most], [[0.5], 20])
  })

  it('leave their target in sight however few they are', () => {
    const { bars, targets } = rateChart([{ at: at(0), alarms: 11 }], period, [50, 100])
    assert.ok(Math.abs(bars[0]!.height - 0.1) < 1e-9)
    assert.ok(targets.every((share) => share < 1))
    assert.deepEqual(rateChart([], period, [10]).bars, [])
  })

  it('are cut to the period', () => {
    const { bars } = rateChart([{ at: at(3.5), alarms: 1 }, { at: at(-0.5), alarms: 1 }, { at: at(5), alarms: 1 }], period, [1]) // prettier-ignore
    assert.deepEqual(bars.map(({ x, width }) => [x, width]), [[0.875, 0.125], [0, 0.125]]) // prettier-ignore
  })
})
