import assert from 'node:assert/strict'
import fc from 'fast-check'
import { drawOf } from '../draw.ts'
import { defaultSize, fieldOf } from '../field.ts'
import { firstBattery, stepBattery, type BatteryInputs, type BatteryState } from './battery.ts'

const spec = fieldOf(defaultSize).batteries[0]!
const draw = drawOf(1, 'battery')
const given = (inputs: Partial<BatteryInputs>): BatteryInputs => ({
  at: 0,
  localHour: 12,
  surplusKw: 0,
  setpointKw: undefined,
  powered: true,
  draw,
  ...inputs,
})
const at = (soc: number): BatteryState => ({ at: 0, powerKw: 0, measuredKw: 0, soc })

describe('the battery', () => {
  it('balances its energy: what it stores is what came in, less the losses, over any setpoints (property)', () => {
    const step = fc.record({
      setpointKw: fc.option(fc.double({ min: -50, max: 50, noNaN: true }), { nil: undefined }),
      surplusKw: fc.double({ min: -10, max: 10, noNaN: true }),
      localHour: fc.double({ min: 0, max: 23.99, noNaN: true }),
      dtS: fc.double({ min: 0.1, max: 3600, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.integer(), fc.array(step, { maxLength: 100 }), (seed, steps) => {
        let state = firstBattery(spec, drawOf(seed, 'bat'))
        const first = state.soc
        let storedKwh = 0
        for (const { dtS, ...inputs } of steps) {
          state = stepBattery(spec, state, given(inputs), dtS)
          const kwh = (state.powerKw * dtS) / 3600
          storedKwh += kwh > 0 ? kwh * spec.efficiency : kwh / spec.efficiency
          assert.ok(state.soc >= spec.minSoc - 1e-9 && state.soc <= spec.maxSoc + 1e-9, `soc ${state.soc}`)
          assert.ok(Math.abs(state.powerKw) <= spec.pMaxKw)
          assert.ok(Math.abs(state.measuredKw) <= spec.pMaxKw)
        }
        assert.ok(Math.abs((state.soc - first) * spec.capacityKwh - storedKwh) < 1e-6)
      }),
    )
  })

  it('gains 3.8 kWh from 4 kW in an hour, and loses 4.21 kWh to give them', () => {
    const charged = stepBattery(spec, at(0.5), given({ setpointKw: 4 }), 3600)
    assert.ok(Math.abs(charged.soc - 0.88) < 1e-9)
    const discharged = stepBattery(spec, at(0.6), given({ setpointKw: -4 }), 3600)
    assert.ok(Math.abs(discharged.soc - (0.6 - 0.4 / 0.95)) < 1e-9)
  })

  it('stops at its bounds', () => {
    assert.equal(stepBattery(spec, at(spec.maxSoc), given({ setpointKw: 4 }), 1).powerKw, 0)
    assert.equal(stepBattery(spec, at(spec.minSoc), given({ setpointKw: -4 }), 1).powerKw, -0)
  })

  it('charges on surplus by day, covers the site in the evening, and a setpoint comes first', () => {
    assert.equal(stepBattery(spec, at(0.5), given({ surplusKw: 2.5 }), 1).powerKw, 2.5)
    assert.equal(stepBattery(spec, at(0.5), given({ surplusKw: -2.5 }), 1).powerKw, 0)
    assert.equal(stepBattery(spec, at(0.5), given({ surplusKw: -2.5, localHour: 19 }), 1).powerKw, -2.5)
    assert.equal(stepBattery(spec, at(0.5), given({ surplusKw: 2.5, setpointKw: -1 }), 1).powerKw, -1)
  })

  it('makes no island: without grid it rests, whatever it is told', () => {
    const resting = stepBattery(spec, at(0.5), given({ setpointKw: -3, powered: false }), 60)
    assert.deepEqual([resting.powerKw, resting.soc], [0, 0.5])
  })
})
