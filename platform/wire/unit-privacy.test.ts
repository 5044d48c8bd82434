import assert from 'node:assert/strict'
import { instrumentMeasures, MeterReading } from './payloads.ts'
import { withoutCar, withoutConsumption } from './unit-privacy.ts'

describe("what is shown of a unit's meter to everybody", () => {
  it('is the quality of the supply, and nothing of its use', () => {
    const everything = Object.fromEntries(Object.keys(MeterReading.properties).map((name) => [name, 1]))
    const quality = [
      ...['aggregation', 'frequency_hz', 'interval_s', 'meter_id', 'quality', 'timestamp', 'va_v', 'vb_v', 'vc_v'],
      ...instrumentMeasures,
    ]
    assert.deepEqual(Object.keys(withoutConsumption(everything)).toSorted(), quality.toSorted())
  })
})

describe('what is shown of a charge point to everybody', () => {
  it('is its power, and nothing of the car at it', () => {
    const measures = { p_actual_kw: 3.5, soc: 0.6, plugged_in: 'yes', energy_needed_kwh: 12, departs_at: 'at eight' }
    assert.deepEqual(withoutCar(measures), { p_actual_kw: 3.5, soc: 0.6 })
    assert.deepEqual(withoutCar({ plugged_in: 'no' }), {})
  })

  it('is all of a device that says nothing of a car, as it stands', () => {
    const measures = { p_actual_kw: 3.5, soc: 0.6 }
    assert.equal(withoutCar(measures), measures)
  })
})
