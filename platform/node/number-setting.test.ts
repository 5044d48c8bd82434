import assert from 'node:assert/strict'
import { numberSetting } from './number-setting.ts'

describe('a number of a node’s dialog', () => {
  for (const [given, seconds] of [
    [30, 30],
    ['30', 30],
    ['0.5', 0.5],
    [0, 0],
    [300, 300],
  ] as const)
    it(`${JSON.stringify(given)} is ${seconds}`, () =>
      assert.equal(numberSetting('reorderSeconds', given, 0, 300), seconds))

  for (const given of ['', ' ', 'soon', -1, 301, NaN, undefined])
    it(`${JSON.stringify(given)} is refused by name`, () =>
      assert.throws(
        () => numberSetting('reorderSeconds', given, 0, 300),
        /^RangeError: reorderSeconds is .*from 0 to 300$/,
      ))
})
