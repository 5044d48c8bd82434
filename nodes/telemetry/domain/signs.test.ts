import assert from 'node:assert/strict'
import type { FieldKind } from '../../../platform/wire/contract.ts'
import type { Reading } from '../../../platform/wire/reading.ts'
import { exampleBody, outcomeOf } from './field.fixture.ts'

describe('signs: inside, power is positive for consumption at the device’s terminals', () => {
  const fixtures: [string, FieldKind, string, string, Record<string, unknown>, string, number][] = [
    [
      'a PV system that generates 3 kW has −3 kW',
      'der',
      'pv-generating',
      'pv-001',
      { p_actual_kw: 3 },
      'p_actual_kw',
      -3,
    ],
    [
      'a PV system’s setpoint turns with it',
      'der',
      'pv-generating',
      'pv-001',
      { p_setpoint_kw: 4 },
      'p_setpoint_kw',
      -4,
    ],
    [
      'so does what the weather promises it',
      'der',
      'pv-generating',
      'pv-001',
      { estimated_power_w: 3_072 },
      'estimated_power_w',
      -3_072,
    ],
    [
      'a PV inverter that draws 20 W at night has +0.02 kW',
      'der',
      'pv-generating',
      'pv-001',
      { p_actual_kw: -0.02 },
      'p_actual_kw',
      0.02,
    ],
    [
      'a battery that charges has positive power',
      'der',
      'battery-charging',
      'bat-001',
      { p_actual_kw: 2 },
      'p_actual_kw',
      2,
    ],
    [
      'a battery that discharges has negative power',
      'der',
      'battery-discharging',
      'bat-001',
      { p_actual_kw: -1.5 },
      'p_actual_kw',
      -1.5,
    ],
    ['an EV that charges has positive power', 'der', 'ev-charging', 'ev-001', { p_actual_kw: 6.6 }, 'p_actual_kw', 6.6],
    ['an EV’s setpoint stays as it is', 'der', 'ev-charging', 'ev-001', { p_setpoint_kw: 7.4 }, 'p_setpoint_kw', 7.4],
    ['a panel that generates 409.7 W has −409.7 W', 'panel', 'generating', 'Panel-001', {}, 'power_w', -409.7],
    ['a meter that imports has positive power', 'meter', 'three-phase-mean-importing', 'meter-003', {}, 'p_kw', 4.5],
    ['a meter that exports has negative power', 'meter', 'three-phase-exporting', 'meter-003', {}, 'p_kw', -3.2],
  ]
  for (const [fact, kind, shows, deviceId, changes, field, expected] of fixtures) {
    it(fact, () => {
      const { value } = outcomeOf(kind, deviceId, exampleBody(kind, shows, changes))
      assert.equal((value as Reading).values[field], expected)
    })
  }
})
