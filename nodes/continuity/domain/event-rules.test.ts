import assert from 'node:assert/strict'
import { hasEvents } from './event-rules.ts'

describe('indicators by event', () => {
  for (const [voltageClass, month, expected] of [
    ['BT', '2026-03', true],
    ['MT', '2022-01', true],
    ['AT', '2022-01', false],
    ['AT', '2021-12', true],
  ] as const)
    it(`are ${expected ? '' : 'not '}of ${voltageClass} in ${month}`, () =>
      assert.equal(hasEvents(voltageClass, month), expected))
})
