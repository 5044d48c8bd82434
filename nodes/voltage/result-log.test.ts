import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { officialResults } from './result-log.ts'
import { seedMeasurement, seedUnit } from './seeded-measurements.fixture.ts'

describe('the log of official results', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let ids: number[]
  before(async () => {
    await seedUnit(test.database, 'unit-1')
    ids = []
    for (const nlp of [31, 3])
      ids.push(await seedMeasurement(test.database, { unitId: 'unit-1', precarious: [nlp, 0, 0], critical: [0, 2, 0] }))
  })
  const after = (position: number, most: number) =>
    test.database.transaction((client) => officialResults.after(client, position, most))

  it('has each result once, in the order of commits, with its unit and its counts', async () => {
    const [first, second] = await after(0, 10)
    assert.deepEqual(first, {
      ...{ position: first!.position, deviceKey: first!.deviceKey, deviceId: 'meter-unit-1', unitId: 'unit-1' },
      ...{ feederId: null, startsAt: Date.parse('2026-08-10T03:00:00Z'), endedAt: Date.parse('2026-08-17T05:00:00Z') },
      ...{ valid: 1_008, precarious: [31, 0, 0], critical: [0, 2, 0] },
    })
    assert.deepEqual(second!.precarious, [3, 0, 0])
    assert.deepEqual(await after(first!.position, 10), [second])
    assert.equal((await after(0, 1)).length, 1)
    assert.deepEqual(await officialResults.lagAfter(test.database, first!.position), { batches: 1, readings: 1 })
  })

  it('has a corrected result as one that came later', async () => {
    await test.database.query(
      `insert into measurement_result (measurement_id, version, computed_at, ended_at, valid, invalid, precarious, critical, nlp, nlc,
         drp_pct, drc_pct, drp_violated, drc_violated)
       select measurement_id, 2, computed_at, ended_at, valid, invalid, '{30,0,0}', critical, 30, nlc, drp_pct, drc_pct, false, false
       from measurement_result where measurement_id = $1`,
      [ids[0]],
    )
    assert.deepEqual(
      (await after(0, 10)).map(({ precarious }) => precarious[0]),
      [31, 3, 30],
    )
  })
})
