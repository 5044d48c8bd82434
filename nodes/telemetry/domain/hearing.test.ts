import assert from 'node:assert/strict'
import { hearingAfter, type Hearing } from './hearing.ts'

describe('hearing the field', () => {
  const begin = 1_000_000
  const heard: Hearing = { since: begin, last: { now: begin + 100_000, machineMs: 5_000, isDeaf: false } }
  const after = (
    passedMs: number,
    change: { nowMs?: number; isDeaf?: boolean; rate?: number } = {},
    before = heard,
  ) => {
    const { nowMs = passedMs, isDeaf = false, rate = 1 } = change
    return hearingAfter(
      before,
      { now: before.last.now + nowMs, machineMs: before.last.machineMs + passedMs, isDeaf },
      rate,
    ).since
  }

  it('begins with the first round', () =>
    assert.equal(hearingAfter(undefined, { now: 7, machineMs: 1, isDeaf: false }, 1).since, 7))
  it('goes on from round to round', () => assert.equal(after(12_000), begin))
  it('begins anew while nothing is heard, and once something is again', () => {
    assert.equal(after(12_000, { isDeaf: true }), heard.last.now + 12_000)
    const deaf = { ...heard, last: { ...heard.last, isDeaf: true } }
    assert.equal(after(12_000, {}, deaf), heard.last.now + 12_000)
  })
  it('begins anew where a round was long in coming', () => assert.equal(after(61_000), heard.last.now + 61_000))
  for (const nowMs of [-60_000, 80_000])
    it(`begins anew where the clock was set by ${nowMs - 12_000} ms`, () =>
      assert.equal(after(12_000, { nowMs }), heard.last.now + nowMs))
  it('goes on in simulated time that passes fast', () =>
    assert.equal(after(12_000, { nowMs: 7_200_000, rate: 600 }), begin))
})
