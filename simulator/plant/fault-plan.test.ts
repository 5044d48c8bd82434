import assert from 'node:assert/strict'
import { drawOf } from '../draw.ts'
import { sunElevation } from '../sky.ts'
import { dayWeathers } from './day-weather.ts'
import { faultKinds } from './fault-kinds.ts'
import { episodesFor, HEAVY_RAIN_MM, planFaults, usualEpisodes } from './fault-plan.ts'
import { plantOf, usualFacts } from './plant-layout.ts'

const DAY_MS = 86_400_000
const start = Date.UTC(2026, 0, 1, 3)

function planned(seed: number, days = 365) {
  const plant = plantOf(usualFacts, 50, 10, (name) => drawOf(seed, name))
  const weathers = dayWeathers(drawOf(seed, 'weather'), 0, days)
  const draw = drawOf(seed, 'faults')
  const episodes = planFaults({ plant, weathers, start, healthyDays: 30, episodes: episodesFor(days, 50), draw })
  return { plant, weathers, episodes }
}

describe('the plan of faults of a year', () => {
  for (const seed of [1, 2, 3, 11, 12]) {
    const { plant, weathers, episodes } = planned(seed)

    it(`has every kind, most of them as often as usual (seed ${seed})`, () => {
      for (const kind of faultKinds) {
        const count = episodes.filter(({ size }) => size.kind === kind).length
        assert.ok(count >= 2 && count <= usualEpisodes[kind], `${kind}: ${count}`)
      }
    })

    it(`gives no panel two at once but for the inverter's (seed ${seed})`, () => {
      const own = episodes.filter(({ size }) => size.kind !== 'inverter_trip')
      for (const one of own)
        for (const other of own)
          if (one !== other && one.panelIds.some((id) => other.panelIds.includes(id)))
            assert.ok(one.to <= other.from || other.to <= one.from)
    })

    it(`leaves the first month alone, and most panels at any time (seed ${seed})`, () => {
      for (const { from, to } of episodes) assert.ok(from >= start + 30 * DAY_MS && from < to)
      for (let day = 0; day < 365; day++) {
        const at = start + (day + 0.5) * DAY_MS
        const on = episodes.filter(({ from, to, size }) => from <= at && at < to && size.kind !== 'inverter_trip')
        assert.ok(new Set(on.flatMap(({ panelIds }) => panelIds)).size < plant.panels.length * 0.45)
      }
    })

    it(`lets dirt lie until heavy rain at the latest (seed ${seed})`, () => {
      for (const { from, to } of episodes.filter(({ size }) => size.kind === 'soiling')) {
        const [first, last] = [from, to].map((at) => Math.floor((at - start) / DAY_MS)) as [number, number]
        assert.ok(to - from >= 19 * DAY_MS)
        assert.ok(weathers.slice(first, last - 1).every(({ rainMm }) => rainMm < HEAVY_RAIN_MM))
      }
    })

    it(`freezes sensors by day, and opens whole strings (seed ${seed})`, () => {
      for (const { from, panelIds, size } of episodes) {
        if (size.kind === 'stuck_sensor') assert.ok(sunElevation(from, usualFacts.place) > 0.3)
        if (size.kind === 'string_open') assert.equal(panelIds.length, 10)
        if (size.kind === 'inverter_trip') assert.equal(panelIds.length, 50)
      }
    })
  }

  it('is the same for the same seed, and another one for another', () => {
    assert.deepEqual(planned(1).episodes, planned(1).episodes)
    assert.notDeepEqual(planned(1).episodes, planned(2).episodes)
  })

  it('leaves out what does not fit into a short time', () => {
    const kinds = new Set(planned(1, 45).episodes.map(({ size }) => size.kind))
    assert.ok(!kinds.has('degradation') && kinds.has('zero_output'))
  })
})
