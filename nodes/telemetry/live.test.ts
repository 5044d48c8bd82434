import assert from 'node:assert/strict'
import type { NodeAPI } from 'node-red'
import type { Services } from '../../platform/http/services.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { runServices } from '../../platform/runtime/running.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import register from './live.ts'

describe("telemetry's part of the live stream", function () {
  this.timeout(60_000)
  const test = useDatabase()

  it("fills the process's hub from the database, until the process stops", async () => {
    await test.database.query(`insert into feeder (feeder_id) values ('f-1')`)
    const stopping = new AbortController()
    const { database } = test
    runServices({ database, environment: readEnvironment({}), stopping: stopping.signal } as Services)
    register({
      log: { error: (fault: string) => assert.fail(fault) },
      plugins: { registerPlugin: (_id: string, { onadd }: { onadd(): void }) => onadd() },
    } as unknown as NodeAPI)
    try {
      await waitUntil('the feeder', () => liveHub.get('feeders', 'f-1'))
    } finally {
      stopping.abort()
      runServices(undefined)
    }
  })
})
