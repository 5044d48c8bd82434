import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { slicesOf } from './slices.ts'

describe('slices', () => {
  for (const [all, size, parts] of [
    [[], 2, []],
    [[1], 2, [[1]]],
    [[1, 2], 2, [[1, 2]]],
    [[1, 2, 3], 2, [[1, 2], [3]]],
  ] as const)
    it(`of ${JSON.stringify(all)} by ${size}`, () => assert.deepEqual(slicesOf(all, size), parts))
})
