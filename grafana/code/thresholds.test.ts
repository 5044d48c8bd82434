import assert from 'node:assert/strict'
import { colours, limitLine, thresholdOverride, thresholdsOf } from './thresholds.ts'

const steps = [{ from: 3, colour: colours.beyond }]
const drawn = {
  mode: 'absolute',
  steps: [
    { value: null, color: 'green' },
    { value: 3, color: 'red' },
  ],
}

describe('thresholds', () => {
  it('begin with a colour that has no value', () => assert.deepEqual(thresholdsOf(steps).build(), drawn))
  it('are the same where they are of one series', () =>
    assert.deepEqual(thresholdOverride(steps), { id: 'thresholds', value: drawn }))
  it('that are queried are lines, and never an area', () =>
    assert.equal(limitLine.find(({ id }) => id === 'custom.fillOpacity')?.value, 0))
})
