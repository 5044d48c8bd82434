import assert from 'node:assert/strict'
import { yearOf } from '../../simulator/plant/plant-year.ts'
import { judgedYear, registered, type Scorer } from './judged-year.ts'

const short = { days: 3, panels: 10, healthyDays: 1, faults: { zero_output: 1 } } as const

describe('a judged year', () => {
  it('knows of the plant what its registry has, not how its panels are', () => {
    const { panels, inverterLimitW, place } = registered(yearOf(1, short))
    assert.equal(panels.length, 10)
    assert.equal(new Set(panels.map(({ ratedW, tiltDeg, ratedV }) => [ratedW, tiltDeg, ratedV].join())).size, 1)
    assert.deepEqual(
      [panels[0]!.clipsAtW, inverterLimitW, place?.latitude, panels[0]!.azimuthDeg],
      [350, 3_500, -23.55, 0],
    )
  })

  it('finds a dead panel, where and when it is dead', () => {
    const { labels, calls, from, to, panels } = judgedYear(yearOf(1, short))
    const [label] = labels
    assert.equal(labels.length, 1)
    const call = calls.find(({ kind }) => kind === 'zero_output')!
    assert.equal(call.panelId, label!.panelId)
    assert.ok(call.foundAt > label!.from && call.foundAt <= label!.to)
    assert.deepEqual([(to - from) / 86_400_000, panels], [3, 10])
  })

  it('asks a forest for scores, and teaches it what no rule doubted', () => {
    let [scored, learnt] = [0, 0]
    const scorer: Scorer = {
      scoresOf: (samples) => {
        scored += samples.size
        return new Map()
      },
      learn: (_at, healthy) => {
        learnt += healthy.length
      },
    }
    judgedYear(yearOf(1, short), scorer)
    // By daylight only, which is less than half of the time above 50 W/m².
    assert.ok(scored > 3 * 80 * 10 && scored < 3 * 160 * 10, `${scored}`)
    assert.ok(learnt < scored && learnt > 0.8 * scored, `${learnt} of ${scored}`)
  })
})
