import assert from 'node:assert/strict'
import { lagSeverity } from './limits.ts'

describe('lagSeverity', () => {
  for (const [lagMs, severity] of [
    [0, 'normal'],
    [1999, 'normal'],
    [2000, 'attention'],
    [9999, 'attention'],
    [10_000, 'alarm'],
  ] as const)
    it(`${lagMs} ms is ${severity}`, () => assert.equal(lagSeverity(lagMs), severity))
})
