import assert from 'node:assert/strict'
import type { InterruptionFacts } from './interruption.ts'
import { standingOf } from './standing.ts'

const facts: InterruptionFacts = {
  ...{ interruptionId: 1, eventId: 1, startedAt: 0, origin: 'internal', programmed: false, announced: null },
  exclusions: [],
}
const excluded = (reason: 'emergency' | 'suspension' | 'rationing', unitId: string | null = null) => ({
  ...{ ...facts, exclusions: [{ reason, unitId }] },
})

describe('as what an outage counts so far', () => {
  for (const [what, interruption, critical, expected] of [
    ['ordinary', facts, false, 'ordinary'],
    ['ordinary, programmed', { ...facts, programmed: true }, false, 'ordinary'],
    ['of a critical day', facts, true, 'criticalDay'],
    ['of an emergency that was approved', excluded('emergency'), false, 'emergency'],
    ['of external origin', { ...facts, origin: 'external' }, true, 'uncounted'],
    ['by rationing', excluded('rationing'), false, 'uncounted'],
    ['suspended, of another unit', excluded('suspension', 'unit-2'), false, 'ordinary'],
    ['suspended', excluded('suspension', 'unit-1'), false, 'uncounted'],
  ] as const)
    it(`${what}: ${expected}`, () => assert.equal(standingOf(interruption, 'unit-1', critical), expected))
})
