import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { wholePeriod } from './alarm-kpis.ts'

const minuteMs = 60_000

describe('the period of key figures', () => {
  it('is of whole ten minutes, and ends before what is not over yet', () => {
    assert.deepEqual(wholePeriod(7 * minuteMs, 59 * minuteMs, 1_000 * minuteMs), { from: 0, until: 50 * minuteMs })
    assert.deepEqual(wholePeriod(0, 90 * minuteMs, 45 * minuteMs), { from: 0, until: 40 * minuteMs })
  })
})
