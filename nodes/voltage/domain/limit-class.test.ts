import assert from 'node:assert/strict'
import { limitClassOf } from './limit-class.ts'

describe('the column of limits', () => {
  for (const [volts, column] of [
    [127, 'BT'],
    [2_300, 'BT'],
    [2_301, 'MT'],
    [13_800, 'MT'],
    [68_999, 'MT'],
    [69_000, 'AT'],
    [138_000, 'AT'],
    [229_999, 'AT'],
    [230_000, undefined],
  ] as const)
    it(`of ${volts} V is ${column ?? 'none'}`, () => assert.equal(limitClassOf(volts), column))
})
