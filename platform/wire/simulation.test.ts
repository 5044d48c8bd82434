import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import {
  commandFaults,
  deviceFaults,
  faultNames,
  messageFaults,
  type SimulationAction,
  simulationActions,
  SimulationAnswer,
  simulationTopics,
  SimulatorState,
} from './simulation.ts'

const ajv = new Ajv({ strict: false })
const accepts = (action: SimulationAction, parameters: unknown): boolean =>
  ajv.compile(simulationActions[action])(parameters)

describe('control of the simulator', () => {
  it('has its topics beside sim/clock', () => {
    assert.deepEqual(Object.values(simulationTopics), ['sim/control', 'sim/control/answers', 'sim/state'])
  })

  it('knows faults of messages, of devices and of commands, and none of two', () => {
    assert.equal(new Set(faultNames).size, messageFaults.length + deviceFaults.length + commandFaults.length)
  })

  for (const [action, parameters, fits] of [
    ['start', {}, true],
    ['stop', { deviceId: 'pv-001' }, false],
    ['set_clouds', { coverPct: 0 }, true],
    ['set_clouds', { coverPct: 100, forMinutes: 0.5 }, true],
    ['set_clouds', { coverPct: 50, forMinutes: 0 }, false],
    ['set_clouds', { forMinutes: 5 }, false],
    ['set_soc', { soc: 1 }, true],
    ['set_soc', { soc: 1.01 }, false],
    ['set_soc', { soc: 0.5, deviceId: '' }, false],
    ['inject_fault', { kind: 'silent', percent: 0.5, count: 1, forMinutes: 1 }, true],
    ['inject_fault', { kind: 'silent', percent: 0 }, false],
    ['inject_fault', { kind: 'silent', count: 1.5 }, false],
    ['inject_fault', {}, false],
  ] as const) {
    it(`${action} ${JSON.stringify(parameters)} ${fits ? 'fits' : 'does not fit'}`, () =>
      assert.equal(accepts(action, parameters), fits))
  }

  it('takes any cover from 0 to 100 %, and no other (property)', () => {
    fc.assert(
      fc.property(fc.double({ min: -1_000, max: 1_000, noNaN: true }), (coverPct) => {
        assert.equal(accepts('set_clouds', { coverPct }), coverPct >= 0 && coverPct <= 100)
      }),
    )
  })

  it('a Last Will is a state, and a refusal an answer', () => {
    assert.ok(ajv.compile(SimulatorState)({ connected: false }))
    assert.ok(!ajv.compile(SimulatorState)({ connected: true }))
    const isAnswer = ajv.compile(SimulationAnswer)
    assert.ok(isAnswer({ id: '1', done: false, refusal: { field: 'soc', problem: 'is missing' } }))
    assert.ok(!isAnswer({ id: '1', done: true }))
  })
})
