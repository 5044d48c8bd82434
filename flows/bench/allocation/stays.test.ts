import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { quarterMs, session, start } from './cases.samples.ts'
import { timeLineOf } from './stays.ts'

describe('stays on a time-line', () => {
  it('are the intervals that lie wholly within them', () => {
    const line = timeLineOf(
      [session('later', [1.2, 3.9], 1, 1), session('first', [0, 2], 1, 1), session('too short', [1.1, 1.9], 1, 1)],
      quarterMs,
    )
    assert.deepEqual(
      line.stays.map(({ session: { id }, from, until }) => [id, from, until]),
      [
        ['first', 0, 2],
        ['too short', 2, 2],
        ['later', 2, 3],
      ],
    )
    assert.deepEqual([line.start, line.intervals], [start, 3])
  })

  it('begin on a whole interval, whenever the first arrives', () =>
    assert.equal(timeLineOf([session('one', [0.3, 4], 1, 1)], quarterMs).start, start))
})
