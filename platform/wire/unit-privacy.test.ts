import assert from 'node:assert/strict'
import { instrumentMeasures, MeterReading } from './payloads.ts'
import { withoutConsumption } from './unit-privacy.ts'

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
