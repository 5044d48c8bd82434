import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { Client } from 'pg'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { allocateHeuristic } from '../domain/allocation/heuristic.ts'
import { noon, SeenLoop } from './control-loop.fixture.ts'
import { follow, seedDevices, seedFeeders, seedReadings, setLimit } from './seeded-town.fixture.ts'

const minuteMs = 60_000
const evs = ['ev-1', 'ev-2', 'ev-3']

describe('the control loop', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const loops: SeenLoop[] = []
  let clocks: { now: number; wall: number }

  beforeEach(async () => {
    clocks = { now: noon, wall: noon + 7 }
    const owner = new Client(test.owner)
    await owner.connect()
    await owner.query(
      `truncate control_lease, feeder_allocation, device_share, control_deficit, desired_setpoint, latest_reading,
         feeder_forecast, device, feeder restart identity cascade`,
    )
    await owner.end()
    await seedFeeders(test.database)
    await seedDevices(
      test.database,
      evs.map((deviceId) => ({ deviceId, feederId: 'f-1' })),
    )
    await seedReadings(test.database, evs, noon)
  })
  afterEach(async () => {
    await Promise.all(loops.splice(0).map(({ loop }) => loop.close()))
  })
  const run = (options: ConstructorParameters<typeof SeenLoop>[2] = {}): SeenLoop => {
    const seen = new SeenLoop(test.database, clocks, options)
    loops.push(seen)
    return seen
  }
  const rounds = (seen: SeenLoop, count: number, rootId = 'f-0') =>
    waitUntil(`${count} rounds`, () => {
      assert.deepEqual(seen.errors, [])
      return seen.outcomes.filter((one) => one.rootId === rootId).length >= count
    })

  const last = (seen: SeenLoop, rootId = 'f-0') => seen.outcomes.findLast((one) => one.rootId === rootId)!

  it('leaves devices alone that nothing limits, and keeps that it made its round', async () => {
    const seen = run()
    await rounds(seen, 1)
    assert.deepEqual(seen.setpoints, [])
    const kept = await test.database.query('select root_id from feeder_allocation order by root_id')
    assert.deepEqual(kept, [{ root_id: 'f-0' }, { root_id: 'g-0' }])
  })

  it('shares a limit out fairly, under its lease, for three intervals', async () => {
    await setLimit(test.database, 'f-0', 12)
    const seen = run()
    await rounds(seen, 1)
    assert.deepEqual(seen.told(), { 'ev-1': 4, 'ev-2': 4, 'ev-3': 4 })
    const [first] = seen.setpoints
    assert.equal(first!.expiresAt, noon + 3 * minuteMs)
    assert.equal(first!.fencing.lease, 'feeders/f-0')
    assert.ok(first!.fencing.token >= noon)
    assert.equal(first!.reason, 'import limit of f-0, total: 12 kW (registry)')
  })

  it('acts on a limit that is set, and on its end, within one round: devices are let go at once', async () => {
    const seen = run()
    await rounds(seen, 1)
    await setLimit(test.database, 'f-1', 9)
    await waitUntil('the limit is kept', () => seen.setpoints.length === 3)
    assert.deepEqual(seen.told(), { 'ev-1': 3, 'ev-2': 3, 'ev-3': 3 })
    await follow(test.database, seen.setpoints, clocks.now)
    await setLimit(test.database, 'f-1', null)
    await waitUntil('they are let go', () => seen.setpoints.length === 6)
    assert.deepEqual(seen.told(), { 'ev-1': null, 'ev-2': null, 'ev-3': null })
    assert.equal(last(seen).cause, 'change')
    assert.deepEqual(await test.database.query('select from device_share'), [])
  })

  it('says the same again only once much of its time is over', async () => {
    await setLimit(test.database, 'f-0', 12)
    const seen = run()
    await rounds(seen, 1)
    await follow(test.database, seen.setpoints, clocks.now)
    clocks.now += minuteMs / 2
    await setLimit(test.database, 'f-0', 12)
    await rounds(seen, 2)
    assert.equal(seen.setpoints.length, 3)
    clocks.now += minuteMs
    await seedReadings(test.database, evs, clocks.now, { powerKw: 4 })
    await rounds(seen, 3)
    assert.equal(last(seen).cause, 'interval')
    assert.deepEqual([seen.setpoints.length, seen.setpoints.at(-1)!.expiresAt], [6, clocks.now + 3 * minuteMs])
  })

  it('counts a lost device at the most of what it was told and its fallback, and tells it nothing', async () => {
    await setLimit(test.database, 'f-0', 12)
    const seen = run()
    await rounds(seen, 1)
    await follow(test.database, seen.setpoints, clocks.now)
    clocks.now += 2.5 * minuteMs
    await seedReadings(test.database, ['ev-1', 'ev-2'], clocks.now, { powerKw: 4 })
    await rounds(seen, 2)
    const later = last(seen).allocation
    assert.deepEqual(
      later.devices.map(({ powerKw, binding }) => [powerKw, binding.kind]),
      [
        [4, 'feeder'],
        [4, 'feeder'],
        [4, 'lost'],
      ],
    )
    assert.deepEqual(
      seen.setpoints.slice(3).map(({ deviceId }) => deviceId),
      ['ev-1', 'ev-2'],
    )
    // Its setpoint is over: it is at its fallback, not charging.
    clocks.now += minuteMs
    await seedReadings(test.database, ['ev-1', 'ev-2'], clocks.now, { powerKw: 4 })
    await rounds(seen, 3)
    assert.deepEqual(
      last(seen).allocation.devices.map(({ powerKw }) => powerKw),
      [6, 6, 0],
    )
  })

  it('goes on with what devices went short of after a restart', async () => {
    await setLimit(test.database, 'f-0', 12)
    const first = run({ holder: 'first' })
    await rounds(first, 1)
    await follow(test.database, first.setpoints, clocks.now)
    clocks.now += minuteMs
    await seedReadings(test.database, evs, clocks.now, { powerKw: 4 })
    await rounds(first, 2)
    await first.loop.close()
    const deficit = async () =>
      (await test.database.query<{ kwh: number }>('select deficit_kwh as kwh from control_deficit order by 1 desc'))[0]!
        .kwh
    const before = await deficit()
    assert.ok(Math.abs(before - 3.4 / 60) < 1e-6, `${before} kWh`)
    clocks.now += minuteMs
    await seedReadings(test.database, evs, clocks.now, { powerKw: 4 })
    const second = run({ holder: 'second' })
    await rounds(second, 1)
    const after = await deficit()
    assert.ok(after > 1.9 * before && after < 2.1 * before, `${after} kWh after ${before}`)
  })

  it('acts at once where a head is measured beyond a limit', async () => {
    await test.database.query(
      `insert into device (device_id, kind, status, feeder_id, first_seen_at) values ('head', 'meter', 'active', 'f-0', to_timestamp(0))`,
    )
    await test.database.query(`update feeder set head_meter_id = 'head', limit_kw = 12 where feeder_id = 'f-0'`)
    await seedReadings(test.database, ['head'], noon, { powerKw: 5 })
    const seen = run()
    await rounds(seen, 1)
    clocks.now += 5_000
    await seedReadings(test.database, ['head'], clocks.now, { powerKw: 11.9 })
    await seedReadings(test.database, ['head'], clocks.now + 1, { powerKw: 13 })
    await waitUntil('a round for the breach', () => seen.outcomes.some(({ cause }) => cause === 'breach'))
  })

  it('is one of two: the other takes over when it is gone, with a higher token', async () => {
    await setLimit(test.database, 'f-0', 12)
    const [one, other] = [run({ holder: 'one' }), run({ holder: 'other' })]
    const seen = await waitUntil('rounds of one of them', () =>
      [one, other].find(({ outcomes }) => outcomes.length > 1),
    )
    const idle = seen === one ? other : one
    clocks.now += minuteMs
    await rounds(seen, 2)
    assert.deepEqual([idle.outcomes.length, idle.setpoints.length], [0, 0])
    await seen.loop.close()
    await rounds(idle, 1)
    assert.ok(idle.setpoints[0]!.fencing.token > seen.setpoints[0]!.fencing.token)
    assert.equal(idle.loop.state().status, 'ok')
  })

  it('acts at once on a limit that is set while it rests from a round that took long', async () => {
    await setLimit(test.database, 'f-0', 12)
    const seen = run({
      restFactor: 10_000,
      async solve({ problem }) {
        await sleep(100)
        return allocateHeuristic(problem)
      },
    })
    await rounds(seen, 1)
    clocks.now += minuteMs
    await setLimit(test.database, 'f-0', 6)
    await waitUntil('the change', () => last(seen).cause === 'change')
    assert.equal(seen.outcomes.filter(({ cause }) => cause === 'interval').length, 0)
  })

  it('holds its leases while it rests, however long that is', async () => {
    const seen = run({ restMs: 3_600_000, leaseMs: 200 })
    await rounds(seen, 1)
    const lease = async () =>
      (
        await test.database.query<{ token: number; until: number }>(
          `select token::float8 as token, extract(epoch from expires_at)::float8 * 1000 as until
           from control_lease where root_id = 'f-0'`,
        )
      )[0]!
    const { token } = await lease()
    clocks.wall += 5_000
    await waitUntil('a renewal', async () => Math.round((await lease()).until) === clocks.wall + 200)
    assert.equal((await lease()).token, token)
    assert.equal(seen.outcomes.filter(({ rootId }) => rootId === 'f-0').length, 1)
  })

  it('keeps and tells nothing of a round during which another one took over', async () => {
    await setLimit(test.database, 'f-0', 12)
    const { promise: held, resolve: go } = Promise.withResolvers<void>()
    const { promise: solving, resolve: begun } = Promise.withResolvers<void>()
    const slow = run({
      holder: 'slow',
      async solve(round) {
        begun()
        await held
        return allocateHeuristic(round.problem)
      },
    })
    await solving
    // It hangs for longer than its lease.
    clocks.wall += 2_000
    const quick = run({ holder: 'quick' })
    await rounds(quick, 1)
    const [kept] = await test.database.query<{ holder: string }>(
      `select holder from feeder_allocation where root_id = 'f-0'`,
    )
    go()
    await slow.loop.close()
    assert.equal(kept!.holder, 'quick')
    assert.deepEqual(slow.setpoints, [])
    const [still] = await test.database.query<{ holder: string }>(
      `select holder from feeder_allocation where root_id = 'f-0'`,
    )
    assert.equal(still!.holder, 'quick')
  })

  it('takes a higher token where devices have heard one under another root', async () => {
    await setLimit(test.database, 'f-0', 12)
    const high = noon + 5_000_000
    await follow(
      test.database,
      [{ deviceId: 'ev-1', powerKw: 1, expiresAt: noon + minuteMs, fencing: { lease: 'feeders/g-0', token: high } }],
      noon,
    )
    const seen = run()
    await rounds(seen, 1)
    assert.ok(seen.setpoints.every(({ fencing }) => fencing.token > high))
  })

  it('reports what is wrong with one tree, and goes on with the others', async () => {
    await setLimit(test.database, 'f-0', 12)
    await setLimit(test.database, 'g-0', 5)
    await seedDevices(test.database, [{ deviceId: 'ev-9', feederId: 'g-0' }])
    await seedReadings(test.database, ['ev-9'], noon)
    const seen = run({
      solve: (round) =>
        round.rootId === 'f-0'
          ? Promise.reject(new Error('no solution'))
          : Promise.resolve(allocateHeuristic(round.problem)),
    })
    await waitUntil('a round over the other', () => seen.outcomes.some(({ rootId }) => rootId === 'g-0'))
    assert.deepEqual(seen.told(), { 'ev-9': 5 })
    assert.deepEqual(seen.errors.map(String), ['Error: no solution'])
    seen.errors.splice(0)
  })
})
