import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { feedersOf } from './feeder-tree.ts'
import { limitedLines } from './lines-in-use.ts'

const feeders = feedersOf([
  { feederId: 'root', limitKw: 30, phaseLimitKw: { A: 10, C: 8 } },
  { feederId: 'middle', parentFeederId: 'root' },
  { feederId: 'leaf', parentFeederId: 'middle', limitKw: 5 },
])

describe('limited lines', () => {
  const { limits, usesOf } = limitedLines(feeders)
  const used = (feederId: string, phases: readonly ('A' | 'B' | 'C')[]) =>
    usesOf(feederId, phases).map(({ limit, share }) => `${limits[limit]!.feederId} ${limits[limit]!.line} ${share}`)

  it('are those with a limit', () => assert.equal(limits.length, 4))
  it('are all that stand on the way to the root', () =>
    assert.deepEqual(used('leaf', ['A']), ['leaf total 1', 'root total 1', 'root A 1']))
  it('of a phase without limit are those of the whole', () => assert.deepEqual(used('root', ['B']), ['root total 1']))
  it('share a three-phase device equally', () =>
    assert.deepEqual(used('middle', ['A', 'B', 'C']), ['root total 1', `root A ${1 / 3}`, `root C ${1 / 3}`]))

  it('have the least of several limits, and none of the other way', () => {
    const [root] = feeders
    const twice = {
      ...root!,
      limits: [
        ...root!.limits,
        { ...root!.limits[0]!, limitKw: 12 },
        { ...root!.limits[0]!, direction: 'export' as const, limitKw: 1 },
      ],
    }
    assert.equal(limitedLines([twice]).limits.find(({ line }) => line === 'total')!.limitKw, 12)
  })
})
