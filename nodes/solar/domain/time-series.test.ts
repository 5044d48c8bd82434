import assert from 'node:assert/strict'
import { noYield } from './performance.ts'
import { panelDayLines, siteDayLines, siteSlotLines } from './time-series.ts'

const sums = {
  ...noYield,
  ...{ hours: 24, daylightHours: 10, energyWh: 1_800, ratedWh: 9_600, daylightWh: 1_800, expectedWh: 2_000 },
}
const day = { feederId: 'f 1', beginsAt: 1_000, ratedW: 400, sums }
const panel = { ...day, panelId: 'p-1', deviceKey: 7, siteId: 'roof' }

describe('points of solar panels', () => {
  it('stand at the beginning of the day, with what is known', () =>
    assert.deepEqual(panelDayLines(panel, 8), [
      'solar_panel,feeder=f\\ 1,panel=p-1,site=roof energy_kwh=1.8,expected_kwh=2,lost_kwh=0.2,efficiency_pct=18.75,specific_yield=4.5,performance_index=0.9,hours=24,daylight_hours=10 1000000000',
    ]))

  it('share a series beyond those that have their own, each at its own instant', () => {
    const [line] = panelDayLines({ ...panel, siteId: null, feederId: null }, 7)
    assert.match(line!, /^solar_panel panel_id="p-1",energy_kwh=1.8,.* 1000000007$/)
  })

  it('are of sites together too, by day and by five minutes', () => {
    assert.match(siteDayLines({ ...day, siteId: 'roof', panels: 5 })[0]!, /^solar_site_day,feeder=f\\ 1,site=roof .*panels=5 1000000000$/) // prettier-ignore
    const slot = { at: 300_000, powerW: 900, expectedW: 1_000, irradianceWm2: 700, basis: 'siblings', reporting: 5 }
    assert.deepEqual(siteSlotLines({ siteId: 'roof', feederId: null, ...slot }), [
      'solar_site,site=roof power_w=900,expected_w=1000,irradiance_wm2=700,basis="siblings",reporting=5 300000000000',
    ])
  })
})
