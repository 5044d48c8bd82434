import assert from 'node:assert/strict'
import type { NodeAPI } from 'node-red'
import { describe, it } from 'mocha'
import type { Services } from '../../platform/http/services.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { runServices } from '../../platform/runtime/running.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import register from './outage-map.ts'
import { snapshotAt } from './papers/map-repository.ts'

describe('the plugin of the outage map', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('has the map made, until the process stops', async () => {
    const { database } = test
    const stopping = new AbortController()
    runServices({ database, environment: readEnvironment({}), stopping: stopping.signal } as Services)
    register({
      log: { error: (fault: string) => assert.fail(fault) },
      plugins: { registerPlugin: (_id: string, { onadd }: { onadd(): void }) => onadd() },
    } as unknown as NodeAPI)
    try {
      const { map } = await waitUntil('the map', () => snapshotAt(database, Date.now()))
      assert.deepEqual(map, { leastUnits: 5, unitsOut: 0, areas: [] })
    } finally {
      stopping.abort()
      runServices(undefined)
    }
  })
})
