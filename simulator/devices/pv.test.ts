import assert from 'node:assert/strict'
import fc from 'fast-check'
import { drawOf } from '../draw.ts'
import { defaultSize, fieldOf } from '../field.ts'
import { pvPayload, stepPv } from './pv.ts'

const spec = fieldOf(defaultSize).pvs[0]!
const under = (radiationWm2: number, setpointKw?: number, seed = 1, feedsIn = true) =>
  stepPv(spec, {
    at: 0,
    sky: { passing: 0, cloudCoverPct: 0, radiationWm2, ambientCelsius: 25 },
    setpointKw,
    feedsIn,
    draw: drawOf(seed, 'pv'),
  })

describe('the PV plant', () => {
  it('generates nothing without sun', () => assert.equal(pvPayload(spec, under(0)).p_actual_kw, 0))

  it('generates positive power, some four fifths of its rating in full sun', () => {
    const kw = pvPayload(spec, under(1000)).p_actual_kw
    assert.ok(kw > 3.8 && kw < 4.5, `${kw} kW`)
  })

  it('reports the power expected from the weather, also while curtailed', () => {
    const { estimated_power_w, p_actual_kw, p_setpoint_kw } = pvPayload(spec, under(1000, 2))
    assert.deepEqual({ estimated_power_w, p_setpoint_kw }, { estimated_power_w: 4800, p_setpoint_kw: 2 })
    assert.ok(p_actual_kw > 1.98 && p_actual_kw <= 2)
  })

  it('never exceeds a cap, whatever cap, sun and noise (property)', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1200, noNaN: true }),
        fc.double({ min: -100, max: 100, noNaN: true }),
        fc.integer(),
        (radiation, cap, seed) => {
          const kw = pvPayload(spec, under(radiation, cap, seed)).p_actual_kw
          assert.ok(kw >= 0 && kw <= Math.min(5, Math.max(0, cap)) + 0.0005)
        },
      ),
    )
  })

  it('feeds nothing in after a trip, and still says what the weather would give', () => {
    const { p_actual_kw, estimated_power_w } = pvPayload(spec, under(1000, undefined, 1, false))
    assert.deepEqual([p_actual_kw, estimated_power_w], [0, 4800])
  })
})
