import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { noon, SeenLoop } from './control-loop.fixture.ts'
import { follow, seedDevices, seedFeeders, seedReadings, setLimit } from './seeded-town.fixture.ts'

describe('a round over 200 devices', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const clocks = { now: noon, wall: noon }
  const evs = Array.from({ length: 200 }, (_, n) => `ev-${String(n).padStart(3, '0')}`)
  let seen: SeenLoop

  before(async () => {
    await seedFeeders(test.database)
    await seedDevices(
      test.database,
      evs.map((deviceId) => ({ deviceId, feederId: 'f-1' })),
    )
    await setLimit(test.database, 'f-0', 700)
    await seedReadings(test.database, evs, noon, { measures: { plugged_in: 'yes', energy_needed_kwh: 20 } })
    seen = new SeenLoop(test.database, clocks)
  })
  after(() => seen.loop.close())

  it('asks the database a few times, however many devices there are, and keeps a row of each', async () => {
    const rounds = (count: number) =>
      waitUntil('rounds', () => seen.outcomes.filter(({ rootId }) => rootId === 'f-0').length >= count)
    await rounds(1)
    await follow(test.database, seen.setpoints.slice(0, evs.length), noon)
    let queries = 0
    const { query } = test.database
    test.database.query = function counted(this: typeof test.database, ...given: Parameters<typeof query>) {
      queries++
      return query.apply(this, given)
    } as typeof query
    try {
      const before = seen.outcomes.length
      clocks.now += 60_000
      await seedReadings(test.database, evs, clocks.now, { measures: { plugged_in: 'yes', energy_needed_kwh: 20 } })
      queries = 0
      await waitUntil('the next rounds', () => seen.outcomes.length >= before + 2)
    } finally {
      test.database.query = query
    }
    // Besides, the loop looks for breaches and renews its leases meanwhile.
    assert.ok(queries < 60, `${queries} queries`)
    const [row] = await test.database.query<{ devices: number }>(
      'select count(*)::integer as devices from device_share',
    )
    assert.equal(row!.devices, 200)
    assert.deepEqual(seen.errors, [])
  })
})
