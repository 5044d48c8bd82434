import assert from 'node:assert/strict'
import type { Device } from '../allocation/problem.ts'
import { aCall, six } from './call.fixture.ts'
import type { Action } from './call.ts'
import { wantedAtPrice, withDemandResponse, type Spared } from './effect.ts'
import { demandInForce } from './in-force.ts'

const feeders = [
  { feederId: 'root', parentFeederId: null, normalKw: 500, isLimited: true },
  { feederId: 'f-1', parentFeederId: 'root', normalKw: 110, isLimited: true },
]
const ev = (deviceId: string, of: Partial<Device> = {}): Device => ({
  ...{ deviceId, feederId: 'f-1', kind: 'ev', phases: ['A'], fromKw: 0, untilKw: 10, leastOnKw: 1.4 },
  ...{ wantedKw: 8, contractedKw: 0, weight: 1, presentKw: null, held: null, lostAtKw: null },
  ...of,
})
const everybody: Spared = { eventId: 1, optedOut: new Set(), enrolled: null }
const effect = (devices: readonly Device[], action: Action, spared = everybody, feederId: string | null = 'f-1') =>
  withDemandResponse(devices, feeders, demandInForce([aCall({ action, feederId })], feeders, six), [spared], 0.5)

describe('what demand response changes in an allocation', () => {
  const shed: Action = { mode: 'shed', targetShedKw: 6 }
  const price: Action = { mode: 'price', priceBrlPerKwh: 2, elasticity: -0.5, targetShedKw: null }

  it('a target lets all below the feeder take what they want, less the target', () => {
    const { shedTargets } = effect([ev('a'), ev('b'), ev('c', { feederId: 'root' })], shed)
    assert.deepEqual(shedTargets, [{ targetId: 'event:1', feederId: 'f-1', dispatchableUntilKw: 10 }])
  })

  it('of several targets on a feeder the largest holds', () => {
    const calls = [6, 9, 3].map((targetShedKw, eventId) => aCall({ eventId, action: { mode: 'shed', targetShedKw } }))
    const { shedTargets } = withDemandResponse([ev('a'), ev('b')], feeders, demandInForce(calls, feeders, six), [], 0.5)
    assert.deepEqual(shedTargets, [{ targetId: 'event:1', feederId: 'f-1', dispatchableUntilKw: 7 }])
  })

  it('who has opted out comes before all fairness, as if by contract', () => {
    const limit: Action = { mode: 'limit', direction: 'import', limitKw: 10, targetShedKw: null }
    for (const action of [limit, shed]) {
      const { devices, sparedDeviceIds } = effect([ev('a'), ev('b')], action, {
        ...everybody,
        optedOut: new Set(['b']),
      })
      assert.deepEqual(
        devices.map(({ contractedKw }) => contractedKw),
        [0, 8],
      )
      assert.deepEqual([...sparedDeviceIds], ['b'])
    }
  })

  it('only the enrolled give way where a program is for them', () => {
    const { sparedDeviceIds } = effect([ev('a'), ev('b')], shed, { ...everybody, enrolled: new Set(['a']) })
    assert.deepEqual([...sparedDeviceIds], ['b'])
  })

  it('a price of four times the usual one halves what is wanted at an elasticity of −0.5, and shows in a target', () => {
    const { devices } = effect([ev('a'), ev('b')], price, { ...everybody, optedOut: new Set(['b']) })
    assert.deepEqual(
      devices.map(({ wantedKw }) => wantedKw),
      [4, 8],
    )
  })

  it('what is had by contract does not yield to prices, and nobody wants more than it can', () => {
    assert.equal(wantedAtPrice(ev('a', { contractedKw: 4 }), { priceBrlPerKwh: 2, elasticity: -0.5 }, 0.5), 6)
    assert.equal(wantedAtPrice(ev('a'), { priceBrlPerKwh: 0, elasticity: -0.5 }, 0.5), 10)
    assert.equal(wantedAtPrice(ev('a', { wantedKw: -3 }), { priceBrlPerKwh: 2, elasticity: -0.5 }, 0.5), -3)
  })

  it('a call elsewhere changes nothing', () => {
    const device = ev('c', { feederId: 'root' })
    assert.deepEqual(effect([device], price), { devices: [device], shedTargets: [], sparedDeviceIds: new Set() })
  })
})
