import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { LiveVoltageUnit } from '../../../platform/wire/live.ts'
import { liveUnitOf, type UnitNow } from './live-unit.ts'

const day = '2026-11-21'
const isOfTopic = new Ajv({ validateFormats: false }).compile(LiveVoltageUnit)
const unit: UnitNow = {
  ...{ unitId: 'unit-1', feederId: 'f-1' },
  week: { valid: 1_008, precarious: [31, 2, null], critical: [0, 5, null] },
}

describe('a unit on the live stream', () => {
  it('has its newest window, and the rolling week with what violates', () => {
    const newest: NonNullable<UnitNow['newest']> = {
      start: Date.UTC(2026, 10, 21, 12),
      volts: [126.4567, 0, null],
      bands: ['adequate', 'critical', null],
      reason: 'interruption',
    }
    const shown = liveUnitOf({ ...unit, newest }, day)
    assert.deepEqual(shown, {
      ...{ unitId: 'unit-1', feederId: 'f-1', at: '2026-11-21T12:00:00.000Z', va_v: 126.46, vb_v: 0, vc_v: null },
      ...{ bandA: 'adequate', bandB: 'critical', bandC: null, invalidReason: 'interruption' },
      week: { validWindows: 1_008, drpPct: 3.075397, drcPct: 0.496032, drpViolated: true, drcViolated: false },
      measurement: null,
    })
    assert.ok(isOfTopic(shown))
  })

  it('has the measurement that runs, as far as it has come', () => {
    const measurement: NonNullable<UnitNow['measurement']> = {
      measurementId: 4,
      kind: 'complaint',
      startsAt: Date.UTC(2026, 10, 20),
      valid: 500,
      precarious: [10, 0, 0],
      critical: [6, 0, 0],
    }
    const shown = liveUnitOf({ ...unit, measurement }, day)
    assert.deepEqual(shown.measurement, {
      ...{ measurementId: 4, kind: 'complaint', startsAt: '2026-11-20T00:00:00.000Z', validWindows: 500 },
      ...{ drpPct: 0.992063, drcPct: 0.595238, drpViolated: false, drcViolated: true },
    })
    assert.ok(isOfTopic(shown))
    assert.deepEqual([shown.at, shown.va_v, shown.bandA, shown.invalidReason], [null, null, null, null])
  })
})
