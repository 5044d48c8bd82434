import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { entered, enteredProgram, hourMs, minuteMs, seedTown, six } from '../demand-response/demand.fixture.ts'
import { SeenLoop } from './control-loop.fixture.ts'
import { gather } from './gather.ts'
import { follow, seedReadings } from './seeded-town.fixture.ts'

const settings = {
  ...{ intervalMs: minuteMs, silentMs: 2 * minuteMs, minSocReserve: 0.2, targetSoc: 0.8, socWeight: 1 },
  ...{ respectPriority: true, defaultLimitKw: null, globalLimitKw: null, timeZone: 'America/Sao_Paulo' },
  ...{ prices: null, referenceBrlPerKwh: 0.5, stepKw: 0.1 },
}
const evs = ['ev-1', 'ev-2', 'ev-3']

describe('what a round finds', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(async () => {
    await seedTown(test.database)
    await seedReadings(test.database, evs, six)
  })
  const tree = async (at: number, globalLimitKw: number | null = null) => {
    const { trees, nextChangeAt } = await gather(test.database, ['root'], at, { ...settings, globalLimitKw })
    assert.equal(trees.length, 1)
    const { problem } = trees[0]!.round
    const limits = problem.feeders.flatMap((feeder) =>
      feeder.limits.map(({ limitKw, direction, source }) => `${feeder.feederId} ${direction} ${limitKw} ${source}`),
    )
    return { problem, limits: new Set(limits), nextChangeAt, round: trees[0]!.round }
  }

  it('is limits in force, devices with their needs, and when it changes next', async () => {
    const { limits, problem, nextChangeAt } = await tree(six - hourMs, 200)
    assert.ok(limits.has('f-1 import 110 registry') && limits.has('root import 200 global'))
    assert.deepEqual(
      problem.devices.map(({ deviceId, wantedKw }) => [deviceId, wantedKw]).filter(([id]) => evs.includes(String(id))),
      [
        ['ev-1', 22],
        ['ev-2', 22],
        ['ev-3', 7],
      ],
    )
    assert.equal(nextChangeAt, null)
  })

  it('is what events ask for, from their beginning on', async () => {
    await entered(test.database)
    assert.equal((await tree(six - 1)).nextChangeAt, six)
    const { limits, nextChangeAt } = await tree(six)
    assert.ok(limits.has('f-1 import 50 event:1'))
    assert.equal(nextChangeAt, six + 2 * hourMs)
  })

  it('is what programs ask to take less of, below their feeder', async () => {
    const at = six + 24 * hourMs
    await seedReadings(test.database, evs, at)
    await enteredProgram(test.database, {}, at - hourMs)
    const { problem } = await tree(at)
    assert.deepEqual(
      problem.shedTargets.map(({ feederId, dispatchableUntilKw }) => [feederId, dispatchableUntilKw]),
      [['f-1', 11]],
    )
  })

  describe('and what the loop makes of it', () => {
    const clocks = { now: six - 10_000, wall: six }
    let seen: SeenLoop
    before(async () => {
      await seedReadings(test.database, evs, clocks.now)
      seen = new SeenLoop(test.database, clocks)
    })
    after(() => seen.loop.close())

    it('acts within one round of the beginning of an event', async () => {
      const sum = () => evs.reduce((total, id) => total + (seen.told()[id] ?? 0), 0)
      await waitUntil('all they want', () => sum() === 51)
      await follow(test.database, seen.setpoints, clocks.now)
      const before = seen.outcomes.length
      clocks.now = six
      await waitUntil('a round', () => seen.outcomes.length >= before + 2)
      assert.equal(seen.outcomes.find(({ at }) => at === six)!.cause, 'change')
      await waitUntil('less', () => sum() <= 50)
      assert.deepEqual(seen.errors, [])
    })
  })
})
