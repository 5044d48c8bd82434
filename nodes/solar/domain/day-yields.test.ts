import assert from 'node:assert/strict'
import { yieldsOf, type Slot } from './day-yields.ts'
import { expectOf } from './expected-power.ts'
import { performanceOf, sumOfYields } from './performance.ts'
import type { PanelSample, Plant } from './plant.ts'
import { noon, plant, samplesOf } from './plant.fixture.ts'
import { dcPowerW } from './pvwatts.ts'

const midnight = noon - 12 * 3_600_000
const near = (actual: number | null, expected: number, within: number): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) <= within, `${actual}, not ${expected} ± ${within}`)

/** A day of a site. @param left  what is left of the power of each panel @param clouds  clear-sky index of a slot */
function dayOf(
  site: Plant,
  left: readonly number[],
  clouds: (slot: number) => number,
  more: Partial<PanelSample> = {},
): Slot[] {
  return Array.from({ length: 288 }, (_, slot) => {
    const at = midnight + slot * 300_000
    const clear = expectOf(site, at, samplesOf())
    const given = site.panels.map((panel, n) => {
      const irradiance = clear.get(panel.panelId)!.irradianceWm2 * clouds(slot)
      const powerW = dcPowerW(panel, irradiance, 45) * left[n]!
      return {
        at,
        temperatureC: 45,
        powerW,
        ...(more.irradianceWm2 === undefined ? {} : { irradianceWm2: irradiance }),
      }
    })
    return { at, samples: samplesOf(...given) }
  })
}
const figures = (site: Plant, slots: readonly Slot[]) => {
  const yields = yieldsOf(site, slots)
  const siteW = site.panels.reduce((sum, { ratedW }) => sum + ratedW, 0)
  return {
    panels: site.panels.map(({ panelId, ratedW }) => performanceOf(yields.get(panelId)!, ratedW)),
    site: performanceOf(sumOfYields(yields.values()), siteW),
  }
}

describe('the yields of a day', () => {
  const site = plant(5)

  it('of a clear day are those of the clear sky: about seven hours of full sun in December', () => {
    const { site: found } = figures(
      site,
      dayOf(site, [1, 1, 1, 1, 1], () => 1),
    )
    assert.ok(found.specificYield > 6 && found.specificYield < 8.5, String(found.specificYield))
    near(found.correctedRatio, 1, 1e-6)
    near(found.performanceRatio, 1 - 0.0035 * 20, 1e-6)
    near(found.lostKwh, 0, 1e-9)
  })

  it('show one panel that lost a fifth against its siblings, under clouds too', () => {
    const broken = (slot: number) => (slot % 4 < 2 ? 0.9 : 0.4)
    const { panels } = figures(site, dayOf(site, [0.8, 1, 1, 1, 1], broken))
    near(panels[0]!.performanceIndex, 0.8, 1e-6)
    near(panels[1]!.performanceIndex, 1, 1e-6)
    near(panels[0]!.lostKwh, panels[1]!.energyKwh * 0.2, panels[1]!.energyKwh * 0.02)
    assert.equal(panels[0]!.correctedRatio, null, 'there was no time without clouds')
  })

  it('show a site that is dirty all over by the clear sky, which siblings cannot', () => {
    const { site: found } = figures(
      site,
      dayOf(site, [0.85, 0.85, 0.85, 0.85, 0.85], (slot) => (slot > 160 ? 0.5 : 1)),
    )
    near(found.correctedRatio, 0.85, 1e-6)
    near(found.performanceIndex, 1, 1e-3)
  })

  it('show it by a sensor under any sky', () => {
    const broken = (slot: number) => (slot % 4 < 2 ? 0.9 : 0.4)
    const dirty = dayOf(site, [0.85, 0.85, 0.85, 0.85, 0.85], broken, { irradianceWm2: 0 })
    const { site: found } = figures(site, dirty)
    near(found.correctedRatio, 0.85, 1e-6)
    near(found.performanceIndex, 0.85, 1e-3)
  })

  it('hold a lone panel under clouds against nothing: nobody knows what they leave', () => {
    const [lone] = figures(
      plant(1),
      dayOf(plant(1), [1], (slot) => (slot % 4 < 2 ? 0.9 : 0.4)),
    ).panels
    assert.deepEqual([lone!.lostKwh, lone!.performanceIndex], [0, null])
    assert.ok(lone!.energyKwh > 1)
  })

  it('hold a lone panel against the clear sky while there are no clouds', () => {
    const [lone] = figures(
      plant(1),
      dayOf(plant(1), [0.85], () => 1),
    ).panels
    near(lone!.performanceIndex, 0.85, 1e-6)
    near(lone!.correctedRatio, 0.85, 1e-6)
  })

  it('lose, while the inverter of the site is out, what the clouds of the day left', () => {
    const afternoon = dayOf(site, [1, 1, 1, 1, 1], () => 0.5).map((slot, n) =>
      n < 150 ? slot : { ...slot, samples: samplesOf(...Array(5).fill({ at: slot.at, powerW: 0, temperatureC: 45 })) },
    )
    const whole = figures(
      site,
      dayOf(site, [1, 1, 1, 1, 1], () => 0.5),
    ).site
    const { site: found } = figures(site, afternoon)
    near(found.energyKwh + found.lostKwh, whole.energyKwh, whole.energyKwh * 0.01)
    const dark = figures(
      site,
      dayOf(site, [0, 0, 0, 0, 0], () => 1),
    ).site
    near(
      dark.lostKwh,
      0.7 *
        figures(
          site,
          dayOf(site, [1, 1, 1, 1, 1], () => 1),
        ).site.energyKwh,
      0.3,
    )
  })

  it('are nothing where nobody reported', () => {
    assert.equal(figures(site, [{ at: noon, samples: samplesOf() }]).site.energyKwh, 0)
    assert.equal(yieldsOf(site, []).get('p-0')!.hours, 0)
  })
})
