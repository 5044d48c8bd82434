import assert from 'node:assert/strict'
import { drawOf } from '../draw.ts'
import type { DaySky, DayWeather } from './day-weather.ts'
import type { FaultEpisode, FaultSize } from './fault-kinds.ts'
import { plantOf, usualFacts } from './plant-layout.ts'
import { PlantRun, type PlantReadings } from './plant-run.ts'

const start = Date.UTC(2026, 5, 10, 3)
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const day = (sky: DaySky): DayWeather => ({
  ...{ sky, laterSky: sky, turnsAtHour: 12, transmittance: 0.7, cloudShare: 0.5 },
  ...{ meanC: 18, swingC: 5, wind: 2, rainMm: 0 },
})
const plant = plantOf(usualFacts, 3, 3, (name) => drawOf(5, name))
const [first] = plant.panels
const fault = (size: FaultSize): FaultEpisode => ({
  ...{ episode: 1, panelIds: [first!.id], from: start + 10 * HOUR_MS, to: start + 14 * HOUR_MS, size },
})

/** Readings of the first day, or of more, by hour of the civil day. */
function readings(
  options: { sky?: DaySky; faults?: FaultSize; covered?: number[]; hours?: number; stepS?: number } = {},
) {
  const { sky = 'clear', faults, covered = [], hours = 24, stepS = 60 } = options
  const episodes = faults ? [fault(faults)] : []
  const run = new PlantRun({ plant, seed: 5, start, weathers: [day(sky), day(sky)], episodes, coveredDays: covered })
  const all: PlantReadings[] = []
  for (let at = start; at < start + hours * HOUR_MS; at += stepS * 1_000) all.push(run.step(at, stepS))
  return (hour: number) => all[Math.round((hour * 3_600) / stepS)]!
}

describe('a plant in motion', () => {
  it('gives nothing at night, most at noon, and each panel about the same', () => {
    const at = readings()
    assert.ok(at(2).shown.every(({ watts, volts }) => watts === 0 && volts === 0))
    const noon = at(12).shown.map(({ watts }) => watts)
    assert.ok(Math.min(...noon) > 270 && Math.max(...noon) < 351, noon.join())
    assert.ok(Math.max(...noon) / Math.min(...noon) < 1.06)
    assert.ok(at(9).shown[0]!.watts < noon[0]!)
  })

  it('warms up after the sun, not with it', () => {
    const run = new PlantRun({ plant, seed: 5, start, weathers: [day('clear')], episodes: [] })
    const before = run.step(start + 11 * HOUR_MS, 36_000).shown[0]!.celsius
    assert.ok(before > 35, `${before} °C in steady sun`)
    const night = run.step(start + 22 * HOUR_MS, 420).shown[0]!.celsius
    const later = run.step(start + 23 * HOUR_MS, 4_200).shown[0]!.celsius
    assert.ok(night > later + 5, `${night} then ${later}`)
  })

  it('has a pyranometer that agrees with what panels give', () => {
    const { irradianceWm2, shown } = readings()(12)
    assert.ok(irradianceWm2 > 750 && irradianceWm2 < 1000, `${irradianceWm2}`)
    assert.ok(Math.abs(shown[1]!.amperes / ((400 / 41) * (irradianceWm2 / 1000)) - 1) < 0.05)
  })

  it('shows a fault while it lasts, on its panel alone', () => {
    const at = readings({ faults: { kind: 'zero_output' } })
    assert.equal(at(12).shown[0]!.watts, 0)
    assert.ok(at(12).shown[1]!.watts > 250 && at(9.5).shown[0]!.watts > 100 && at(14.5).shown[0]!.watts > 100)
  })

  it('freezes a sensor on the value of its first moment', () => {
    const at = readings({ faults: { kind: 'stuck_sensor', measures: 'all' } })
    assert.deepEqual(at(13).shown[0], at(10).shown[0])
    assert.notDeepEqual(at(14.5).shown[0], at(10).shown[0])
  })

  it('lies dark under a cover, and is uncovered the morning after, panel after panel', () => {
    const at = readings({ covered: [0], hours: 36 })
    assert.ok(at(12).shown.every(({ watts }) => watts === 0))
    assert.ok(at(24 + 8.4).shown.every(({ watts }) => watts === 0))
    assert.ok(at(24 + 11.5).shown.every(({ watts }) => watts > 200))
  })

  it('shows the same for the same seed', () => {
    assert.deepEqual(readings({ sky: 'broken' })(12), readings({ sky: 'broken' })(12))
  })

  it('goes at steps of a second as at steps of a minute', () => {
    const fine = readings({ hours: 13, stepS: 1 })(12).shown[1]!
    const coarse = readings({ hours: 13 })(12).shown[1]!
    assert.ok(Math.abs(fine.watts / coarse.watts - 1) < 0.03, `${fine.watts} and ${coarse.watts}`)
    assert.ok(Math.abs(fine.celsius - coarse.celsius) < 1)
  })

  it('carries no current without grid, at its open-circuit voltage', () => {
    const run = new PlantRun({ plant, seed: 5, start, weathers: [day('clear')], episodes: [] })
    for (const { volts, amperes } of run.step(start + 12 * HOUR_MS, 60, false).shown)
      assert.ok(volts > 42 && amperes === 0)
  })

  it('goes on after the last day of its weather as that day', () => {
    const run = new PlantRun({ plant, seed: 5, start, weathers: [day('clear')], episodes: [] })
    assert.ok(run.step(start + 5 * DAY_MS + 12 * HOUR_MS, 60).shown[0]!.watts > 250)
  })
})
