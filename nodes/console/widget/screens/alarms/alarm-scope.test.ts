import assert from 'node:assert/strict'
import { isOnFeeder, scopeOfAreas } from './alarm-scope.ts'

const feeders = [
  { feederId: 'f-0', parentFeederId: null },
  { feederId: 'f-1', parentFeederId: 'f-0' },
  { feederId: 'f-11', parentFeederId: 'f-1' },
  { feederId: 'f-2', parentFeederId: 'f-0' },
]
const alarm = (feederId: string | null, area = 'voltage', escalatedTo: string | null = null) => ({
  ...{ feederId, area, escalatedTo },
})
const area = (feederIds: string[] | null, conditionAreas: string[] | null = null) => ({
  ...{ name: 'a', feederIds, conditionAreas, usernames: [] },
})

describe('a feeder and those below it', () => {
  it('has what hangs on it at any depth, and nothing that is on no feeder', () => {
    const isOn = isOnFeeder(feeders)
    assert.deepEqual(
      ['f-0', 'f-1', 'f-11', 'f-2', null, 'f-9'].map((feederId) => isOn(feederId, 'f-1')),
      [false, true, true, false, false, false],
    )
  })

  it('is left where a registry at fault leads in a circle', () => {
    const circle = [
      { feederId: 'f-a', parentFeederId: 'f-b' },
      { feederId: 'f-b', parentFeederId: 'f-a' },
    ]
    assert.equal(isOnFeeder(circle)('f-a', 'f-c'), false)
  })
})

describe('what somebody answers for', () => {
  it('is everything where there is no area', () => {
    assert.equal(scopeOfAreas([], feeders, 'operator')(alarm(null)), true)
  })

  it('is what is of its feeders and of its conditions', () => {
    const scope = scopeOfAreas([area(['f-1'], ['voltage'])], feeders, null)
    assert.deepEqual([alarm('f-11'), alarm('f-11', 'solar'), alarm('f-2'), alarm(null)].map(scope), [
      true,
      false,
      false,
      false,
    ])
    assert.equal(scopeOfAreas([area(null, ['platform'])], feeders, null)(alarm(null, 'platform')), true)
  })

  it('has what has escalated to the role, wherever it is', () => {
    assert.equal(scopeOfAreas([area(['f-1'])], feeders, 'engineer')(alarm('f-2', 'solar', 'engineer')), true)
    assert.equal(scopeOfAreas([area(['f-1'])], feeders, null)(alarm('f-2', 'solar', 'engineer')), false)
  })
})
