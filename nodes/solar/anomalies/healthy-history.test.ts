import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { PanelSample } from '../domain/plant.ts'
import { dayMs, juneBegins, seedGeneration, seedRoof, timeZone } from '../slots/seeded-plant.fixture.ts'
import { doubtsOf, enterDoubts, forgetDoubts } from './doubt-repository.ts'
import { healthyHistory } from './healthy-history.ts'

const hourMs = 3_600_000
const [ten, eleven, noon] = [10, 11, 12].map((hour) => juneBegins + hour * hourMs) as [number, number, number]

describe('the healthy history of a site', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let keys: Map<string, number>

  before(async () => {
    await seedRoof(test.database, 4)
    const { keyOf } = await seedGeneration(test.database, 'roof', [juneBegins, juneBegins + 2 * dayMs])
    keys = new Map(keyOf)
  })

  const history = async (from: number, to: number): Promise<(readonly PanelSample[])[]> => {
    const days: (readonly PanelSample[])[] = []
    const pieces = healthyHistory(test.database, civilDaysIn(timeZone), 'roof', { from, to })
    for await (const piece of pieces) days.push(piece)
    return days
  }

  it('comes a civil day at a time, by daylight', async () => {
    const [first, second] = await history(juneBegins, juneBegins + 2 * dayMs)
    assert.equal(first!.length, second!.length)
    // Ten hours or so of daylight, 4 panels, 12 slots an hour.
    assert.ok(first!.length > 4 * 12 * 8 && first!.length < 4 * 12 * 11, `${first!.length} samples`)
    assert.ok(first!.every(({ powerW }) => powerW! > 0))
    assert.deepEqual(await healthyHistory(test.database, civilDaysIn(timeZone), 'bare', { from: 0, to: 1 }).next(), { done: true, value: undefined }) // prettier-ignore
  })

  it('leaves out what was doubted, and panels while something was amiss with them or their site', async () => {
    const count = async () => (await history(ten, noon))[0]!.length
    assert.equal(await count(), 4 * 24)
    const doubt = { deviceKey: keys.get('p-1')! }
    await enterDoubts(test.database, [
      { ...doubt, from: ten, until: ten + hourMs / 4 },
      { ...doubt, from: ten + hourMs / 4, until: ten + hourMs / 2 },
    ])
    assert.equal(await count(), 4 * 24 - 6)
    const amiss = (panelId: string | null, kind: string, from: number, to: number) =>
      test.database.query(
        `insert into solar_anomaly (plant_id, device_key, kind, began_at, found_at, changed_at, ended_at, severity, panel_ids, evidence, recommendations)
         values ('roof', $1, $2, to_timestamp($3::float8 / 1000), to_timestamp(0), to_timestamp(0), to_timestamp($4::float8 / 1000), 'low',
           '{}', '[]', '{}')`,
        [panelId && keys.get(panelId), kind, from, to],
      )
    await amiss('p-2', 'soiling', eleven, noon)
    assert.equal(await count(), 4 * 24 - 6 - 12)
    await amiss('p-3', 'unusual', ten, noon)
    assert.equal(await count(), 4 * 24 - 6 - 12)
    await amiss(null, 'inverter_trip', ten, eleven)
    assert.equal(await count(), 3 * 12)
  })

  it('keeps doubts that go on as one, and lets go of old ones', async () => {
    const found = () => doubtsOf(test.database, 'nowhere', [keys.get('p-1')!], juneBegins, noon)
    assert.deepEqual(await found(), [{ deviceKey: keys.get('p-1'), from: ten, until: ten + hourMs / 2 }])
    await forgetDoubts(test.database, noon)
    assert.deepEqual(await found(), [])
  })
})
