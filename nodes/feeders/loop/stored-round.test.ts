import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { Allocation } from '../domain/allocation/allocation.ts'
import type { KeptShare } from '../domain/orders.ts'
import { noon } from './control-loop.fixture.ts'
import { askedDevice, feederFamily, listedShares, storedAllocation, storedShare } from './explain-repository.ts'
import { controlRounds, forgetRoots, keepRound } from './result-repository.ts'
import { seedDevices, seedFeeders } from './seeded-town.fixture.ts'

const share = (deviceId: string, powerKw: number): KeptShare => ({
  ...{ deviceId, feederId: 'f-1', powerKw, deficitKw: 1, deficitKwh: 0.5, binding: 'wanted', toldKw: powerKw },
  ...{ toldUntil: noon + 9, toldAt: noon, heard: null, switchedAt: null },
  detail: {
    ...{
      kind: 'ev',
      phases: 'B',
      ratedKw: 7,
      fromKw: 0,
      untilKw: 7,
      wantedKw: 5,
      leastOnKw: 1,
      contractedKw: 0,
      weight: 1,
    },
    ...{ held: null, binding: { kind: 'wanted' }, marginalPrice: null, isSpared: false, lost: null, measuredKw: 3 },
    ...{ soc: null, energyNeededKwh: 4, departsAt: null, priority: 7 },
  },
})
const allocation: Allocation = {
  ...{ mode: 'heuristic', fallback: null, devices: [], feeders: [], solverMs: 2 },
  totals: { consumedKw: 3, dischargedKw: 0, generatedKw: 0, curtailedKw: 0, deficitKw: 1, shedShortfallKw: {} },
}

describe('a round that is stored', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const keep = (at: number, shares: readonly KeptShare[], rootId = 'f-0') =>
    keepRound(test.database, {
      ...{ rootId, at, recordedAt: at + 7, intervalMs: 60_000, cause: 'interval', roundMs: 40, holder: 'a', token: 3 },
      ...{ allocation, shares },
    })
  before(async () => {
    await seedFeeders(test.database)
    await seedDevices(test.database, [{ deviceId: 'ev-1', feederId: 'f-1' }])
    await keep(noon, [share('ev-1', 2), share('ev-2', 3)])
    await keep(noon, [], 'g-0')
  })

  it('is found as it was', async () => {
    assert.deepEqual(await storedShare(test.database, 'ev-1'), {
      ...{ rootId: 'f-0', at: noon, powerKw: 2, deficitKw: 1, deficitKwh: 0.5, toldKw: 2, toldUntil: noon + 9 },
      ...{ toldAt: noon, detail: share('ev-1', 2).detail },
    })
    const found = await storedAllocation(test.database, 'f-0')
    assert.deepEqual([found!.token, found!.allocation.totals, found!.roundMs], [3, allocation.totals, 40])
    assert.deepEqual(
      (await listedShares(test.database, ['f-1'], 'ev-1', 9)).map(({ deviceId }) => deviceId),
      ['ev-2'],
    )
    assert.deepEqual(await controlRounds(test.database), [
      { rootId: 'f-0', at: noon, recordedAt: noon + 7, intervalMs: 60_000, roundMs: 40 },
      { rootId: 'g-0', at: noon, recordedAt: noon + 7, intervalMs: 60_000, roundMs: 40 },
    ])
  })

  it('knows the place of a device, and the family of a feeder', async () => {
    assert.deepEqual((await askedDevice(test.database, 'ev-1', noon))!.path, ['f-1', 'f-0'])
    assert.equal(await askedDevice(test.database, 'nobody', noon), undefined)
    assert.deepEqual(await feederFamily(test.database, 'f-1'), { rootId: 'f-0', below: ['f-1'] })
    assert.equal(await feederFamily(test.database, 'nowhere'), undefined)
  })

  it('takes the place of the one before, with the devices that it has; what was not delivered stays', async () => {
    await keep(noon + 60_000, [share('ev-2', 4)])
    assert.equal(await storedShare(test.database, 'ev-1'), undefined)
    assert.equal((await storedShare(test.database, 'ev-2'))!.powerKw, 4)
    assert.equal((await test.database.query('select from control_deficit')).length, 2)
  })

  it('goes with its root', async () => {
    await forgetRoots(test.database, ['g-0'])
    assert.deepEqual(
      (await controlRounds(test.database)).map(({ rootId }) => rootId),
      ['g-0'],
    )
    assert.equal(await storedShare(test.database, 'ev-2'), undefined)
  })
})
