import assert from 'node:assert/strict'
import { loopState, type ControlRound } from './loop-state.ts'

const now = Date.UTC(2026, 2, 2, 15)
const round = (agoMs: number, roundMs = 80, rootId = 'f-0'): ControlRound => ({
  ...{ rootId, at: now - agoMs, recordedAt: now - agoMs, intervalMs: 60_000, roundMs },
})
const state = (...rounds: ControlRound[]) => loopState(rounds, now, now)

describe('the state of the control loop', () => {
  it('is off where no root is steered', () => {
    assert.deepEqual(state(), { status: 'off', lastTickAt: null, stalled: [], overrun: [] })
  })

  it('is ok while every root has its rounds, and tells of the one that waits longest', () => {
    assert.deepEqual(state(round(10_000), round(180_000, 80, 'g-0')), {
      ...{ status: 'ok', lastTickAt: now - 180_000, stalled: [], overrun: [] },
    })
  })

  it('is stalled once setpoints expire that nobody says again', () => {
    assert.deepEqual(state(round(10_000), round(180_001, 80, 'g-0')).stalled, ['g-0'])
    assert.equal(state(round(180_001)).status, 'stalled')
  })

  it('is not stalled by time that passes fast: the machine has to have had some', () => {
    const fast = { ...round(3_600_000), recordedAt: now - 29_000 }
    assert.equal(loopState([fast], now, now).status, 'ok')
    assert.equal(loopState([fast], now, now + 2_000).status, 'stalled')
  })

  it('is overrun where a round takes more than its tenth of the interval', () => {
    assert.equal(state(round(1_000, 6_000)).status, 'ok')
    assert.deepEqual(state(round(1_000, 6_001)).overrun, ['f-0'])
    assert.equal(state(round(1_000, 6_001)).status, 'overrun')
  })
})
