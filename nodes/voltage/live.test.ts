import assert from 'node:assert/strict'
import type { NodeAPI } from 'node-red'
import { describe, it } from 'mocha'
import type { Services } from '../../platform/http/services.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { runServices } from '../../platform/runtime/running.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import register from './live.ts'
import { seedUnits, seedWeek } from './seeded-windows.fixture.ts'

describe("voltage quality's part of the live stream", function () {
  this.timeout(60_000)
  const test = useDatabase()

  it("fills the process's hub from the database, until the process stops", async () => {
    const { database } = test
    await seedUnits(database, [{ unitId: 'unit-1', feederId: 'f-1' }])
    await seedWeek(database, 'unit-1', Date.now(), [0, 0, 0], [0, 0, 0])
    const stopping = new AbortController()
    runServices({ database, environment: readEnvironment({}), stopping: stopping.signal } as Services)
    register({
      log: { error: (fault: string) => assert.fail(fault) },
      plugins: { registerPlugin: (_id: string, { onadd }: { onadd(): void }) => onadd() },
    } as unknown as NodeAPI)
    try {
      const unit = await waitUntil('the unit', () => liveHub.get('voltage', 'unit-1'))
      assert.equal(unit.week.validWindows, 1_008)
    } finally {
      stopping.abort()
      runServices(undefined)
    }
  })
})
