import assert from 'node:assert/strict'
import type { FeederLoad } from './allocation/allocation.ts'
import { Slack } from './slack.ts'

const load = (
  feederId: string,
  line: FeederLoad['line'],
  highKw: number,
  limits: [number | null, number | null],
): FeederLoad => ({
  ...{ feederId, line, highKw, lowKw: highKw, importLimitKw: limits[0], exportLimitKw: limits[1] },
  ...{ violationKw: 0, unavoidableKw: 0 },
})
const feeders = [
  { feederId: 'f-0', parentFeederId: null },
  { feederId: 'f-1', parentFeederId: 'f-0' },
]
const slack = () => new Slack(feeders, [load('f-0', 'total', 90, [100, 20]), load('f-1', 'B', 3, [5, null])])
const on = (...phases: ('A' | 'B' | 'C')[]) => ({ feederId: 'f-1', phases })

describe('what feeders could carry besides', () => {
  it('is bound by the tightest line above a device, as far as it is on it', () => {
    assert.equal(slack().room(on('B'), 1), 2)
    assert.equal(slack().room(on('A', 'B'), 1), 4)
    assert.equal(slack().room(on('A'), 1), 10)
    assert.equal(slack().room(on('A'), -1), 110)
    assert.equal(new Slack(feeders, []).room(on('A'), 1), Infinity)
  })

  it('is taken bit by bit, and never beyond a limit', () => {
    const left = slack()
    assert.ok(left.take(on('B'), 1.5))
    assert.ok(!left.take(on('B'), 1))
    assert.ok(left.take(on('A'), 8.5))
    assert.ok(!left.take(on('A'), 0.1))
    assert.ok(left.take(on('C'), -3))
    assert.deepEqual(
      left.loads().map(({ highKw, lowKw }) => [highKw, lowKw]),
      [
        [97, 97],
        [4.5, 4.5],
      ],
    )
  })
})
