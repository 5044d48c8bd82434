import assert from 'node:assert/strict'
import fc from 'fast-check'
import { priorities, transitionKinds } from './alarm.ts'
import {
  growthStep,
  noticeOf,
  outgoing,
  pauseMs,
  tells,
  type ChannelFilter,
  type NotifiableStep,
} from './notification.ts'

describe('noticeOf', () => {
  for (const [transition, to, notice] of [
    ['activated', 'B', 'raised'],
    ['re-alarmed', 'B', 'raised'],
    ['raised', 'B', 'raised'],
    ['shelving-ended', 'B', 'raised'],
    ['unexplained', 'B', 'raised'],
    ['escalated', 'B', 'escalated'],
    ['returned', 'D', 'cleared'],
    ['returned', 'A', 'cleared'],
    ['reset', 'A', 'cleared'],
    ['unshelved', 'A', 'cleared'],
    ['acknowledged', 'C', null],
    ['acknowledged', 'A', null],
    ['latched', 'E', null],
    ['shelved', 'G', null],
    ['explained', 'H', null],
    ['commented', 'B', null],
    ['reprioritised', 'B', null],
  ] as const)
    it(`${transition} to ${to}: ${notice ?? 'nothing'}`, () => assert.equal(noticeOf({ transition, to }), notice))

  it('is nothing where the alarm is hidden, whatever happens', () => {
    for (const transition of transitionKinds)
      for (const to of ['G', 'H', 'I'] as const) assert.equal(noticeOf({ transition, to }), null)
  })
})

describe('tells', () => {
  const all: ChannelFilter = { leastPriority: 'low', areas: [], feeders: [], tells: ['raised', 'escalated', 'cleared'] }
  const step: NotifiableStep = {
    transition: 'activated',
    to: 'B',
    priority: 'medium',
    area: 'voltage',
    feederId: 'f-1',
  }
  const isTold = (filter: Partial<ChannelFilter>, more: Partial<NotifiableStep> = {}, named: string | null = null) =>
    tells({ ...all, ...filter }, 'duty', { ...step, ...more }, named)

  it('goes by priority, area and feeder', () => {
    assert.ok(isTold({}))
    assert.ok(isTold({ leastPriority: 'medium', areas: ['voltage'], feeders: ['f-0', 'f-1'] }))
    assert.ok(!isTold({ leastPriority: 'high' }))
    assert.ok(!isTold({ areas: ['continuity'] }))
    assert.ok(!isTold({ feeders: ['f-2'] }))
    assert.ok(!isTold({ feeders: ['f-1'] }, { feederId: null }))
  })

  it('has an escalation go to the channel that its class names, whatever the channel filters', () => {
    const escalated = { transition: 'escalated' } as const
    assert.ok(isTold({ tells: [], leastPriority: 'critical' }, escalated, 'duty'))
    assert.ok(!isTold({ tells: ['raised'] }, escalated, 'chief'))
    assert.ok(isTold({ tells: ['escalated'] }, escalated, 'chief'))
  })

  it('calls over what was told, though its priority or place would not be told any more', () => {
    const over = { transition: 'returned', to: 'A' } as const
    assert.ok(isTold({ leastPriority: 'critical', areas: ['x'] }, over))
    assert.ok(!isTold({ tells: ['raised'] }, over))
  })

  it('tells more, never less, the lower its least priority is (property)', () => {
    const priority = fc.constantFrom(...priorities)
    fc.assert(
      fc.property(priority, priority, priority, (a, b, of) => {
        const [lower, higher] = priorities.indexOf(a) < priorities.indexOf(b) ? [a, b] : [b, a]
        assert.ok(
          !isTold({ leastPriority: higher }, { priority: of }) || isTold({ leastPriority: lower }, { priority: of }),
        )
      }),
    )
  })
})

describe('outgoing', () => {
  it('sends singly what fits', () => assert.deepEqual(outgoing(10, 10), { single: 10, digest: false }))
  it('gathers what does not', () => assert.deepEqual(outgoing(47, 10), { single: 9, digest: true }))
  it('gathers all where one more may be told', () => assert.deepEqual(outgoing(2, 1), { single: 0, digest: true }))
  it('lets wait where none may be told', () => assert.deepEqual(outgoing(5, 0), { single: 0, digest: false }))

  it('never tells more than allowed, and leaves nothing where it may tell anything (property)', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: -5, max: 100 }), (waiting, allowance) => {
        const { single, digest } = outgoing(waiting, allowance)
        assert.ok(single + Number(digest) <= Math.max(0, allowance))
        if (allowance > 0) assert.ok(digest || single === waiting)
      }),
    )
  })
})

describe('pauseMs and growthStep', () => {
  it('a failure is followed by a pause that doubles, up to an hour', () => {
    assert.deepEqual([1, 2, 3, 10, 11, 500].map(pauseMs), [5_000, 10_000, 20_000, 2_560_000, 3_600_000, 3_600_000])
  })
  it('an update is worth it at ten, a hundred, a thousand', () => {
    assert.deepEqual([0, 9, 10, 99, 100, 999, 1_000, 3_000].map(growthStep), [0, 0, 1, 1, 2, 2, 3, 3])
  })
})
