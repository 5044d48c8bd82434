import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { nested, nestedThreePhase, oneCap } from './scenarios.ts'

describe('the scenarios', () => {
  it('one cap holds back some of what is asked for, not most of it', () => {
    const { feeders, sessions, isNested } = oneCap(7, 1)
    assert.deepEqual([feeders.length, isNested], [1, false])
    const asked = sessions.reduce((sum, { energyKwh }) => sum + energyKwh, 0)
    assert.ok(asked > 0.4 * 20 * 24 * 7 && asked < 20 * 24 * 7, `${asked} kWh`)
  })

  it('nested: some part is tighter than the whole, and the whole tighter than its parts', () => {
    const { feeders, isNested } = nested(2, 1)
    const limit = (id: string) => feeders.find(({ feederId }) => feederId === id)!.limits[0]!.limitKw
    assert.ok(isNested && limit('offices') + limit('homes') > limit('town'))
    assert.ok(limit('car-park-north') + limit('car-park-south') > limit('offices'))
  })

  it('three phases: the same tree with limits of each phase, and cars of one phase and of three', () => {
    const { feeders, sessions } = nestedThreePhase(2, 1)
    assert.ok(feeders.every(({ limits }) => limits.length === 4))
    assert.deepEqual(
      [...new Set(sessions.map(({ phases }) => phases.length))].toSorted((one, other) => one - other),
      [1, 3],
    )
  })
})
