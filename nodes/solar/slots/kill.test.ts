import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import type { DatabaseLogin } from '../../../platform/runtime/embedded-database.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { useDatabase, type TestDatabase } from '../../../platform/storage/test-database.ts'
import { RunningAnomalies } from '../anomalies/running-anomalies.ts'
import { RunningPerformance } from '../performance/running-performance.ts'
import { cursorsOf } from './cursor-repository.ts'
import { runAndKill } from './keeper-process.fixture.ts'
import { dayMs, juneBegins, seedGeneration, seedRoof, timeZone } from './seeded-plant.fixture.ts'

const days = 3
const until = juneBegins + days * dayMs + 2 * 3_600_000
const task = { now: until + 60_000 }
const kills = 4

describe('kill -9 of those who read slots', function () {
  this.timeout(240_000)
  const killed = useDatabase()
  const whole = useDatabase()
  const running: { close(): Promise<void> }[] = []

  /** Panels die and come back, a day each. */
  const generated = (panelId: string, at: number, expectedW: number): number => {
    const day = Math.floor((at - juneBegins) / dayMs)
    return panelId === `p-${day}` ? 0 : expectedW
  }
  const seed = async ({ database }: TestDatabase): Promise<void> => {
    await seedRoof(database, 4)
    await seedGeneration(database, 'roof', [juneBegins, until], generated)
  }
  before(() => Promise.all([seed(killed), seed(whole)]))
  after(() => Promise.all(running.map((one) => one.close())))

  const runToTheEnd = async (database: Database): Promise<void> => {
    const faults: unknown[] = []
    const usual = {
      ...{ clock: { now: () => task.now }, clockIsSet: () => true, timeZone, keepMs: 400 * dayMs },
      ...{ progress: () => undefined, report: (error: unknown) => faults.push(error) },
    }
    running.push(
      new RunningPerformance(database, { ...usual, found: () => undefined }),
      new RunningAnomalies(database, {
        ...{ ...usual, scores: () => Promise.resolve(null), changed: () => undefined, conditions: () => undefined },
      }),
    )
    for (const consumer of ['performance', 'anomaly'] as const)
      await waitUntil(
        `the end of ${consumer}`,
        async () => (await cursorsOf(database, consumer, ['roof'])).get('roof') === until,
        60_000,
      )
    assert.deepEqual(faults, [])
  }
  const kept = async (database: Database) => ({
    days: await database.query('select to_jsonb(d) as day from solar_panel_day d order by device_key, begins_at'),
    slots: await database.query('select to_jsonb(s) as slot from solar_plant_slot s order by plant_id, at'),
    anomalies: await database.query(
      `select to_jsonb(a) - 'anomaly_id' as anomaly from solar_anomaly a order by began_at, device_key, kind`,
    ),
    doubts: await database.query('select to_jsonb(d) as doubt from solar_doubt d order by device_key, from_at'),
    state: await database.query('select state from solar_detector_state order by plant_id'),
    // Which steps they were is another matter: all slots once.
    rounds: await database.query(
      `select plant_id, sum(slots)::integer as slots from solar_round group by plant_id order by plant_id`,
    ),
  })

  it('loses nothing, and does nothing twice', async () => {
    await runToTheEnd(whole.database)
    for (let kill = 0; kill < kills; kill++)
      await runAndKill({ ...task, login: killed.login as DatabaseLogin }, kill % 2, 40 * kill)
    const reached = (await cursorsOf(killed.database, 'anomaly', ['roof'])).get('roof') ?? 0
    assert.ok(reached < until, 'it was never killed in the midst of its work')
    await runToTheEnd(killed.database)
    const [one, other] = [await kept(killed.database), await kept(whole.database)]
    assert.deepEqual(one, other)
    assert.equal(one.anomalies.length, days - 1)
    assert.equal(one.days.length, 4 * (days + 1))
  })
})
