import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import type { Services } from '../../platform/http/services.ts'
import { feederLimitsNow } from '../../platform/live/feeder-limits.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { runServices } from '../../platform/runtime/running.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import register from './live.ts'
import { seedSetpoints, seedTrackedField } from './tracking/tracked.fixture.ts'

describe("the feeders' part of the live stream", function () {
  this.timeout(60_000)
  const test = useDatabase()

  it("fills the process's hub from the database, until the process stops", async () => {
    const { database } = test
    await seedTrackedField(database)
    await seedSetpoints(database, [{ deviceId: 'ev-1', at: Date.now(), powerKw: 4 }])
    const stopping = new AbortController()
    const environment = readEnvironment({ FEEDER_DEFAULT_LIMIT_KW: '250' })
    runServices({ database, environment, stopping: stopping.signal } as Services)
    const faults: string[] = []
    register({
      log: { error: (fault: string) => faults.push(fault) },
      plugins: { registerPlugin: (_id: string, { onadd }: { onadd(): void }) => onadd() },
    } as unknown as NodeAPI)
    try {
      const shown = await waitUntil('the device', () => liveHub.get('control', 'ev-1'))
      assert.deepEqual([shown.setpointKw, shown.share], [4, null])
      assert.equal(feederLimitsNow().get('west'), 250)
    } finally {
      stopping.abort()
      runServices(undefined)
    }
    assert.deepEqual([feederLimitsNow().size, faults], [0, []])
  })
})
