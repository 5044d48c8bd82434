import assert from 'node:assert/strict'
import { closingTarget } from './closing.ts'
import { minuteMs, noon } from './windows.fixture.ts'

const at = (minutes: number) => noon + minutes * minuteMs
const target = (changed: Partial<Parameters<typeof closingTarget>[0]>) =>
  (closingTarget({
    ...{ due: at(600), closedUntil: at(0), settleMs: 200_000, outOfPatience: false },
    backlog: { oldestUntakenAt: null, newestStoredAt: null },
    ...changed,
  }) -
    noon) /
  minuteMs

describe('how far windows can be closed', () => {
  it('is as far as they are due, in everyday life', () => {
    const backlog = { oldestUntakenAt: at(1), newestStoredAt: at(2) }
    assert.equal(target({ due: at(20), backlog }), 20)
    assert.equal(target({}), 600)
  })

  it('after a standstill is as far as the field has got with what it kept', () => {
    assert.equal(target({ backlog: { oldestUntakenAt: null, newestStoredAt: at(95) } }), 90)
    assert.equal(target({ backlog: { oldestUntakenAt: null, newestStoredAt: at(91) } }), 80)
    assert.equal(target({ backlog: { oldestUntakenAt: null, newestStoredAt: at(700) } }), 600)
  })

  it('and as far as what is stored was looked at', () => {
    assert.equal(target({ backlog: { oldestUntakenAt: at(45), newestStoredAt: at(95) } }), 40)
  })

  it('but not for ever', () => {
    assert.equal(target({ outOfPatience: true, backlog: { oldestUntakenAt: at(45), newestStoredAt: at(95) } }), 600)
  })
})
