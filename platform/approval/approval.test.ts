import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { hasMoved } from './approval.ts'

describe('an effect', () => {
  for (const [shown, now, moved] of [
    [10, 10, false],
    [10, 10.01, false],
    [10, 9.99, false],
    [0.1 + 0.2, 0.31, false],
    [10, 10.02, true],
    [-5, 5, true],
    [null, null, false],
    [null, 0, true],
    [0, null, true],
  ] as const)
    it(`of ${shown} that is ${now} now has ${moved ? '' : 'not '}moved`, () =>
      assert.equal(hasMoved(shown, now), moved))
})
