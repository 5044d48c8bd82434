import assert from 'node:assert/strict'
import fc from 'fast-check'
import { chargePointPayload, firstChargePoint, stepChargePoint, type ChargePointState } from './charge-point.ts'
import type { Session } from './sessions.ts'
import { chargePointOf } from './town-plan.ts'

const point = chargePointOf('ev-1', 'town-02', { amperes: 32, phases: 'A', custom: 'home', priority: 40 })
const begin = Date.UTC(2026, 10, 21, 21)
const session: Session = {
  ...{ id: 's-1', arrival: begin, departure: begin + 10 * 3_600_000, energyKwh: 14, maxKw: 7.04 },
}
const charging = (powerKw: number, deliveredKwh = 0): ChargePointState => ({
  ...{ at: begin, powerKw, measuredKw: powerKw, session, deliveredKwh },
})
const step = (
  before: ChargePointState,
  setpointKw: number | undefined,
  dtS: number,
  car: Session | undefined = session,
) => stepChargePoint(point, before, { at: before.at + dtS * 1000, setpointKw, session: car }, dtS)

describe('a charge point of the town', () => {
  it('gives a car all that it takes while nobody steers it', () => {
    let state: ChargePointState = { ...firstChargePoint, at: begin - 10_000 }
    for (let count = 0; count < 6; count++) state = step(state, undefined, 10)
    assert.equal(state.powerKw, 7.04)
  })

  it('gives way at once, and rises gently', () => {
    assert.equal(step(charging(7.04), 2, 1).powerKw, 2)
    assert.ok(Math.abs(step(charging(2), 7.04, 1).powerKw - (2 + 0.05 * 7.04)) < 1e-9)
    assert.equal(step(charging(2), 7.04, 60).powerKw, 7.04)
  })

  it('charges with 6 A at least, or not at all', () => {
    assert.equal(step(charging(3), 1.32, 1).powerKw, 1.32)
    assert.equal(step(charging(3), 1.31, 1).powerKw, 0)
    assert.equal(step(charging(3), -5, 1).powerKw, 0)
  })

  it('draws nothing without a car, and nothing once the car has what it wants', () => {
    assert.equal(stepChargePoint(point, charging(7), { at: begin, setpointKw: 7, session: undefined }, 10).powerKw, 0)
    assert.equal(step(charging(7, 14), 7, 10).powerKw, 0)
  })

  it('begins anew with another car', () => {
    const state = step(charging(7, 9), undefined, 10, { ...session, id: 's-2', arrival: begin + 5_000 })
    assert.ok(state.deliveredKwh < 0.02, `${state.deliveredKwh}`)
  })

  it('never gives more than the car wants, nor more than it is set to (property)', () => {
    const setpoint = fc.option(fc.double({ min: -10, max: 30, noNaN: true }), { nil: undefined })
    fc.assert(
      fc.property(fc.array(fc.tuple(setpoint, fc.integer({ min: 1, max: 900 })), { maxLength: 100 }), (steps) => {
        let state: ChargePointState = { ...firstChargePoint, at: begin }
        for (const [setpointKw, dtS] of steps) {
          state = step(state, setpointKw, dtS)
          assert.ok(state.powerKw >= 0 && state.powerKw <= Math.max(0, setpointKw ?? Infinity) + 1e-9)
          assert.ok(state.deliveredKwh <= session.energyKwh + 1e-9)
          // Below 6 A it is only the rest that a car wants.
          const rest = session.energyKwh - state.deliveredKwh
          assert.ok(state.powerKw === 0 || state.powerKw >= point.leastKw - 1e-3 || rest < 1e-6)
        }
      }),
    )
  })

  it('tells of its car what it still needs and when it goes, and that there is none', () => {
    const told = chargePointPayload(point, charging(7.04, 4))
    assert.deepEqual([told.plugged_in, told.energy_needed_kwh, told.departs_at], [true, 10, '2026-11-22T07:00:00.000Z'])
    const empty = chargePointPayload(point, firstChargePoint)
    assert.deepEqual([empty.plugged_in, 'energy_needed_kwh' in empty, 'departs_at' in empty], [false, false, false])
  })

  it('has charged the cars that were there before it began since they came', () => {
    const before = stepChargePoint(point, firstChargePoint, { at: begin + 3_600_000, setpointKw: 0, session }, 10)
    assert.ok(Math.abs(before.deliveredKwh - 7.04) < 0.03, `${before.deliveredKwh}`)
  })
})
