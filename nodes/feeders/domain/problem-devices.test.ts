import assert from 'node:assert/strict'
import { needOf } from './needs.ts'
import { concernOf, problemDevices } from './problem-devices.ts'
import { feeder, minuteMs, needSettings, noon, observed, reading } from './observed-device.fixture.ts'

const settings = { ...needSettings, intervalMs: minuteMs, silentMs: 2 * minuteMs }

describe('devices as a round shares out among them', () => {
  it('stand with their bounds, needs and what they are told', () => {
    const known = observed({
      ...{ told: { powerKw: 3, expiresAt: noon + 1 }, contractedKw: 2, rampKwPerMinute: 1, leastKw: 1.4 },
      reading: reading({ energyNeededKwh: 5, powerKw: 3 }),
    })
    const [device] = problemDevices([known], [feeder('f-1', null, 10)], noon, settings).devices
    const { weight } = needOf(known, noon, settings.intervalMs, settings)
    assert.deepEqual(device, {
      ...{ deviceId: 'ev-1', feederId: 'f-1', kind: 'ev', phases: ['A', 'B', 'C'], leastOnKw: 1.4, contractedKw: 2 },
      ...{ presentKw: 3, fromKw: 0, untilKw: 4, wantedKw: 4, held: null, weight, lostAtKw: null },
    })
  })

  it('have forgotten what expired', () => {
    const known = observed({ told: { powerKw: 3, expiresAt: noon } })
    assert.equal(problemDevices([known], [], noon, settings).devices[0]!.presentKw, null)
  })

  it('count where they are lost: at the most towards the loads, at the least towards the source', () => {
    const pv = observed({ kind: 'pv', phases: ['A', 'B'], reading: reading({ receivedAt: noon - 3 * minuteMs }) })
    const { devices, feeders, lost } = problemDevices([pv], [feeder('f-1', null, 10, 10)], noon, settings)
    assert.deepEqual([devices[0]!.lostAtKw, devices[0]!.fromKw, devices[0]!.untilKw], [0, 0, 0])
    assert.deepEqual(feeders[0]!.baseLoad.lowKw, { total: -7.4, A: -3.7, B: -3.7, C: 0 })
    assert.deepEqual(feeders[0]!.baseLoad.highKw, { total: 0, A: 0, B: 0, C: 0 })
    assert.equal(lost.get('ev-1')!.loss, 'silent')
  })
})

describe('the base load of feeders', () => {
  it('is a span, also where what is known of a feeder alone crosses', () => {
    const crossed = { lowKw: { total: 5, A: 2, B: 2, C: 1 }, highKw: { total: -5, A: 3, B: -1, C: 1 } }
    const [found] = problemDevices([], [{ ...feeder('f-1', null, 10), baseLoad: crossed }], noon, settings).feeders
    assert.deepEqual(found!.baseLoad, {
      ...{ lowKw: { total: -5, A: 2, B: -1, C: 1 }, highKw: { total: 5, A: 3, B: 2, C: 1 } },
    })
  })
})

describe('whom something concerns', () => {
  const tree = (importKw: number | null, exportKw: number | null) =>
    new Map(
      [feeder('f-0', null, importKw, exportKw), feeder('f-1', 'f-0', null)].map((one) => [one.feederId, one] as const),
    )
  const concern = (kind: 'ev' | 'pv', importKw: number | null, exportKw: number | null, sheds: string[] = []) => {
    const { takesPart, isTold } = concernOf({ kind, feederId: 'f-1' }, tree(importKw, exportKw), new Set(sheds))
    return [takesPart, isTold]
  }

  it('is who has a limit above, or is asked for less', () => {
    assert.deepEqual(concern('ev', null, null), [false, false])
    assert.deepEqual(concern('ev', 10, null), [true, true])
    assert.deepEqual(concern('ev', null, null, ['f-0']), [true, true])
    assert.deepEqual(concern('ev', null, null, ['g-0']), [false, false])
  })

  it('is a PV where it may be curtailed; else others only count on it', () => {
    assert.deepEqual(concern('pv', 10, null), [true, false])
    assert.deepEqual(concern('pv', 10, 10), [true, true])
    assert.deepEqual(concern('pv', null, null), [false, false])
  })
})
