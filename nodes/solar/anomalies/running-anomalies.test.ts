import assert from 'node:assert/strict'
import { afterEach, before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import type { AnomalyChange } from '../domain/detectors/anomaly.ts'
import { cursorsOf } from '../slots/cursor-repository.ts'
import { dayMs, juneBegins, seedGeneration, seedRoof, timeZone } from '../slots/seeded-plant.fixture.ts'
import { lastingAnomalies, listAnomalies } from './anomaly-repository.ts'
import { RunningAnomalies } from './running-anomalies.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

describe('what is amiss with panels', function () {
  this.timeout(120_000)
  const test = useDatabase()
  const changes: AnomalyChange[] = []
  const said: Condition[] = []
  const faults: string[] = []
  let scored = 0
  let now: number
  let running: RunningAnomalies | undefined

  /** `p-1` is dead from ten to two o'clock. */
  const generated = (panelId: string, at: number, expectedW: number): number => {
    const hour = ((at - juneBegins) % dayMs) / hourMs
    return panelId === 'p-1' && hour >= 10 && hour < 14 && at < juneBegins + dayMs ? 0 : expectedW
  }

  before(async () => {
    await seedRoof(test.database, 6)
    await seedGeneration(test.database, 'roof', [juneBegins, juneBegins + dayMs + 6 * hourMs], generated)
  })
  afterEach(() => running?.close())

  const run = (): void => {
    running = new RunningAnomalies(test.database, {
      ...{ clock: { now: () => now }, clockIsSet: () => true, timeZone, keepMs: 400 * dayMs },
      scores(_siteId, samples) {
        scored += samples.length
        return Promise.resolve(samples.map(() => 0.4))
      },
      changed: (of) => changes.push(...of),
      conditions: (of) => said.push(...of),
      progress: () => undefined,
      report: (error) => faults.push(String(error)),
    })
  }
  const reach = async (at: number): Promise<void> => {
    now = at + minuteMs
    await waitUntil('the end of what there is', async () => {
      return (await cursorsOf(test.database, 'anomaly', ['roof'])).get('roof') === at
    })
  }

  it('is found while it lasts, and kept with what shows it', async () => {
    now = juneBegins + 12 * hourMs + minuteMs
    run()
    await reach(juneBegins + 12 * hourMs)
    const lasting = await lastingAnomalies(test.database, 10)
    assert.deepEqual(
      lasting.map(({ panelId, kind, siteId, feederId, endedAt }) => [panelId, kind, siteId, feederId, endedAt]),
      [['p-1', 'zero_output', 'roof', 'f-1', null]],
    )
    const [one] = lasting
    assert.equal(one!.since, juneBegins + 10 * hourMs)
    assert.ok(one!.foundAt > one!.since && one!.foundAt <= one!.since + hourMs)
    assert.ok(one!.evidence.length > 0 && one!.recommendations.length > 0)
    assert.ok(scored > 300, `${scored} samples scored`)
    await waitUntil('the condition', () => said.length > 0)
    assert.deepEqual([said[0]!.key, said[0]!.state, said[0]!.deviceId], ['solar/panel-fault/p-1', 'active', 'p-1'])
    assert.deepEqual(faults, [])
  })

  it('goes on after a stop where it was, and ends once', async () => {
    now = juneBegins + 12 * hourMs + minuteMs
    run()
    await reach(juneBegins + dayMs + 6 * hourMs)
    assert.deepEqual(
      changes.map(({ change, anomaly }) => [change, anomaly.kind, anomaly.panelId]),
      [
        ['begun', 'zero_output', 'p-1'],
        ['ended', 'zero_output', 'p-1'],
      ],
    )
    const all = await listAnomalies(test.database, { panelId: 'p-1' }, { before: undefined, limit: 10 })
    assert.equal(all.length, 1)
    assert.ok(all[0]!.endedAt! >= juneBegins + 14 * hourMs)
    assert.deepEqual(await lastingAnomalies(test.database, 10), [])
    assert.deepEqual(faults, [])
  })

  it('is doubted only while something is amiss', async () => {
    const doubts = await test.database.query<{ panelId: string; from: number }>(
      `select device_id as "panelId", extract(epoch from from_at)::float8 * 1000 as from from solar_doubt join device using (device_key)`,
    )
    assert.ok(doubts.length > 0)
    for (const { panelId, from } of doubts)
      assert.ok(panelId === 'p-1' && from >= juneBegins + 10 * hourMs && from < juneBegins + 15 * hourMs)
  })

  it('is no more of a panel that is gone, nor of detectors that begin anew', async () => {
    const begin = (panelId: string) =>
      test.database.query(
        `insert into solar_anomaly (plant_id, device_key, kind, began_at, found_at, changed_at, severity, panel_ids, evidence, recommendations)
         select 'roof', device_key, 'soiling', to_timestamp(0), to_timestamp(0), to_timestamp(0), 'low', array[device_id], '[]', '{clean}'
         from device where device_id = $1`,
        [panelId],
      )
    await begin('p-2')
    await begin('p-3')
    await test.database.query(`update device set site_id = 'bare' where device_id = 'p-3'`)
    await test.database.query(`update solar_detector_state set version = 0 where plant_id = 'roof'`)
    now = juneBegins + dayMs + 6 * hourMs + minuteMs
    run()
    await waitUntil('the end of the one that is gone', async () => {
      const lasting = await lastingAnomalies(test.database, 10)
      return lasting.length === 1 && lasting[0]!.panelId === 'p-2'
    })
    await reach(juneBegins + dayMs + 6 * hourMs + 5 * minuteMs)
    assert.deepEqual(await lastingAnomalies(test.database, 10), [])
    assert.deepEqual(faults, [])
  })
})
