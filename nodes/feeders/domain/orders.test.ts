import assert from 'node:assert/strict'
import type { Allocation, DeviceShare } from './allocation/allocation.ts'
import type { ObservedDevice } from './observed-device.ts'
import { earlier, feeder, minuteMs, needSettings, noon, observed, reading } from './observed-device.fixture.ts'
import { holdingMs, ordersOf } from './orders.ts'
import { roundProblem } from './round-problem.ts'

const settings = { ...needSettings, intervalMs: minuteMs, silentMs: 2 * minuteMs, prices: null, stepKw: 0.1 }
const times = { at: noon, intervalMs: minuteMs, paceMs: minuteMs }
const noDemand = {
  shedFeederIds: new Set<string>(),
  effectOn: <T>(devices: T) => ({ devices, shedTargets: [], sparedDeviceIds: new Set<string>() }),
}

/** What one device is told that gets so much. */
function told(
  known: Partial<ObservedDevice>,
  powerKw: number,
  binding: DeviceShare['binding'] = { kind: 'wanted' },
  underOtherToken: ReadonlySet<string> = new Set(),
) {
  const device = { ...observed(known), isLeased: true }
  const tree = { rootId: 'f-1', feeders: [feeder('f-1', null, 10, device.kind === 'pv' ? 100 : null)] }
  const round = roundProblem(tree, [device], noDemand, noon, settings)
  const share = { deviceId: 'ev-1', powerKw, binding, marginalPrice: null, deficitKw: 1 }
  const allocation: Allocation = {
    ...{ mode: 'heuristic', fallback: null, devices: [share], feeders: [], solverMs: 0 },
    totals: { consumedKw: 0, dischargedKw: 0, generatedKw: 0, curtailedKw: 0, deficitKw: 0, shedShortfallKw: {} },
  }
  const { orders, shares } = ordersOf(round, allocation, { ...times, underOtherToken })
  return { order: orders[0], share: shares[0]! }
}
const standing = (powerKw: number, minutes: number) => ({ told: { powerKw, expiresAt: noon + minutes * minuteMs } })

describe('how long a setpoint holds', () => {
  it('is three intervals, three minutes at least, and three of the rounds as they really come', () => {
    assert.equal(holdingMs(times), 180_000)
    assert.equal(holdingMs({ ...times, intervalMs: 5_000, paceMs: 0 }), 180_000)
    assert.equal(holdingMs({ ...times, intervalMs: 900_000 }), 2_700_000)
    assert.equal(holdingMs({ ...times, paceMs: 600_000 }), 1_800_000)
    assert.equal(holdingMs({ ...times, paceMs: 1e12 }), 8 * 3_600_000)
  })
})

describe('what a device is told', () => {
  it('is what it got, with why', () => {
    const binding = {
      kind: 'feeder',
      feederId: 'f-1',
      line: 'A',
      direction: 'import',
      limitKw: 3,
      source: 'event:7',
    } as const
    assert.deepEqual(told({}, 3, binding).order, {
      ...{ deviceId: 'ev-1', powerKw: 3, expiresAt: noon + 180_000 },
      reason: 'import limit of f-1, A: 3 kW (event:7)',
    })
  })

  it('is said again once much of its time is over', () => {
    assert.equal(told(standing(3, 2.5), 3).order, undefined)
    assert.equal(told(standing(3, 2), 3).order!.powerKw, 3)
    assert.equal(told(standing(3, 2.5), 4).order!.powerKw, 4)
  })

  it('is said again by another controller: from then on the device hears no other', () => {
    assert.equal(told(standing(3, 2.5), 3, undefined, new Set(['ev-2'])).order, undefined)
    assert.equal(told(standing(3, 2.5), 3, undefined, new Set(['ev-1'])).order!.powerKw, 3)
  })

  it('is nothing while it does not hear', () => {
    const silent = reading({ receivedAt: noon - 3 * minuteMs })
    const { order, share } = told({ ...standing(3, 1), reading: silent }, 3, { kind: 'lost' })
    assert.deepEqual([order, share.toldKw, share.toldUntil], [undefined, 3, noon + minuteMs])
  })

  it('lets a PV that nothing holds back give all it can', () => {
    assert.equal(told({ kind: 'pv', reading: reading({ powerKw: -2 }) }, -2).order!.powerKw, -7.4)
  })
})

describe('what is kept of a device', () => {
  it('is since when it is told the same, and when it was switched', () => {
    const before = earlier({ toldAt: noon - 9 * minuteMs, switchedAt: noon - 30 * minuteMs })
    const same = told({ ...standing(3, 1), share: before }, 3).share
    assert.deepEqual([same.toldAt, same.switchedAt], [noon - 9 * minuteMs, noon - 30 * minuteMs])
    const other = told({ ...standing(3, 1), share: before }, 5).share
    assert.deepEqual([other.toldAt, other.switchedAt], [noon, noon - 30 * minuteMs])
    const off = told({ ...standing(3, 1), share: before }, 0).share
    assert.deepEqual([off.toldAt, off.switchedAt], [noon, noon])
  })

  it('is what it may follow if it hears no more: all that it was told since it was heard', () => {
    const heard = { lowKw: 6, highKw: 7, until: noon + minuteMs }
    const unheard = earlier({ at: noon, heard })
    const spanOf = (known: Partial<ObservedDevice>) => {
      const found = told(known, 2).share.heard!
      return [found.lowKw, found.highKw]
    }
    assert.deepEqual(spanOf({ ...standing(4, 1), share: unheard }), [2, 7])
    // Heard since: it follows what it was told last, or what it is told now.
    assert.deepEqual(spanOf({ ...standing(4, 1), share: earlier({ heard }) }), [2, 4])
  })

  it('is what it went short of', () => {
    const known = { share: earlier({ deficitKw: 6 }), deficit: { kwh: 1, at: noon } }
    assert.ok(Math.abs(told(known, 3).share.deficitKwh - 1.1) < 1e-9)
    assert.equal(told(known, 3).share.deficitKw, 1)
  })
})
