import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { startLoad } from './field-load.fixture.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { anyMoment, type RunningSystem, startSystem } from './running-system.fixture.ts'
import { assertEachOnce, assertRollupsExact, rollupsUpToDate, storedReaches } from './stored-truth.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const count = Number(process.env.NOTHING_LOST_READINGS ?? 200_000)
const perSecond = 5_000

describe(`nothing is lost: ${count} readings through mosquitto, with kills in between`, function () {
  this.timeout(300_000)
  let system: RunningSystem

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      this.skip()
    }
    system = await startSystem({ broker: 'mosquitto' })
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system.lastLines())
    await system?.stop()
  })

  it('every reading is stored once, and the roll-ups are exact', async () => {
    const { nodeRed, database } = system
    const start = Date.now()
    const load = startLoad({ brokerUrl: system.brokerUrl, kind: 'numbered', count, perSecond, publishers: 4, start })
    const published = (share: number): Promise<unknown> =>
      waitUntil(`${share} of the readings to be published`, async () => load.published >= share * count, {
        everyMs: 20,
      })
    const killNodeRed = async (): Promise<void> => {
      await anyMoment(300)
      const { ingest } = await nodeRed.health()
      await nodeRed.kill()
      say(`Node-RED killed with ${ingest.inFlight} messages in flight, ${load.published} published`)
      await nodeRed.start()
    }
    try {
      await published(0.1)
      await killNodeRed()
      await published(0.35)
      await killNodeRed()
      await published(0.55)
      await anyMoment(300)
      await database.kill()
      say(`PostgreSQL killed, ${load.published} published`)
      await database.start()
      await published(0.75)
      await killNodeRed()
      const publishing = await load.done
      await storedReaches(database, count, 120_000)
      const storing = (Date.now() - start) / 1_000
      say(`published in ${publishing.toFixed(1)} s, all stored after ${storing.toFixed(1)} s`)
    } finally {
      await load.stop()
    }
    await assertEachOnce(database, count, start)
    await rollupsUpToDate(database)
    const rollups = await assertRollupsExact(database)
    say(`exact: ${count} readings, ${rollups.minute} roll-ups per minute, ${rollups.hour} per hour`)
  })

  it('health is sane again: all settled, nothing in quarantine', async () => {
    const { ingest } = await waitUntil('everything to be settled', async () => {
      const health = await system.nodeRed.healthy()
      return health.ingest.inFlight === 0 && health
    })
    const { received, stored, duplicates, quarantined, lagMs } = ingest
    say(`since the last start: ${received} received = ${stored} stored + ${duplicates} duplicates`)
    assert.equal(received, stored + duplicates)
    assert.deepEqual([quarantined, lagMs], [0, 0])
    assert.ok(stored <= count && received > 0)
    const { kept } = await system.database.row<{ kept: number }>('select count(*)::float8 as kept from quarantine')
    assert.equal(kept, 0)
  })
})
