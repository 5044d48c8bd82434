import assert from 'node:assert/strict'
import { viewOf } from './site-days.fixture.ts'
import { outputOf, shorted, stringOpen, zeroOutput } from './zero-output.ts'

describe('a panel that gives nothing', () => {
  for (const [voltageV, currentA, output] of [
    [0, 0, 'dead'],
    [null, null, 'dead'],
    [20, 0.01, 'dead'],
    [37, 0.02, 'open'],
    [48, 0, 'open'],
    [0.5, 11, 'shorted'],
    [null, 11, 'shorted'],
    // A power sensor without a word, while the panel works: no cause is known.
    [38, 10, 'dead'],
  ] as const)
    it(`with ${voltageV} V and ${currentA} A is ${output}`, () =>
      assert.equal(outputOf(viewOf({ power: 0 }, { powerW: 0, voltageV, currentA })), output))

  it('is judged from 100 W/m² on', () => {
    assert.equal(outputOf(viewOf({ power: 0 }, { powerW: 0 }, { irradianceWm2: 99 })), null)
    assert.equal(zeroOutput(viewOf({ isJudged: false, power: null })).says, 'unknown')
  })

  it('is one of the three', () => {
    const open = viewOf({ power: 0.001 }, { powerW: 0.4, voltageV: 47, currentA: 0.01 })
    assert.deepEqual([zeroOutput(open).says, stringOpen(open).says, shorted(open).says], ['clear', 'holds', 'clear'])
    assert.equal(zeroOutput(viewOf({ power: 0.02 })).says, 'clear')
  })
})
