import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { findPlant } from './plant-repository.ts'
import { dayMs, juneBegins, seedGeneration, seedRoof } from './seeded-plant.fixture.ts'
import { firstMinute, readSlots, rolledUpUntil } from './slot-repository.ts'

const minuteMs = 60_000
const noon = juneBegins + 12 * 3_600_000

describe('what panels reported, in slots of 5 minutes', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(async () => {
    await seedRoof(test.database, 2)
    await seedGeneration(test.database, 'roof', [noon, noon + 15 * minuteMs], (panelId, at) =>
      panelId === 'p-2' && at > noon ? null : 200,
    )
    await test.database.query(
      `insert into reading_minute (at, device_key, measure, total, lowest, highest, samples)
       select to_timestamp($1::float8 / 1000), device_key, m.measure::measure, m.total, m.lowest, m.highest, 15
       from device, (values ('power_w', -4500, -320, -280), ('irradiance_wm2', 12000, 790, 810)) m (measure, total, lowest, highest)
       where device_id = 'p-1'`,
      [noon + minuteMs],
    )
  })

  it('are means over all readings, generation positive, with the least and the most', async () => {
    const { keyOf } = (await findPlant(test.database, 'roof'))!
    const slots = await readSlots(test.database, keyOf, noon, noon + 15 * minuteMs)
    assert.deepEqual([...slots.keys()], [noon, noon + 5 * minuteMs, noon + 10 * minuteMs])
    const first = slots.get(noon)!.get('p-1')!
    // 5 readings of 200 W, 15 of 300 W.
    assert.deepEqual([first.powerW, first.lowestW, first.highestW, first.samples], [275, 200, 320, 20])
    assert.deepEqual([first.irradianceWm2, first.voltageV, first.currentA], [800, 40, 5])
    assert.deepEqual([...slots.get(noon)!.keys()], ['p-1', 'p-2'])
    assert.deepEqual([...slots.get(noon + 5 * minuteMs)!.keys()], ['p-1'])
    assert.equal(slots.get(noon + 5 * minuteMs)!.get('p-1')!.irradianceWm2, null)
  })

  it('begin where something is known', async () => {
    const { keyOf } = (await findPlant(test.database, 'roof'))!
    assert.equal(await firstMinute(test.database, keyOf, noon - dayMs), noon)
    assert.equal(await firstMinute(test.database, keyOf, noon + dayMs), null)
  })

  it('are there up to the oldest commit that the roll-ups have not taken', async () => {
    assert.equal(await rolledUpUntil(test.database, noon), noon)
    await test.database.query(
      `insert into batch_log (position, batch_id, readings, events, committed_at)
       values (1, 1, 1, 0, to_timestamp($1::float8 / 1000)), (2, 2, 1, 0, to_timestamp($2::float8 / 1000))`,
      [noon - 5 * minuteMs, noon - minuteMs],
    )
    assert.equal(await rolledUpUntil(test.database, noon), noon - 5 * minuteMs)
    await test.database.query(
      `insert into consumer_cursor (log, consumer, position, updated_at) values ('batch_log', 'rollups', 1, to_timestamp(0))`,
    )
    assert.equal(await rolledUpUntil(test.database, noon), noon - minuteMs)
  })
})
