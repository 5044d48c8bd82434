import assert from 'node:assert/strict'
import type { NodeAPI } from 'node-red'
import { describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import type { Services } from '../../platform/http/services.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { runServices } from '../../platform/runtime/running.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { seedInterruptions } from './interruptions/seeded-interruptions.fixture.ts'
import register from './live.ts'
import { runningOutlook } from './outlook/running-outlook.ts'
import { seedOutageUnits } from './outlook/seeded-outages.fixture.ts'

const noon = Date.UTC(2026, 2, 10, 15)

describe("continuity's part of the live stream", function () {
  this.timeout(60_000)
  const test = useDatabase()

  it("fills the process's hub with interruptions and conjuntos, until the process stops", async () => {
    const { database } = test
    platformClock.set({ at: noon, rate: 1 })
    await seedOutageUnits(database, '2026-03', [{ unitId: 'unit-1', conjuntoId: 'c-1' }])
    const { interruptionIds } = await seedInterruptions(database, [
      { units: [{ unitId: 'unit-1', from: noon - 600_000, until: null }] },
    ])
    const stopping = new AbortController()
    runServices({ database, environment: readEnvironment({}), stopping: stopping.signal } as Services)
    register({
      log: { error: (fault: string) => assert.fail(fault) },
      plugins: { registerPlugin: (_id: string, { onadd }: { onadd(): void }) => onadd() },
    } as unknown as NodeAPI)
    try {
      const shown = await waitUntil('the interruption', () => liveHub.get('interruptions', String(interruptionIds[0])))
      assert.deepEqual([shown.unitsOut, shown.outlook?.rank], [1, 1])
      await waitUntil('the conjunto', () => liveHub.get('continuity', 'c-1')?.unitsOut === 1)
    } finally {
      stopping.abort()
      runServices(undefined)
      platformClock.set(undefined)
      await waitUntil('its end', () => runningOutlook() === undefined)
    }
  })
})
