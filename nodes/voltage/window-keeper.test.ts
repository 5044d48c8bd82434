import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { windowsOfUnit } from './window-repository.ts'
import { WindowKeeper } from './window-keeper.ts'

describe('the keeper of windows', () => {
  const test = useDatabase()
  const begin = Date.UTC(2026, 10, 20, 12)

  it('closes windows when their time has come, and corrects them when readings come late', async () => {
    const { database } = test
    await database.query(`insert into device (device_id, kind, status) values ('meter-1', 'meter', 'active')`)
    await database.query(`insert into consumer_unit (unit_id, phases, nominal_voltage_v) values ('unit-1', 'A', 220)`)
    await database.query(`insert into meter_assignment select 'unit-1', device_key, '[2020-01-01,)' from device`)
    await new Partitions(database).ensure('meter_reading', begin)
    const store = (at: number, volts: number) =>
      database.transaction(async (client) => {
        await client.query(
          `insert into meter_reading (at, batch_id, device_key, quality, va_v, interval_s, aggregation)
           select to_timestamp($1::float8 / 1000), nextval('batch_number'), device_key, 'good', $2, 300, 'rms' from device`,
          [at, volts],
        )
        await client.query(
          `select append_batch(currval('batch_number'), 1, 0, to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000))`,
          [at],
        )
      })
    let now = begin
    const errors: unknown[] = []
    const keeper = new WindowKeeper(database, {
      clock: { now: () => now, simulated: undefined },
      clockIsSet: () => true,
      ...{ settleMs: 0, leastCoverage: 0.9 },
      ...{ written: () => undefined, progress: () => undefined, report: (error) => errors.push(error) },
    })
    const windows = () => windowsOfUnit(database, 'unit-1', begin, begin + 3_600_000)
    await waitUntil(
      'the keeper to begin',
      async () => (await database.query('select from voltage_progress')).length > 0,
    )
    await store(begin + 300_000, 200)
    now = begin + 600_000
    const half = await waitUntil('the window', async () => (await windows())[0])
    assert.deepEqual(half, {
      ...{ deviceKey: half.deviceKey, start: begin, volts: [200, null, null], coverage: 0.5 },
      bands: ['precarious', null, null],
      invalid: { reason: 'coverage', evidence: { coverage: 0.5 } },
    })
    await store(begin + 600_000, 210)
    const whole = await waitUntil('the correction', async () =>
      (await windows()).find(({ coverage }) => coverage === 1),
    )
    assert.deepEqual(whole.volts, [Math.sqrt((200 ** 2 + 210 ** 2) / 2), null, null])
    assert.deepEqual(errors, [])
    await keeper.close()
  })
})
