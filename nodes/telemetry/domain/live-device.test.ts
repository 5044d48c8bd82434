import assert from 'node:assert/strict'
import type { Reading } from '../../../platform/wire/reading.ts'
import { isRegisteredAs, latestOf, withoutReading, withReading, type RegisteredDevice } from './live-device.ts'

const registered: RegisteredDevice = {
  deviceId: 'd-1',
  kind: 'der',
  type: 'ev',
  feederId: 'f-1',
  priority: 10,
  ofUnit: false,
}
const reading = (kind: Reading['kind'], values: Reading['values'], labels?: Record<string, string>): Reading => ({
  ...{ deviceId: 'd-1', kind, at: 1_000, receivedAt: 1_250, quality: 'good', values },
  ...{ siteId: 'house-1', location: 'Rua das Flores 12', ...(labels && { labels }) },
})

describe('a device on the live stream', () => {
  it('is what the registry says, with its newest reading; where it stands is nobody’s business', () => {
    const device = withReading(registered, latestOf(reading('der', { p_actual_kw: 7.2, soc: 0.4 }, { type: 'ev' })))
    assert.deepEqual(device, {
      ...registered,
      ...{ at: '1970-01-01T00:00:01.000Z', receivedAt: '1970-01-01T00:00:01.250Z', quality: 'good' },
      ...{ powerKw: 7.2, values: { p_actual_kw: 7.2, soc: 0.4 } },
    })
  })

  it('has no reading before its first one', () => {
    const { at, powerKw, values } = withoutReading(registered)
    assert.deepEqual([at, powerKw, values], [null, null, {}])
  })

  for (const [kind, values, labels, powerKw, shown] of [
    [
      'der',
      { p_actual_kw: 3.5, energy_needed_kwh: 12 },
      { type: 'ev', plugged_in: 'yes', departs_at: '1970-01-01T08:00:00.000Z' },
      3.5,
      { p_actual_kw: 3.5, energy_needed_kwh: 12, plugged_in: 'yes', departs_at: '1970-01-01T08:00:00.000Z' },
    ],
    ['panel', { power_w: -200, voltage_volts: 40 }, undefined, -0.2, { voltage_volts: 40, power_w: -200 }],
    ['panel', { power_w: -200, irradiance_wm2: 640 }, undefined, -0.2, { power_w: -200, irradiance_wm2: 640 }],
    [
      'meter',
      { va_v: 127, p_kw: 2, interval_s: 60 },
      { aggregation: 'rms' },
      2,
      { va_v: 127, interval_s: 60, p_kw: 2, aggregation: 'rms' },
    ],
    ['meter', { va_v: 127 }, {}, null, { va_v: 127 }],
    [
      'meter',
      { va_v: 127 },
      { aggregation: 'rms', contact: 'open' },
      null,
      { va_v: 127, aggregation: 'rms', contact: 'open' },
    ],
    [
      'switch',
      { ia_a: 12 },
      { position: 'open', mode: 'remote' },
      null,
      { ia_a: 12, position: 'open', mode: 'remote' },
    ],
  ] as const) {
    it(`shows of a ${kind} ${JSON.stringify(shown)}`, () => {
      const latest = latestOf(reading(kind, values, labels))
      assert.deepEqual([latest.powerKw, latest.values], [powerKw, shown])
    })
  }

  it('does not change with a reading that somebody changes later', () => {
    const changing = reading('der', { p_actual_kw: 1 })
    const latest = latestOf(changing)
    changing.values['p_actual_kw'] = 99
    assert.equal(latest.values['p_actual_kw'], 1)
  })

  it('is shown anew when the registry says something else of it', () => {
    assert.ok(isRegisteredAs(registered, { ...registered }))
    for (const change of [
      { feederId: 'f-2' },
      { priority: null },
      { type: 'pv' },
      { kind: 'meter' as const },
      { ofUnit: true },
    ])
      assert.ok(!isRegisteredAs(registered, { ...registered, ...change }), JSON.stringify(change))
  })
})
