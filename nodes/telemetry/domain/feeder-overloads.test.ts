import assert from 'node:assert/strict'
import fc from 'fast-check'
import { feederOverloads, type Crossed } from './feeder-overloads.ts'

describe('feeders above their limit', () => {
  const settings = { deadbandPct: 5, holdMs: 60_000 }

  /** What is said of loads that are looked at, one after the other. */
  function follow(looks: readonly (readonly [at: number, loadKw: number | null])[]): boolean[] {
    let [said, crossed]: [Set<string>, Crossed] = [new Set(), new Map()]
    return looks.map(([at, loadKw]) => {
      const result = feederOverloads([{ feederId: 'F1', limitKw: 100, loadKw }], said, crossed, settings, at)
      crossed = result.crossed
      said = new Set(result.overloaded.map(({ feederId }) => feederId))
      return said.has('F1')
    })
  }

  it('are overloaded once they were above it without a break for long enough', () =>
    assert.deepEqual(
      follow([
        [0, 100],
        [10_000, 100.1],
        [60_000, 120],
        [65_000, 99],
        [66_000, 120],
        [125_999, 120],
        [126_000, 120],
      ]),
      [false, false, false, false, false, false, true],
    ))

  it('are overloaded by what they give as by what they take', () =>
    assert.deepEqual(
      follow([
        [0, -150],
        [60_000, -150],
      ]),
      [false, true],
    ))

  it('are so until they were well below for as long; not while nothing reports', () =>
    assert.deepEqual(
      follow([
        [0, 150],
        [60_000, 150],
        [70_000, 96],
        [200_000, 96],
        [210_000, null],
        [400_000, null],
        [410_000, 95],
        [469_999, 95],
        [470_000, 95],
      ]).slice(1),
      [true, true, true, true, true, true, true, false],
    ))

  it('never change twice within the hold time (property)', () => {
    const looks = fc.array(fc.tuple(fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 80, max: 120 })))
    fc.assert(
      fc.property(looks, (steps) => {
        let at = 0
        const times = steps.map(([passed, loadKw]) => [(at += passed), loadKw] as const)
        let changedAt = -settings.holdMs
        let before = false
        for (const [index, isOver] of follow(times).entries()) {
          if (isOver !== before) {
            assert.ok(times[index]![0] - changedAt >= settings.holdMs)
            changedAt = times[index]![0]
          }
          before = isOver
        }
      }),
    )
  })
})
