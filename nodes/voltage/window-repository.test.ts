import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { windowsChangedAfter } from './change-repository.ts'
import { beginProgress, lockProgress, nextChange } from './progress-repository.ts'
import { recountWeeks } from './week-repository.ts'
import { windowBatches } from './window-messages.ts'
import { dropWindowsBefore, writeWindows, type StoredWindow } from './window-repository.ts'

const begin = Date.UTC(2026, 10, 20, 12)
const windowMs = 600_000
const dayMs = 86_400_000

describe('windows in the database', () => {
  const test = useDatabase()
  const late = { closedUntil: begin + dayMs, now: begin + dayMs, batchIds: new Map<number, number | null>() }
  const windowOf = (deviceKey: number, index: number, volts: number): StoredWindow => ({
    ...{ deviceKey, start: begin + index * windowMs, volts: [volts, null, null], coverage: 1 },
    bands: ['adequate', null, null],
  })
  const write = (windows: StoredWindow[]) =>
    test.database.transaction(async (client) => {
      await beginProgress(client, begin + dayMs, 0)
      await lockProgress(client)
      return writeWindows(client, windows, late, false)
    })

  it('begin once: whoever looks meanwhile waits, and does not take it for not begun', async () => {
    const { database } = test
    let end = (): void => undefined
    const held = new Promise<void>((resolve) => (end = resolve))
    let begun = (): void => undefined
    const inside = new Promise<void>((resolve) => (begun = resolve))
    const beginning = database.transaction(async (client) => {
      assert.equal(await lockProgress(client), undefined)
      await beginProgress(client, begin, 0)
      begun()
      await held
    })
    await inside
    const looking = database.transaction((client) => lockProgress(client))
    await waitUntil('somebody who waits', async () => {
      const waiting = await database.query(`select from pg_locks where locktype = 'advisory' and not granted`)
      return waiting.length === 1
    })
    end()
    await beginning
    assert.deepEqual(await looking, { closedUntil: begin, closingUntil: begin, closingAfter: 0 })
    await database.query('delete from voltage_progress')
  })

  it('are followed in the order of commits, and those that stay the same are not written', async () => {
    const { database } = test
    await database.query(
      `insert into device (device_id, kind, status) values ('m-1', 'meter', 'active'), ('m-2', 'meter', 'active')`,
    )
    await database.query(`insert into feeder values ('f-1')`)
    await database.query(`insert into consumer_unit (unit_id, feeder_id, nominal_voltage_v) values ('u-1', 'f-1', 220)`)
    await database.query(
      `insert into meter_assignment select 'u-1', device_key, tstzrange(to_timestamp($1), null) from device where device_id = 'm-1'`,
      [(begin + windowMs) / 1_000],
    )
    const partitions = new Partitions(database)
    for (const table of ['voltage_window', 'voltage_correction']) await partitions.ensure(table, begin)
    assert.equal(await write([windowOf(1, 0, 220), windowOf(1, 1, 221)]), 2)
    assert.equal(await write([windowOf(2, 0, 222)]), 1)
    assert.equal(await write([windowOf(1, 0, 220)]), 0)
    assert.equal(await write([windowOf(1, 1, 219), windowOf(1, 0, 220)]), 1)
    const after = async (position: number, most: number) =>
      (await database.transaction((client) => windowsChangedAfter(client, position, most))).map(
        ({ changed, deviceId, start, volts, unitId, feederId }) => [
          changed,
          deviceId,
          (start - begin) / windowMs,
          volts[0],
          unitId,
          feederId,
        ],
      )
    const all = await after(0, 10)
    assert.deepEqual(all, [
      [1, 'm-1', 0, 220, null, null],
      [2, 'm-2', 0, 222, null, null],
      [4, 'm-1', 1, 219, 'u-1', 'f-1'],
    ])
    assert.deepEqual(await after(0, 1), all.slice(0, 1))
    assert.deepEqual(await after(1, 2), all.slice(1))
    assert.deepEqual(await after(4, 9), [])
    const sent: (readonly [string, number])[] = []
    for await (const { payload } of windowBatches(database, 0, 2, 1))
      sent.push(...payload.map(({ deviceId, start }) => [deviceId, (start - begin) / windowMs] as const))
    assert.deepEqual(sent, [
      ['m-1', 0],
      ['m-2', 0],
    ])
  })

  it('are written by one at a time: whoever comes second has the greater number', async () => {
    const { database } = test
    const numbers: number[] = []
    await Promise.all(
      Array.from({ length: 5 }, () =>
        database.transaction(async (client) => {
          await lockProgress(client)
          const number = await nextChange(client)
          await client.query('select pg_sleep(0.01)')
          numbers.push(number)
        }),
      ),
    )
    assert.deepEqual(
      numbers,
      numbers.toSorted((one, other) => one - other),
    )
  })

  it('move the week of their meter, which a recount confirms', async () => {
    const weeks = () => test.database.query('select * from voltage_week order by device_key')
    const kept = await weeks()
    assert.equal(kept.length, 2)
    await test.database.transaction((client) => recountWeeks(client, late.closedUntil))
    assert.deepEqual(await weeks(), kept)
  })

  it('go when their time has come, but not before the week has done with them', async () => {
    const { database } = test
    const left = async () => (await database.query('select from voltage_window')).length
    await dropWindowsBefore(database, begin + 2 * dayMs, begin + 2 * dayMs)
    assert.equal(await left(), 3)
    await database.query(`update voltage_progress set closed_until = to_timestamp($1::float8 / 1000)`, [
      begin + 10 * dayMs,
    ])
    // The week of a meter that has been silent is not kept either.
    await database.query(`update voltage_week set valid = 0, until = to_timestamp($1::float8 / 1000)`, [
      begin + 10 * dayMs,
    ])
    await dropWindowsBefore(database, begin + dayMs, Date.now() + 60 * dayMs)
    const weeks = await database.query('select from voltage_week')
    assert.equal(weeks.length, 0)
  })
})
