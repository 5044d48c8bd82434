import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { emptySiteState } from '../domain/detectors/state.ts'
import { sampleMs } from '../domain/expected-power.ts'
import { noon, plant, samplesOf } from '../domain/plant.fixture.ts'
import type { SlotStep } from '../slots/slot-walk.ts'
import { detectStep, type Scores } from './detect-step.ts'

const roof = plant(5)
const stored = {
  ...{ plantId: 'roof', plant: roof, feederId: null },
  keyOf: new Map(roof.panels.map(({ panelId }, index) => [panelId, index + 1])),
}
/** Slots from noon on; of each panel what it generates, W, or null. */
const stepOf = (...slots: (readonly (number | null)[])[]): SlotStep => {
  const from = noon
  const to = from + slots.length * sampleMs
  return {
    ...{ stored, from, to, until: to, day: '2026-12-01', dayBeginsAt: from },
    slots: new Map(
      slots.map((powers, n) => {
        const at = from + n * sampleMs
        const given = powers.map(
          (powerW) =>
          powerW === null ? null : { at, powerW, currentA: powerW / 40, voltageV: powerW > 0 ? 40 + n / 100 : 0, temperatureC: 45 + n / 10 }, // prettier-ignore
        )
        return [at, samplesOf(...given)] as const
      }),
    ),
  }
}
const well = [280, 281, 282, 283, 284]
const { signal } = new AbortController()

describe('the slots of a step', () => {
  it('are scored in daylight, in their order, and doubted where a rule does', async () => {
    const asked: number[] = []
    const scores: Scores = (siteId, samples) => {
      assert.equal(siteId, 'roof')
      asked.push(...samples.map(({ powerW }) => powerW!))
      return Promise.resolve(samples.map(() => 0.5))
    }
    const dead = [0, ...well.slice(1)]
    const found = await detectStep(emptySiteState, stepOf(well, dead, dead, dead, dead, dead, dead), scores, signal)
    assert.equal(asked.length, 35)
    assert.deepEqual(asked.slice(0, 6), [...well, 0])
    assert.deepEqual(found.changes.map(({ change, anomaly }) => [change, anomaly.kind, anomaly.panelId]), [['begun', 'zero_output', 'p-0']]) // prettier-ignore
    assert.equal(found.state.at, noon + 6 * sampleMs)
    assert.ok(found.doubts.length > 0)
    for (const { deviceKey, from, until } of found.doubts) {
      assert.equal(deviceKey, 1)
      assert.ok(from >= noon + sampleMs && until <= noon + 7 * sampleMs)
    }
  })

  it('are taken once: those that the state knows are left out', async () => {
    const scores: Scores = () => Promise.resolve(null)
    const step = stepOf(well, well)
    const first = await detectStep(emptySiteState, step, scores, signal)
    const again = await detectStep(first.state, step, scores, signal)
    assert.deepEqual(again, { state: first.state, changes: [], doubts: [] })
  })

  it('need no panel to have said anything, nor a forest', async () => {
    const scores: Scores = () => Promise.reject(new Error('nothing is to be scored'))
    const none = [null, null, null, null, null]
    const found = await detectStep(emptySiteState, stepOf(none, none), scores, signal)
    assert.deepEqual([found.changes, found.state.at], [[], noon + sampleMs])
  })
})
