import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { Database } from '../../../platform/storage/database.ts'
import {
  restartableDatabase,
  type RestartableDatabase,
} from '../../../platform/storage/restartable-database.fixture.ts'
import { noon, SeenLoop } from './control-loop.fixture.ts'
import { seedDevices, seedFeeders, seedReadings, setLimit } from './seeded-town.fixture.ts'

describe('a control loop whose database goes away', function () {
  this.timeout(120_000)
  const clocks = { now: noon, wall: noon }
  let store: RestartableDatabase
  let database: Database
  let seen: SeenLoop

  before(async () => {
    store = await restartableDatabase()
    database = new Database(store.server.running)
    await database.ready()
    await seedFeeders(database)
    await seedDevices(database, [{ deviceId: 'ev-1', feederId: 'f-1' }])
    await seedReadings(database, ['ev-1'], noon)
    await setLimit(database, 'f-0', 5)
    seen = new SeenLoop(database, clocks)
  })
  after(async () => {
    await seen.loop.close()
    await database.close()
    await store.remove()
  })

  it('goes on where it was once it is back, and reports nothing meanwhile', async () => {
    await waitUntil('a first round', () => seen.setpoints.length > 0)
    await store.kill()
    clocks.now += 60_000
    clocks.wall += 60_000
    await waitUntil('the loss to be noticed', () => !database.state.up)
    const before = seen.outcomes.length
    await store.start()
    await database.ready()
    await seedReadings(database, ['ev-1'], clocks.now, { powerKw: 5 })
    await waitUntil('rounds again', () => seen.outcomes.length > before)
    assert.deepEqual(seen.errors, [])
    assert.equal(seen.told()['ev-1'], 5)
    const [row] = await database.query<{ kwh: number }>('select deficit_kwh as kwh from control_deficit')
    assert.ok(row!.kwh >= 0)
  })
})
