import assert from 'node:assert/strict'
import { plantPanelPayload } from './plant.ts'

const shown = { celsius: 41.2, volts: 39.5, amperes: 8, watts: 316, lowestWatts: 316, highestWatts: 316 }
const payload = (pyranometer: boolean) =>
  plantPanelPayload('plant-01-panel-001', { siteId: 'plant-01', pyranometer }, 0, shown, 812.34)

describe('a panel of a plant', () => {
  it('sends what its sensor shows, as every panel does', () => {
    assert.deepEqual(payload(false), {
      ...{ panel_id: 'plant-01-panel-001', timestamp: '1970-01-01T00:00:00.000Z', location: 'plant-01' },
      ...{ temperature_celsius: 41.2, voltage_volts: 39.5, current_amperes: 8, power_output_watts: 316 },
    })
  })

  it('sends the irradiance too where the plant measures it', () => {
    assert.equal(payload(true).irradiance_wm2, 812.3)
  })
})
