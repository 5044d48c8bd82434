import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { feederLimitsNow, provideFeederLimits } from './feeder-limits.ts'

describe('limits in force', () => {
  it('are what is told as long as somebody tells it', () => {
    assert.equal(feederLimitsNow().size, 0)
    const withdraw = provideFeederLimits(() => new Map([['f-1', 50]]))
    assert.equal(feederLimitsNow().get('f-1'), 50)
    withdraw()
    assert.equal(feederLimitsNow().size, 0)
  })
})
