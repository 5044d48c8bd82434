import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { setSetpoints } from '../nodes/commands/setpoints/set-setpoints.ts'
import { setpointsOf } from '../nodes/commands/setpoints/setpoint-message.ts'
import { allocateHeuristic } from '../nodes/feeders/domain/allocation/heuristic.ts'
import { noon, SeenLoop } from '../nodes/feeders/loop/control-loop.fixture.ts'
import { seedDevices, seedFeeders, seedReadings, setLimit } from '../nodes/feeders/loop/seeded-town.fixture.ts'
import type { LoopSetpoint } from '../nodes/feeders/messages.ts'
import { waitUntil } from '../platform/node/waiting.fixture.ts'
import { useDatabase } from '../platform/storage/test-database.ts'

describe('two controllers of the same feeders', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const clocks = { now: noon, wall: noon }
  const evs = ['ev-1', 'ev-2', 'ev-3']
  const loops: SeenLoop[] = []
  /** As the setpoint node takes what the loop sends. */
  const set = (payload: readonly LoopSetpoint[]) =>
    setSetpoints(
      test.database,
      setpointsOf(payload, 60_000, clocks.now),
      'node feeder allocate',
      clocks.now,
      clocks.wall,
    )
  const run = (holder: string, options: ConstructorParameters<typeof SeenLoop>[2] = {}): SeenLoop => {
    const seen = new SeenLoop(test.database, clocks, { holder, ...options })
    loops.push(seen)
    return seen
  }
  /** What it sends first, to every device once. */
  const firstRound = async (seen: SeenLoop): Promise<readonly LoopSetpoint[]> => {
    await waitUntil('its round', () => seen.setpoints.length >= evs.length)
    return seen.setpoints.slice(0, evs.length)
  }
  const followed = async () =>
    (await test.database.query<{ kw: number }>('select power_kw as kw from desired_setpoint order by device_id')).map(
      ({ kw }) => kw,
    )

  before(async () => {
    await seedFeeders(test.database)
    await seedDevices(
      test.database,
      evs.map((deviceId) => ({ deviceId, feederId: 'f-1' })),
    )
    await seedReadings(test.database, evs, noon)
    await setLimit(test.database, 'f-0', 12)
  })
  after(() => Promise.all(loops.map(({ loop }) => loop.close())))

  it('one acts; when it was held up past its lease the other acts, and what the first sends late is refused', async () => {
    // Held up between what it stored and what it sends: its messages are on their way for longer than its lease.
    const slow = run('slow')
    const onTheWay = await firstRound(slow)
    await slow.loop.close()
    clocks.wall += 60_000
    await setLimit(test.database, 'f-0', 9)
    const quick = run('quick')
    const sent = await firstRound(quick)
    assert.equal((await set(sent)).refused.length, 0)
    assert.deepEqual(await followed(), [3, 3, 3])
    const { set: late, refused } = await set(onTheWay)
    assert.deepEqual(late, [])
    assert.equal(refused.length, 3)
    const [older, newer] = [onTheWay[0]!.fencing.token, sent[0]!.fencing.token]
    assert.equal(
      refused[0]!.problem,
      `ev-1: the lease feeders/f-0 has changed hands: token ${older} is lower than ${newer}, which was seen before`,
    )
    assert.deepEqual(await followed(), [3, 3, 3])
    await quick.loop.close()
  })

  it('a controller that dies between gathering and sending leaves nothing undone, and nothing done twice', async () => {
    clocks.wall += 60_000
    clocks.now += 60_000
    await seedReadings(test.database, evs, clocks.now, { powerKw: 3 })
    const { promise: never, reject: die } = Promise.withResolvers<never>()
    never.catch(() => undefined)
    const { promise: gathered, resolve: hasGathered } = Promise.withResolvers<void>()
    const dying = run('dying', {
      solve() {
        hasGathered()
        return never
      },
    })
    await gathered
    const before = await test.database.query('select * from control_deficit order by device_id')
    // Its lease ends, and nobody gives it back.
    clocks.wall += 60_000
    const next = run('next', { solve: ({ problem }) => Promise.resolve(allocateHeuristic(problem)) })
    assert.equal((await set(await firstRound(next))).refused.length, 0)
    assert.deepEqual(await followed(), [3, 3, 3])
    const grown = await test.database.query<{ kwh: number }>('select deficit_kwh as kwh from control_deficit')
    assert.equal(before.length, 3)
    // One interval of what they lacked, once.
    for (const { kwh } of grown) assert.ok(Math.abs(kwh - 4.4 / 60) < 0.02, `${kwh} kWh`)
    die(new Error('killed'))
    await waitUntil('its end', () => dying.errors.length > 0)
    assert.deepEqual(dying.setpoints, [])
  })
})
