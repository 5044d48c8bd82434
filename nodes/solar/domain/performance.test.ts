import assert from 'node:assert/strict'
import fc from 'fast-check'
import { noYield, performanceOf, sumOfYields, yieldOf } from './performance.ts'
import type { Expected } from './plant.ts'
import { dcPowerW } from './pvwatts.ts'

const panel = { ratedW: 400, gammaPerC: -0.0035, noctC: 45 }
const near = (actual: number | null, expected: number, within = 1e-9): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) <= within, `${actual}, not ${expected} ± ${within}`)
const due = (powerW: number, irradianceWm2: number, cellC: number, more: Partial<Expected> = {}): Expected => ({
  ...{ powerW, irradianceWm2, cellC, basis: 'measured', clearSkyWm2: null, sunElevationDeg: 50 },
  ...{ isClipped: false, isDaylight: true },
  ...more,
})
/** An hour of 5 minutes that are all the same. */
const hourOf = (powerW: number, expected: Expected | undefined, referenceWm2: number | null) =>
  sumOfYields(
    Array.from({ length: 12 }, () => yieldOf(panel, { powerW }, expected, { referenceWm2, expectedShare: 1 })),
  )

describe('performance', () => {
  it('is worked through by hand: an hour at 800 W/m² and 50 °C, 256 W of 292 W', () => {
    const found = performanceOf(hourOf(256, due(292, 800, 50), 800), 400)
    near(found.energyKwh, 0.256)
    near(found.lostKwh, 0.036)
    near(found.efficiencyPct, 64)
    near(found.specificYield, 0.64)
    near(found.performanceIndex, 256 / 292)
    near(found.performanceRatio, 0.64 / 0.8)
    near(found.correctedRatio, 0.64 / (0.8 * 0.9125))
    near(found.hours, 1)
  })

  it('counts the night for energy and rating, not for ratios', () => {
    const night = due(0, 0, 20, { isDaylight: false })
    const found = performanceOf(sumOfYields([hourOf(0, night, 0), hourOf(292, due(292, 800, 50), 800)]), 400)
    near(found.efficiencyPct, 36.5)
    near(found.performanceIndex, 1)
    assert.deepEqual([Math.round(found.hours), Math.round(found.daylightHours)], [2, 1])
  })

  it('corrects the ratio without weak light', () => {
    const weak = hourOf(50, due(58, 150, 30), 150)
    const found = performanceOf(sumOfYields([weak, hourOf(292, due(292, 800, 50), 800)]), 400)
    near(found.correctedRatio, 1)
    near(found.performanceRatio, 342 / 380)
  })

  it('corrects the ratio without the time in which the inverter bounds it', () => {
    const clipped = hourOf(300, due(300, 1000, 45, { isClipped: true }), 1000)
    const found = performanceOf(sumOfYields([clipped, hourOf(292, due(292, 800, 50), 800)]), 400)
    near(found.correctedRatio, 1)
    near(found.performanceRatio, (300 + 292) / 720)
  })

  it('is lost only over the whole: noise that goes both ways takes nothing', () => {
    const found = performanceOf(
      sumOfYields([hourOf(280, due(292, 800, 50), 800), hourOf(304, due(292, 800, 50), 800)]),
      400,
    )
    near(found.lostKwh, 0)
  })

  it('is held against what there was light for, or against nothing where nobody knows it', () => {
    const of = (expectedShare: number | null) =>
      performanceOf(yieldOf(panel, { powerW: 0 }, due(292, 800, 50), { referenceWm2: null, expectedShare }), 400)
    near(of(0.5).lostKwh, (292 * 0.5) / 12_000)
    assert.deepEqual([of(null).lostKwh, of(null).expectedKwh, of(null).daylightHours > 0], [0, 0, true])
  })

  it('is not told of what nobody knows', () => {
    const silent = performanceOf(noYield, 400)
    const unknown = [silent.efficiencyPct, silent.performanceIndex, silent.performanceRatio, silent.correctedRatio]
    assert.deepEqual(unknown, [null, null, null, null])
    const { performanceIndex, performanceRatio } = performanceOf(hourOf(256, due(292, 800, 50), null), 400)
    assert.deepEqual([performanceIndex !== null, performanceRatio], [true, null])
    assert.deepEqual(
      yieldOf(panel, { powerW: null }, due(292, 800, 50), { referenceWm2: 800, expectedShare: 1 }),
      noYield,
    )
    assert.equal(performanceOf(hourOf(256, undefined, null), 400).performanceIndex, null)
    assert.throws(() => performanceOf(noYield, 0), new RangeError('rating out of range: 0 W'))
  })

  it('of a site is that of its panels together, and a loss of all shows as it is (property)', () => {
    const hours = fc.array(
      fc.record({
        irradiance: fc.double({ min: 200, max: 1200, noNaN: true }),
        cellC: fc.double({ min: 5, max: 75, noNaN: true }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    fc.assert(
      fc.property(hours, fc.double({ min: 0.5, max: 1, noNaN: true }), (weather, left) => {
        const sums = weather.map(({ irradiance, cellC }) => {
          const expectedW = dcPowerW(panel, irradiance, cellC)
          return hourOf(expectedW * left, due(expectedW, irradiance, cellC), irradiance)
        })
        const site = performanceOf(sumOfYields([...sums, ...sums]), 800)
        const alone = performanceOf(sumOfYields(sums), 400)
        near(site.energyKwh, 2 * alone.energyKwh, 1e-6)
        near(site.specificYield, alone.specificYield, 1e-9)
        if (alone.correctedRatio !== null) near(alone.correctedRatio, left, 1e-9)
        if (alone.performanceIndex !== null) near(alone.performanceIndex, left, 1e-9)
      }),
    )
  })
})
