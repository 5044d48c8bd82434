import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Reason, Rejected } from '../../platform/wire/reasons.ts'
import { QuarantineBudget } from './quarantine-budget.ts'

const hour = 3_600_000
const poison = (bytes: number, reason: Reason = 'bad_json'): Rejected => ({
  ...{ topic: 't', payload: 'x'.repeat(bytes), reason, detail: 'd', receivedAt: 0 },
})
/** How many of so many are kept. */
const keptOf = (count: number, budget: QuarantineBudget, deviceId = '', reason?: Reason) =>
  Array.from({ length: count }, () => budget.keeps(poison(898, reason), deviceId)).filter(Boolean).length

describe('the quarantine budget', () => {
  it('keeps everything while there is room, the row itself counted', () => {
    const budget = new QuarantineBudget(50_000, { now: () => 0 })
    assert.equal(keptOf(50, budget), 50)
    assert.equal(budget.bytes, 50_000)
  })

  it('beyond it keeps ten samples an hour for each reason and device', () => {
    const clock = { time: 5 * hour, now: () => clock.time }
    const budget = new QuarantineBudget(0, clock)
    assert.equal(keptOf(1_000, budget), 10)
    assert.equal(keptOf(1_000, budget, 'pv-001'), 10)
    assert.equal(keptOf(1_000, budget, 'pv-001', 'too_old'), 10)
    clock.time += hour - 1
    assert.equal(keptOf(1_000, budget), 0)
    clock.time += 1
    assert.equal(keptOf(1_000, budget), 10)
  })

  it('a payload too large for what is left does not keep a small one out', () => {
    const budget = new QuarantineBudget(10_000, { now: () => 0 })
    for (let index = 0; index < 10; index++) budget.keeps(poison(20_000), 'other')
    const before = budget.bytes
    budget.bytes = 0
    assert.ok(before > 10_000)
    assert.equal(keptOf(5, budget), 5)
  })

  it('has room again once the database was cleaned up', () => {
    const budget = new QuarantineBudget(20_000, { now: () => 0 })
    assert.equal(keptOf(100, budget), 30)
    budget.bytes = 0
    assert.equal(keptOf(100, budget), 20)
  })
})
