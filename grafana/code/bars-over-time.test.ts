import assert from 'node:assert/strict'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { barsOverTime, withThresholdLines } from './bars-over-time.ts'
import { sqlSeries } from './queries.ts'
import { both } from './words.ts'

const panel = withThresholdLines(
  barsOverTime({
    ...{ title: both('Alarmes', 'Alarms'), description: both('Quantos', 'How many'), unit: units.Short },
    queries: [sqlSeries('select 1')],
  }),
).build()

describe('bars over time', () => {
  it('stand above each other, with the limits of their rule across', () => {
    const { drawStyle, stacking, thresholdsStyle } = panel.fieldConfig!.defaults.custom as {
      drawStyle: string
      stacking: { mode: string }
      thresholdsStyle: { mode: string }
    }
    assert.equal(drawStyle, 'bars')
    assert.equal(stacking.mode, 'normal')
    assert.equal(thresholdsStyle.mode, 'line')
  })
})
