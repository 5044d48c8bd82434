import assert from 'node:assert/strict'
import { horizonFaults } from './allocation/horizon.ts'
import {
  feeder,
  hourMs,
  minuteMs,
  needSettings,
  noon,
  observed,
  problemDevice,
  reading,
} from './observed-device.fixture.ts'
import { withHorizon } from './outlook.ts'

describe('what comes after the interval', () => {
  const devices = [
    observed({ deviceId: 'car', reading: reading({ energyNeededKwh: 12, departsAt: noon + 5 * hourMs }) }),
    observed({ deviceId: 'gone', reading: reading({ pluggedIn: false }) }),
    observed({ deviceId: 'unknown' }),
    observed({ deviceId: 'battery', kind: 'battery', ratedKw: 5, capacityKwh: 10, reading: reading({ soc: 0.5 }) }),
    observed({ deviceId: 'lost', reading: reading({ energyNeededKwh: 3 }) }),
  ]
  const problem = {
    ...{
      at: noon,
      intervalMs: minuteMs,
      feeders: [feeder('f-1', null, 10)],
      shedTargets: [],
      prices: null,
      stepKw: 0.1,
    },
    devices: devices.map(({ deviceId, kind }) =>
      problemDevice({ deviceId, kind, fromKw: kind === 'battery' ? -5 : 0, lostAtKw: deviceId === 'lost' ? 0 : null }),
    ),
  }
  const horizon = withHorizon(problem, new Map(devices.map((one) => [one.deviceId, one])), 4 * hourMs, needSettings)
  const outlook = (deviceId: string) => horizon.outlooks.find((one) => one.deviceId === deviceId)

  it('can be planned with, up to its horizon', () => {
    assert.deepEqual(horizonFaults(horizon), [])
    const end = horizon.later.at(-1)!
    assert.equal(end.at + end.durationMs, noon + minuteMs + 4 * hourMs)
  })

  it('is what cars need, and when they leave', () => {
    assert.deepEqual([outlook('car')!.neededKwh, outlook('car')!.departsAt], [12, noon + 5 * hourMs])
    assert.equal(outlook('gone')!.neededKwh, 0)
    assert.deepEqual([outlook('unknown'), outlook('lost')], [undefined, undefined])
  })

  it('weighs without the hurry that it sees itself', () => {
    const [car, battery] = ['car', 'battery'].map((deviceId) => horizon.weights![deviceId]!)
    assert.ok(car === 1 && Math.abs(battery! - 1.3) < 1e-9)
  })

  it('is what a battery can take and give, and lacks', () => {
    const { neededKwh, storage } = outlook('battery')!
    assert.ok(Math.abs(neededKwh - 3) < 1e-9 && Math.abs(storage!.givesKwh - 3) < 1e-9 && storage!.takesKwh === 5)
  })
})
