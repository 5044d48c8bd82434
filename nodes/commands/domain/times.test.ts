import assert from 'node:assert/strict'
import { begin } from './begin.ts'
import { aCommand, begun } from './command.fixture.ts'
import { againAfterMs, timesOf } from './times.ts'

describe('times of a command', () => {
  it('are doubled from time to time, up to a quarter of an hour', () => {
    const waits = [1, 2, 3, 10, 2_000].map((times) => againAfterMs({ answerWithinMs: 10_000 }, times))
    assert.deepEqual(waits, [10_000, 20_000, 40_000, 900_000, 900_000])
    assert.equal(againAfterMs({ answerWithinMs: 3_600_000 }, 1), 3_600_000)
  })

  it('let one that was accepted be sent at once, or expire', () => {
    const { command, transition } = begin(aCommand(), begun)
    assert.deepEqual([command.state, command.sendAt, command.dueAt], ['queued', begun, begun + 600_000])
    assert.deepEqual(transition, { from: null, to: 'queued', at: begun, cause: 'requested', reason: null })
    const waiting = begin(aCommand({ plan: { needsApproval: true } }), begun).command
    assert.deepEqual([waiting.state, waiting.sendAt, waiting.dueAt], ['pending_approval', null, begun + 600_000])
  })

  it('leave no attempt that would come after the expiry', () => {
    const sent = { ...aCommand({ expiresInMs: 8_000 }), state: 'dispatched', attempts: 1 } as const
    assert.deepEqual(timesOf(sent, begun), { sendAt: begun + 5_000, dueAt: begun + 8_000 })
    assert.deepEqual(timesOf(sent, begun + 4_000), { sendAt: null, dueAt: begun + 9_000 })
  })
})
