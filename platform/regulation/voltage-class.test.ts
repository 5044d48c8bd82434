import assert from 'node:assert/strict'
import { voltageClassOf } from './voltage-class.ts'

describe('voltage classes', () => {
  for (const [volts, expected] of [
    [127, 'BT'],
    [2_300, 'BT'],
    [2_300.1, 'MT'],
    [13_800, 'MT'],
    [68_999, 'MT'],
    [69_000, 'AT'],
    [230_000, 'AT'],
  ] as const)
    it(`puts ${volts} V into ${expected}`, () => assert.equal(voltageClassOf(volts), expected))
})
