import assert from 'node:assert/strict'
import { truncatedToCents } from './money.ts'

describe('truncating to cents', () => {
  for (const [exact, paid] of [
    [116.46825, 116.46],
    [27.945205, 27.94],
    [0.009999, 0],
    // 1.15 is 1.149999… in binary.
    [1.15, 1.15],
    [0.29, 0.29],
    [-2.229, -2.22],
  ] as const)
    it(`R$ ${exact} becomes R$ ${paid}`, () => assert.equal(truncatedToCents(exact), paid))
})
