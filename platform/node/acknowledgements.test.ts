import assert from 'node:assert/strict'
import { mock } from 'node:test'
import { beforeEach, describe, it } from 'mocha'
import { Acknowledgements, type Outcome } from './acknowledgements.ts'
import { waitUntil } from './waiting.fixture.ts'

const outcome: Outcome = { stored: 3, duplicates: 1, quarantined: 0 }

describe('acknowledgements', () => {
  let now: number
  let batches: Acknowledgements
  let settled: Outcome[]
  let overdue: number[]
  const waiting = { onSettled: (how: Outcome) => settled.push(how), onOverdue: (age: number) => overdue.push(age) }

  beforeEach(() => {
    now = 1_000
    batches = new Acknowledgements({ now: () => now })
    settled = []
    overdue = []
  })

  it('tell the one who waits, once', () => {
    const id = batches.open(30_000, waiting)
    assert.equal(batches.isOpen(id), true)
    assert.equal(batches.settle(id, outcome), true)
    assert.equal(batches.settle(id, outcome), false)
    assert.deepEqual(settled, [outcome])
    assert.equal(batches.isOpen(id), false)
    assert.equal(batches.size, 0)
  })

  it('know nothing of numbers that nobody opened', () => {
    assert.equal(batches.settle(7, outcome), false)
    assert.equal(batches.isOpen(7), false)
  })

  it('never give a number twice', () => {
    const ids = Array.from({ length: 100 }, () => {
      const id = batches.open(30_000, waiting)
      batches.abandon(id)
      return id
    })
    assert.equal(new Set(ids).size, 100)
  })

  it('call at each further deadline, until the batch is settled', () => {
    const id = batches.open(30_000, waiting)
    for (const at of [30_999, 31_000, 31_500, 60_999, 61_000]) {
      now = at
      batches.checkDeadlines()
    }
    assert.deepEqual(overdue, [30_000, 60_000])
    batches.settle(id, outcome)
    now = 200_000
    batches.checkDeadlines()
    assert.equal(overdue.length, 2)
  })

  it('hold up no batch for another', () => {
    batches.open(1_000, waiting)
    const later = batches.open(10_000, { ...waiting, onOverdue: () => assert.fail('is not due') })
    now = 5_000
    batches.checkDeadlines()
    assert.deepEqual(overdue, [4_000])
    assert.equal(batches.settle(later, outcome), true)
  })

  it('forget a batch whose source was closed', () => {
    const id = batches.open(1_000, waiting)
    batches.abandon(id)
    now = 5_000
    batches.checkDeadlines()
    assert.equal(batches.settle(id, outcome), false)
    assert.deepEqual([settled, overdue], [[], []])
  })

  it('may be opened and abandoned in the midst of a deadline', () => {
    const id = batches.open(1_000, {
      ...waiting,
      onOverdue() {
        batches.abandon(id)
        batches.open(1_000, waiting)
      },
    })
    now = 2_000
    batches.checkDeadlines()
    assert.equal(batches.size, 1)
  })

  it('look at the deadlines by themselves, with a timer that is gone when nothing is open', async () => {
    const [started, ended] = [mock.method(globalThis, 'setInterval'), mock.method(globalThis, 'clearInterval')]
    try {
      const [id, other] = [batches.open(1, waiting), batches.open(60_000, waiting)]
      now += 10
      await waitUntil('the deadline', () => overdue.length > 0)
      const timers = started.mock.calls.map(({ result }) => result)
      assert.equal(timers.length, 1)
      assert.equal(timers[0]!.hasRef(), false)
      batches.settle(id, outcome)
      assert.equal(ended.mock.callCount(), 0)
      batches.settle(other, outcome)
      assert.deepEqual(ended.mock.calls[0]!.arguments, timers)
    } finally {
      mock.restoreAll()
    }
  })
})
