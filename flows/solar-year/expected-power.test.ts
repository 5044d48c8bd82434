import assert from 'node:assert/strict'
import { yieldsOf, type Slot } from '../../nodes/solar/domain/day-yields.ts'
import { expectOf } from '../../nodes/solar/domain/expected-power.ts'
import { performanceOf, sumOfYields, type Performance } from '../../nodes/solar/domain/performance.ts'
import { yearOf, type PlantYear } from '../../simulator/plant/plant-year.ts'
import { registered } from './judged-year.ts'

const slotsADay = 288

/** A plant in order, which really is as the registry has it but for what no two modules share, under its own atmosphere and clouds. */
const healthy = (seed: number, pyranometer: boolean): PlantYear =>
  yearOf(seed, { days: 12, panels: 8, faults: 'none', pyranometer })

const slotsOf = (year: PlantYear): Slot[] =>
  [...year.slots()].map(({ at, samples }) => ({
    at,
    samples: new Map([...samples].map(([id, sample]) => [id, { at, ...sample }])),
  }))

/** What panels generate by what they should, while the sun stands well above the horizon, from least to most. */
function sharesOf(year: PlantYear, slots: readonly Slot[], basis: string): number[] {
  const plant = registered(year)
  const shares = slots.flatMap(({ at, samples }) =>
    [...expectOf(plant, at, samples)].flatMap(([panelId, due]) => {
      const powerW = samples.get(panelId)?.powerW ?? null
      if (powerW === null || due.basis !== basis || !due.isDaylight || due.sunElevationDeg! < 20) return []
      return [powerW / due.powerW]
    }),
  )
  return shares.toSorted((one, other) => one - other)
}
const quantile = (sorted: readonly number[], share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!

function daysOf(year: PlantYear, slots: readonly Slot[]): Performance[] {
  const plant = registered(year)
  const ratedW = plant.panels.reduce((sum, panel) => sum + panel.ratedW, 0)
  return Array.from({ length: slots.length / slotsADay }, (_, day) => {
    const ofDay = slots.slice(day * slotsADay, (day + 1) * slotsADay)
    return performanceOf(sumOfYields(yieldsOf(plant, ofDay).values()), ratedW)
  })
}

describe('expected power against simulated plants that are in order', function () {
  this.timeout(120_000)

  it('is what panels generate under any clouds, by what their siblings see', () => {
    for (const seed of [71, 72]) {
      const year = healthy(seed, false)
      const slots = slotsOf(year)
      const shares = sharesOf(year, slots, 'siblings')
      assert.ok(shares.length > 5_000, String(shares.length))
      const [low, middle, high] = [0.01, 0.5, 0.99].map((share) => quantile(shares, share)) as [number, number, number]
      assert.ok(low > 0.92 && high < 1.07 && Math.abs(middle - 1) < 0.02, `${low} ${middle} ${high}`)
      for (const { performanceIndex, lostKwh, energyKwh } of daysOf(year, slots)) {
        assert.ok(Math.abs(performanceIndex! - 1) < 0.015, String(performanceIndex))
        assert.ok(lostKwh < 0.015 * energyKwh, `${lostKwh} of ${energyKwh} kWh`)
      }
    }
  })

  it('gives every day a corrected ratio by a sensor, and days with hours without clouds one by the clear sky', () => {
    const measured = healthy(73, true)
    for (const { correctedRatio } of daysOf(measured, slotsOf(measured)))
      assert.ok(correctedRatio! > 0.93 && correctedRatio! < 1.01, String(correctedRatio))
    const blind = healthy(73, false)
    const ratios = daysOf(blind, slotsOf(blind)).map(({ correctedRatio }) => correctedRatio)
    blind.weathers.forEach(({ sky, laterSky }, day) => {
      if (sky === 'clear' && laterSky === 'clear') assert.ok(ratios[day] !== null, `day ${day} was clear`)
      else if (sky !== 'clear' && laterSky !== 'clear') assert.equal(ratios[day], null, `day ${day} was ${sky}`)
    })
    for (const ratio of ratios) assert.ok(ratio === null || (ratio > 0.88 && ratio < 1.04), String(ratio))
  })
})
