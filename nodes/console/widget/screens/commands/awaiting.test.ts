import assert from 'node:assert/strict'
import type { CommandInFull, Step } from './answers.ts'
import { awaitedOf } from './awaiting.ts'

const at = (second: number): string => new Date(Date.UTC(2026, 10, 22, 12, 0, second)).toISOString()
const ms = (second: number): number => Date.parse(at(second))
const plan: CommandInFull['plan'] = {
  ...{ needsApproval: true, needsSelect: true, needsVerification: true, mostAttempts: 5 },
  ...{ answerWithinMs: 10_000, verifyWithinMs: 60_000 },
}
const step = (second: number, toState: Step['toState'], cause: string, more: Partial<Step> = {}): Step => ({
  ...{ at: at(second), recordedAt: at(second), fromState: null, toState, cause, username: null, reason: null },
  ...more,
})
const command = (state: CommandInFull['state'], timeline: readonly Step[], attempts = 0, isQuarantined = false) =>
  awaitedOf({ ...{ state, timeline, attempts, isQuarantined, plan }, expiresAt: at(50) })

describe('what a command waits for', () => {
  it('is an approval, and then its sending, until it expires', () => {
    const asked = step(0, 'pending_approval', 'requested')
    assert.deepEqual(command('pending_approval', [asked]), { what: 'approval', from: ms(0), until: ms(50) })
    const timeline = [asked, step(5, 'approved', 'approved'), step(5, 'queued', 'queued')]
    assert.deepEqual(command('queued', timeline), { what: 'sending', from: ms(5), until: ms(50) })
  })

  it('is the end of its arming, from the word of the device on, and never beyond its expiry', () => {
    const selected = [step(6, 'selected', 'selecting'), step(7, 'selected', 'selected')]
    assert.deepEqual(command('selected', selected), { what: 'armed', from: ms(7), until: ms(17) })
    assert.equal(command('selected', [step(45, 'selected', 'selecting')])?.until, ms(50))
  })

  it('is an answer, twice as long after each further attempt, whatever the broker confirms in between', () => {
    const first = [step(8, 'dispatched', 'dispatching'), step(9, 'delivered', 'delivered')]
    assert.deepEqual(command('delivered', first, 1), { what: 'answer', from: ms(8), until: ms(18) })
    const again = [...first, step(18, 'dispatched', 'sent-again')]
    assert.deepEqual(command('dispatched', again, 2), { what: 'answer', from: ms(18), until: ms(38) })
  })

  it('is its effect, once the device says that it acted', () => {
    const timeline = [step(8, 'dispatched', 'dispatching'), step(10, 'executed', 'executed')]
    assert.deepEqual(command('executed', timeline, 1), { what: 'effect', from: ms(10), until: ms(70) })
  })

  it('is told by the clock on the wall, where the platform lives by another one', () => {
    const simulated = step(0, 'pending_approval', 'requested', { recordedAt: at(3_600) })
    assert.equal(command('pending_approval', [simulated])?.until, ms(3_650))
  })

  it('is nothing where it is over, in doubt or of a backup', () => {
    assert.equal(command('unknown', [step(20, 'unknown', 'due')]), undefined)
    assert.equal(command('verified', [step(20, 'verified', 'observed')]), undefined)
    assert.equal(command('queued', [step(20, 'queued', 'queued')], 0, true), undefined)
  })
})
