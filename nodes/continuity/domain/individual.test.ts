import assert from 'node:assert/strict'
import { unitMonthOf, type CountedOutage } from './individual.ts'
import type { InterruptionFacts } from './interruption.ts'

const hourMs = 3_600_000

const interruption = (facts: Partial<InterruptionFacts> = {}): InterruptionFacts => ({
  ...{ interruptionId: 1, eventId: 1, startedAt: 0, origin: 'internal', programmed: false },
  ...{ announced: null, exclusions: [], ...facts },
})
const outage = (hours: number, facts: Partial<InterruptionFacts> = {}, onCriticalDay = false): CountedOutage => ({
  ...{ unitId: 'unit-1', interruption: interruption(facts), durationMs: hours * hourMs, begins: true },
  ...{ onCriticalDay, from: 0, until: hours * hourMs },
})

describe('a month of one unit', () => {
  it('adds durations, counts beginnings and keeps the longest', () => {
    const { dicMs, fic, dmicMs } = unitMonthOf('unit-1', [outage(2), outage(0.05), outage(1.5)])
    assert.deepEqual([dicMs / hourMs, fic, dmicMs / hourMs], [3.55, 3, 2])
  })

  it('counts an announced programmed interruption in DIC and FIC, not in DMIC', () => {
    const announced = { from: 0, until: 4 * hourMs, warnedAt: -1 }
    const { dicMs, fic, dmicMs } = unitMonthOf('unit-1', [outage(3, { programmed: true, announced })])
    assert.deepEqual([dicMs / hourMs, fic, dmicMs], [3, 1, 0])
  })

  it('takes critical days and emergencies out, event by event', () => {
    const emergency = { interruptionId: 2, exclusions: [{ reason: 'emergency' as const, unitId: null }] }
    const month = unitMonthOf('unit-1', [outage(20, {}, true), outage(30, emergency), outage(1)])
    assert.equal(month.dicMs, hourMs)
    assert.deepEqual(month.dicri, [{ interruptionId: 1, ms: 20 * hourMs }])
    assert.deepEqual(month.dise, [{ interruptionId: 2, ms: 30 * hourMs }])
  })
})
