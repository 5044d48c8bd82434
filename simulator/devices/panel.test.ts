import assert from 'node:assert/strict'
import { drawOf } from '../draw.ts'
import { defaultSize, fieldOf } from '../field.ts'
import { firstPanel, panelLine, panelPayload, stepPanel } from './panel.ts'

const spec = fieldOf(defaultSize).panels[0]!
const underSun = (radiationWm2: number, feedsIn = true) => {
  const inputs = {
    at: 0,
    feedsIn,
    sky: { passing: 0, cloudCoverPct: 0, radiationWm2, ambientCelsius: 25 },
    draw: drawOf(1, spec.id),
  }
  return panelPayload(spec, stepPanel(spec, firstPanel(spec, inputs), inputs, 1))
}

describe('the panel', () => {
  it('prints a line with its units', () => {
    const reading = {
      panel_id: 'panel-001',
      temperature_celsius: 25.3,
      voltage_volts: 48.2,
      current_amperes: 8.5,
      power_output_watts: 409.7,
    }
    assert.equal(panelLine(reading), 'Panel-001: 25.3 °C, 48.2 V, 8.5 A, 409.7 W')
  })

  it('gives nothing at night, at air temperature', () => {
    const { temperature_celsius, ...electric } = underSun(0)
    assert.ok(Math.abs(temperature_celsius - 25) < 0.5)
    assert.deepEqual([electric.voltage_volts, electric.current_amperes, electric.power_output_watts], [0, 0, 0])
  })

  it('gives about 350 W in full sun, hot', () => {
    const { temperature_celsius, power_output_watts } = underSun(1000)
    assert.ok(temperature_celsius > 50 && temperature_celsius < 60)
    assert.ok(power_output_watts > 330 && power_output_watts < 380, `${power_output_watts} W`)
  })

  it('keeps its voltage and carries no current when its inverter has tripped', () => {
    const { voltage_volts, current_amperes, power_output_watts } = underSun(1000, false)
    assert.ok(voltage_volts > 30)
    assert.deepEqual([current_amperes, power_output_watts], [0, 0])
  })
})
