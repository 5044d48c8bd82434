import assert from 'node:assert/strict'
import fc from 'fast-check'
import { drawOf } from '../draw.ts'
import { defaultSize, fieldOf } from '../field.ts'
import { evPayload, firstEv, stepEv, type EvInputs, type EvState } from './ev.ts'

const specs = fieldOf(defaultSize).evs
const setpoint = fc.option(fc.double({ min: -100, max: 100, noNaN: true }), { nil: undefined })

const given = (inputs: Partial<EvInputs>): EvInputs => ({
  at: 0,
  setpointKw: undefined,
  powered: true,
  carsArrived: undefined,
  draw: drawOf(1, 'ev'),
  ...inputs,
})
const charging = (kw: number): EvState => ({
  ...{ at: 0, powerKw: kw, measuredKw: kw, soc: 0.3, cars: 0, pluggedIn: true },
})

describe('the electric vehicle', () => {
  it('ramps by at most 1 kW a step, within [0, p_max], in truth and as shown (property)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...specs),
        fc.integer(),
        fc.array(fc.tuple(setpoint, fc.integer({ min: 1, max: 600 })), { maxLength: 200 }),
        (spec, seed, steps) => {
          const draw = drawOf(seed, spec.id)
          let state = firstEv(spec, draw)
          for (const [setpointKw, dtS] of steps) {
            const next = stepEv(spec, state, given({ setpointKw, draw }), dtS)
            assert.ok(Math.abs(next.powerKw - state.powerKw) <= 1 + 1e-9)
            assert.ok(next.powerKw >= 0 && next.powerKw <= spec.pMaxKw)
            const [shown, before] = [evPayload(spec, next).p_actual_kw, evPayload(spec, state).p_actual_kw]
            assert.ok(Math.abs(shown - before) <= 1 + 1e-3 && shown >= 0 && shown <= spec.pMaxKw)
            assert.ok(next.soc >= 0 && next.soc <= 1)
            state = next
          }
        },
      ),
    )
  })

  it('reaches any setpoint, clamped, within p_max steps (property)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...specs), fc.double({ min: -5, max: 40, noNaN: true }), (spec, setpointKw) => {
        const draw = drawOf(1, spec.id)
        let state = firstEv(spec, draw)
        for (let step = 0; step < Math.ceil(spec.pMaxKw); step++)
          state = stepEv(spec, state, given({ setpointKw, draw }), 1)
        assert.ok(Math.abs(state.powerKw - Math.min(spec.pMaxKw, Math.max(0, setpointKw))) < 1e-9)
      }),
    )
  })

  it('says whether a car is there, and what that still takes', () => {
    const spec = specs[1]!
    const told = evPayload(spec, charging(3))
    // From 30 to 90 % of 52 kWh, with what the way into the battery costs.
    assert.deepEqual([told.plugged_in, told.energy_needed_kwh], [true, 33.913])
    const empty = evPayload(spec, { ...charging(0), pluggedIn: false })
    assert.deepEqual([empty.plugged_in, 'energy_needed_kwh' in empty], [false, false])
  })

  it('charges its car: 10 kW for an hour bring 9.2 kWh', () => {
    const spec = specs[2]!
    const state = stepEv(spec, charging(10), given({ setpointKw: 10 }), 3600)
    assert.ok(Math.abs(state.soc - (0.3 + 9.2 / spec.capacityKwh)) < 1e-9)
  })

  it('falls back to its safe default without a setpoint', () => {
    const spec = specs[1]!
    let state = charging(7)
    for (let step = 0; step < 10; step++) state = stepEv(spec, state, given({}), 1)
    assert.equal(state.powerKw, spec.fallbackKw)
  })

  it('shows some noise', () => {
    const spec = specs[1]!
    const draw = drawOf(1, 'ev')
    let state = charging(5)
    const shown = Array.from(
      { length: 20 },
      () => (state = stepEv(spec, state, given({ setpointKw: 5, draw }), 1)).measuredKw,
    )
    assert.ok(new Set(shown).size > 10)
  })

  it('stands empty until its car comes, charges it at full power, and stands empty again', () => {
    const spec = specs[1]!
    let state = firstEv(spec, drawOf(1, 'ev'))
    const step = (carsArrived: number, setpointKw?: number) => {
      for (let minute = 0; minute < 60; minute++) state = stepEv(spec, state, given({ carsArrived, setpointKw }), 60)
      return state.powerKw
    }
    assert.equal(step(0), 0)
    assert.equal(step(1), spec.pMaxKw)
    assert.equal(step(1, 3), 3)
    for (let hour = 0; hour < 12; hour++) step(1)
    assert.equal(state.powerKw, 0)
    assert.ok(state.soc >= 0.9)
    assert.equal(step(2), spec.pMaxKw)
  })

  it('loses its power with the grid, at once', () => {
    const dark = stepEv(specs[3]!, charging(22), given({ setpointKw: 22, powered: false }), 1)
    assert.deepEqual([dark.powerKw, dark.measuredKw], [0, 0])
  })
})
