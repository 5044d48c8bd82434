import assert from 'node:assert/strict'
import { outOfRange } from './out-of-range.ts'
import { viewOf } from './site-days.fixture.ts'

describe('a value that no panel can have', () => {
  for (const [sample, says] of [
    [{}, 'clear'],
    [{ powerW: 540, highestW: 540 }, 'clear'],
    [{ powerW: 541 }, 'holds'],
    [{ highestW: 900 }, 'holds'],
    [{ powerW: -21, highestW: 0 }, 'holds'],
    [{ voltageV: 59.4 }, 'clear'],
    [{ voltageV: 60 }, 'holds'],
    [{ currentA: 14 }, 'holds'],
    [{ temperatureC: 95 }, 'clear'],
    [{ temperatureC: 96 }, 'holds'],
    [{ temperatureC: -41 }, 'holds'],
    [{ temperatureC: null, voltageV: null, currentA: null, powerW: null, highestW: null }, 'clear'],
  ] as const)
    it(`${JSON.stringify(sample)}: ${says}`, () => assert.equal(outOfRange(viewOf({}, sample)).says, says))

  it('is seen by night, too, and not where a panel says nothing', () => {
    assert.equal(outOfRange(viewOf({ isJudged: false, expected: null }, { temperatureC: 150 })).says, 'holds')
    assert.equal(outOfRange(viewOf({ sample: null })).says, 'unknown')
  })
})
