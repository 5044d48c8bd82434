import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { LiveVoltageUnit } from '../../../platform/wire/live.ts'
import type { Forecast } from './forecast.ts'
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
      ...{ drpPct: 0.992063, drcPct: 0.595238, drpViolated: false, drcViolated: true, forecast: null },
    })
    assert.ok(isOfTopic(shown))
    assert.deepEqual([shown.at, shown.va_v, shown.bandA, shown.invalidReason], [null, null, null, null])
  })

  it('has what is forecast of it: how likely each limit breaks, when, and what that would cost', () => {
    const at = Date.UTC(2026, 10, 21, 12)
    const hourMs = 3_600_000
    const limit = { usedByPhase: [24], burnByTimeOfDay: [], expectedUsed: 35, brokenAt: null }
    const breaks = { medianAt: at + 5 * hourMs, fromAt: at + 2 * hourMs, untilAt: at + 8 * hourMs }
    const rule = { validFrom: '2000-01-01', source: 'the norm' }
    const compensation = { amountBrl: 0.22, exactBrl: 0.226, formula: 'f', inputs: { EUSD: 100 }, rule }
    const forecast: Forecast = {
      ...{ valid: 500, remaining: 508, completeAt: at + 90 * hourMs, compensation },
      drp: { ...limit, used: 24, budget: 30, probability: 0.8, breaks },
      drc: { ...limit, used: 6, budget: 5, probability: 1, brokenAt: at - hourMs, breaks: null },
    }
    const counts = { valid: 500, precarious: [24, 0, 0], critical: [6, 0, 0] } as const
    const measurement = {
      measurementId: 4,
      kind: 'sample',
      startsAt: at,
      ...counts,
      forecast: { at, forecast },
    } as const
    const shown = liveUnitOf({ ...unit, measurement }, day)
    assert.deepEqual(shown.measurement?.forecast, {
      ...{ at: '2026-11-21T12:00:00.000Z', completeAt: '2026-11-25T06:00:00.000Z', compensation },
      drp: {
        ...{ used: 24, budget: 30, probability: 0.8, brokenAt: null },
        breaks: {
          medianAt: '2026-11-21T17:00:00.000Z',
          fromAt: '2026-11-21T14:00:00.000Z',
          untilAt: '2026-11-21T20:00:00.000Z',
        },
      },
      drc: { used: 6, budget: 5, probability: 1, brokenAt: '2026-11-21T11:00:00.000Z', breaks: null },
    })
    assert.ok(isOfTopic(shown))
  })
})
