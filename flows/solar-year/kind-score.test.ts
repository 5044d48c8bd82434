import assert from 'node:assert/strict'
import type { Call } from './call.ts'
import { kindScores } from './kind-score.ts'
import type { JudgedEpisode, Matched } from './matching.ts'

const HOUR = 3_600_000
const episode = (found: number, missed: number, delayHours = 1): JudgedEpisode => ({
  ...{ kind: 'shading', found, missed },
  delays: Array.from({ length: found }, () => delayHours * HOUR),
})
const wrongAt = (hour: number) => ({
  kind: 'shading' as const,
  call: { foundAt: hour * HOUR } as Call,
  instead: undefined,
})
const year = (episodes: JudgedEpisode[], wrongHours: number[] = []): Matched => ({
  ...{ episodes, wrong: wrongHours.map(wrongAt), falseAlarms: [] },
  ...{ repeats: new Map([['shading' as const, 2]]), calledOtherwise: new Map() },
})

describe('scores of a kind', () => {
  it('are precision, recall and F1 over all years', () => {
    const [score] = kindScores([year([episode(3, 0), episode(0, 1)], [5]), year([episode(3, 1)], [7])], 1)
    assert.deepEqual([score!.found, score!.missed, score!.wrong, score!.episodes, score!.repeats], [6, 2, 2, 3, 4])
    assert.equal(score!.precision!.value, 6 / 8)
    assert.equal(score!.recall!.value, 6 / 8)
    assert.equal(score!.f1!.value, 12 / 16)
  })

  it('lie within their intervals, which are wide for few faults and narrow for many', () => {
    const width = (count: number) => {
      const episodes = Array.from({ length: count }, (_, index) => episode(index % 4 ? 1 : 0, index % 4 ? 0 : 1))
      const { value, low, high } = kindScores([year(episodes)], 1)[0]!.recall!
      assert.ok(low <= value && value <= high && high <= 1 && low >= 0)
      return high - low
    }
    assert.ok(width(8) > 0.4 && width(400) < 0.1)
  })

  it('draw by cause: ten panels of one string are one fault, not ten', () => {
    const { low, high } = kindScores([year([episode(10, 0), episode(0, 10)])], 1)[0]!.recall!
    assert.deepEqual([low, high], [0, 1])
  })

  it('are the same for the same seed', () => {
    const years = [year([episode(1, 0), episode(0, 1), episode(2, 1)], [3, 9])]
    assert.deepEqual(kindScores(years, 4), kindScores(years, 4))
  })

  it('tell the delay in hours: the middle one, and the one that nine of ten keep', () => {
    const episodes = Array.from({ length: 10 }, (_, index) => episode(1, 0, index + 1))
    assert.deepEqual(kindScores([year(episodes)], 1)[0]!.delayHours, { median: 5, p90: 9 })
    assert.equal(kindScores([year([episode(0, 1)])], 1)[0]!.delayHours, null)
  })

  it('have no precision where nothing was called, and no recall where nothing was injected', () => {
    const [missed] = kindScores([year([episode(0, 1)])], 1)
    assert.deepEqual([missed!.precision, missed!.f1!.value], [null, 0])
    const [called] = kindScores([year([], [1])], 1)
    assert.deepEqual([called!.recall, called!.precision!.value], [null, 0])
  })
})
