import assert from 'node:assert/strict'
import { secondsOf } from './seconds.ts'

describe('seconds of a node’s dialog', () => {
  for (const [given, seconds] of [
    [30, 30],
    ['30', 30],
    ['0.5', 0.5],
    [0, 0],
    [300, 300],
  ] as const)
    it(`${JSON.stringify(given)} is ${seconds}`, () =>
      assert.equal(secondsOf('reorderSeconds', given, 0, 300), seconds))

  for (const given of ['', ' ', 'soon', -1, 301, NaN, undefined])
    it(`${JSON.stringify(given)} is refused by name`, () =>
      assert.throws(() => secondsOf('reorderSeconds', given, 0, 300), /^Error: reorderSeconds is .*from 0 to 300$/))
})
