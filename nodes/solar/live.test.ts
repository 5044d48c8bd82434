import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import type { Services } from '../../platform/http/services.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { runServices } from '../../platform/runtime/running.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { noYield } from './domain/performance.ts'
import register from './live.ts'
import { writeDay } from './performance/day-repository.ts'
import { LivePanels } from './performance/live-panels.ts'
import { livePanels, solarVersion } from './performance/live-repository.ts'
import { findPlant } from './slots/plant-repository.ts'
import { seedRoof } from './slots/seeded-plant.fixture.ts'

describe('the solar part of the live stream', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it("fills the process's hub from the database, and follows what changes, until the process stops", async () => {
    const { database } = test
    const beginsAt = Math.floor(Date.now() / 3_600_000) * 3_600_000
    await seedRoof(database, 2)
    const { keyOf, plantId } = (await findPlant(database, 'roof'))!
    await database.query(`select ensure_partition('solar_panel_day', to_timestamp($1::float8 / 1000))`, [beginsAt])
    const sums = { ...noYield, hours: 10, energyWh: 1_800, daylightWh: 1_800, expectedWh: 2_000 }
    const panels = [{ deviceKey: keyOf.get('p-1')!, ratedW: 400, sums }]
    await writeDay(database, { day: '2026-06-10', beginsAt, plantId, isFinal: false, tariffBrlPerKwh: null, panels })
    const stopping = new AbortController()
    runServices({ database, environment: readEnvironment({}), stopping: stopping.signal } as Services)
    const faults: string[] = []
    register({
      log: { error: (fault: string) => faults.push(fault) },
      plugins: { registerPlugin: (_id: string, { onadd }: { onadd(): void }) => onadd() },
    } as unknown as NodeAPI)
    try {
      const shown = await waitUntil('the panel', () => liveHub.get('solar', 'p-1'))
      assert.deepEqual(
        [shown.siteId, shown.feederId, shown.energyKwh, shown.lostKwh, shown.performanceIndex, shown.anomalies],
        ['roof', 'f-1', 1.8, 0.2, 0.9, []],
      )
      assert.equal(liveHub.get('solar', 'p-2'), undefined)
      const before = await solarVersion(database)
      await database.query(
        `insert into solar_anomaly (plant_id, device_key, kind, began_at, found_at, changed_at, severity, panel_ids, evidence, recommendations)
         values ('roof', null, 'inverter_trip', to_timestamp(0), to_timestamp(0), to_timestamp(0), 'high', '{p-1,p-2}', '[]', '{}')`,
      )
      assert.notEqual(await solarVersion(database), before)
      const amiss = await waitUntil('what is amiss', () => liveHub.get('solar', 'p-1')?.anomalies[0])
      assert.deepEqual([amiss.kind, amiss.severity, amiss.details.pt], ['inverter_trip', 'high', 'inversor desligado à luz do dia']) // prettier-ignore
    } finally {
      stopping.abort()
      runServices(undefined)
    }
    assert.deepEqual(faults, [])
    assert.equal((await livePanels(database, beginsAt + 1, 10)).length, 0)
  })

  it('waits for a clock that is not set', async () => {
    const faults: unknown[] = []
    const live = new LivePanels(test.database, {
      ...{ hub: liveHub, clock: { now: () => Number.NaN }, clockIsSet: () => false },
      report: (error) => faults.push(error),
    })
    await live.close()
    assert.deepEqual(faults, [])
  })
})
