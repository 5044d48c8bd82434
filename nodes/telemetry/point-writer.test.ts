import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { Registry } from '../../platform/network/registry.ts'
import { batchesAfter, type LoggedBatch } from '../../platform/storage/batch-log.ts'
import { InfluxConnection } from '../../platform/storage/influxdb-connection.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import {
  hasInfluxd,
  testInfluxd,
  withoutInfluxd,
  type TestInfluxd,
} from '../../platform/storage/time-series-servers.fixture.ts'
import type { FieldEvent, Reading, ReadingKind } from '../../platform/wire/reading.ts'
import { BatchWriter } from './batch-writer.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { PointWriter } from './point-writer.ts'
import { QuarantineBudget } from './quarantine-budget.ts'

const at = Date.UTC(2026, 10, 21, 12)
const { signal } = new AbortController()

const reading = (
  kind: ReadingKind,
  deviceId: string,
  atMs: number,
  values: Record<string, number>,
  labels?: Record<string, string>,
): Reading => ({ kind, deviceId, at: atMs, receivedAt: atMs + 5, values, quality: 'good', ...(labels && { labels }) })
const meter = (deviceId: string, atMs: number, volts: number): Reading =>
  reading('meter', deviceId, atMs, { va_v: volts, interval_s: 600 }, { aggregation: 'rms' })
const event = (deviceId: string, eventId: string, phases?: string): FieldEvent => ({
  ...{ deviceId, eventId, type: 'power_lost', at, receivedAt: at + 5, quality: 'good' },
  ...(phases && { phases }),
  cause: 'a "tree"\non the line \\ again',
})

describe('points of what was stored', function () {
  this.timeout(60_000)
  let influx: TestInfluxd
  let registry: Registry
  let writer: BatchWriter
  let cursor = 0

  // Before the database goes: it would be asked once more.
  after(async () => {
    await writer?.close()
    await registry?.close()
    await influx?.remove()
  })
  const test = useDatabase()

  before(async function () {
    if (!hasInfluxd) {
      process.stdout.write(`      ${withoutInfluxd}\n`)
      this.skip()
    }
    influx = await testInfluxd()
    registry = new Registry(test.database, 'register', (error) => assert.fail(String(error)))
    await registry.ready()
    const place = { siteId: 'house-1', feederId: 'feeder-01' }
    await registry.contact([
      { deviceId: 'pv-1', kind: 'der', derType: 'pv', ...place },
      { deviceId: 'panel-1', kind: 'panel' },
      { deviceId: 'meter-1', kind: 'meter' },
      { deviceId: 'switch-1', kind: 'switch', feederId: 'feeder-01' },
    ])
    // Registered one by one, so that their numbers are in this order.
    for (const n of [2, 3, 4]) await registry.contact([{ deviceId: `meter-${n}`, kind: 'meter', ...place }])
    await test.database.query(
      `insert into consumer_unit (unit_id, site_id, nominal_voltage_v) values ('unit-007', 'house-1', 127)`,
    )
    await test.database.query(
      `insert into meter_assignment (unit_id, device_key, validity)
       select 'unit-007', device_key, tstzrange('2020-01-01', null) from device where device_id = 'meter-1'`,
    )
    writer = new BatchWriter(
      test.database,
      registry,
      new Partitions(test.database),
      new QuarantineBudget(1e6, { now: () => at }),
    )
  })

  const next = async (): Promise<LoggedBatch[]> => {
    const batches = await test.database.transaction((client) => batchesAfter(client, cursor, 1e6))
    cursor = batches.at(-1)?.position ?? cursor
    return batches
  }
  const points = (maxSeries = 1_000): PointWriter =>
    new PointWriter(test.database, new InfluxConnection(influx.settings), maxSeries, { now: () => at })

  it('are one a reading: measures, words and quality in fields, device and place in tags', async () => {
    await Promise.all([
      writer.write({
        topic: 'der',
        payload: [reading('der', 'pv-1', at, { p_actual_kw: -2.5, soc: 1e-7 }, { type: 'pv' })],
      }),
      writer.write({
        topic: 'panel',
        payload: [
          reading('panel', 'panel-1', at + 1, {
            ...{ temperature_celsius: 41.5, voltage_volts: 30, current_amperes: 2, power_w: -60, irradiance_wm2: 640 },
          }),
        ],
      }),
      writer.write({ topic: 'meter', payload: [meter('meter-1', at + 2, 127.3)] }),
      writer.write({
        topic: 'switch',
        payload: [reading('switch', 'switch-1', at + 3, { ia_a: 17 }, { position: 'closed', mode: 'remote' })],
      }),
    ])
    assert.deepEqual(await points().write(await next(), signal), { written: 4, refused: 0 })
    const time = (ms: number): string => `${at + ms}000000`
    const place = { feeder: 'feeder-01', site: 'house-1' }
    assert.deepEqual(await influx.query('select * from der'), [
      { time: time(0), device: 'pv-1', ...place, type: 'pv', p_actual_kw: -2.5, soc: 1e-7, quality: 'good' },
    ])
    assert.deepEqual(await influx.query('select * from panel'), [
      {
        ...{ time: time(1), device: 'panel-1', quality: 'good' },
        ...{ temperature_celsius: 41.5, voltage_volts: 30, current_amperes: 2, power_w: -60, irradiance_wm2: 640 },
      },
    ])
    // Its place is that of the unit it measures, which itself is not named.
    assert.deepEqual(await influx.query('select * from meter'), [
      { time: time(2), device: 'meter-1', ...place, va_v: 127.3, interval_s: 600, aggregation: 'rms', quality: 'good' },
    ])
    assert.deepEqual(await influx.query('select * from switch'), [
      {
        ...{ time: time(3), device: 'switch-1', feeder: 'feeder-01', quality: 'good' },
        ...{ ia_a: 17, position: 'closed', mode: 'remote' },
      },
    ])
    assert.doesNotMatch(JSON.stringify(await influx.query('show series')), /unit-007/)
  })

  it('carry what an instrument reports of voltage quality, and where the contact stands of a meter that says it', async () => {
    const values = { va_v: 127, interval_s: 600, unbalance_pct: 0.8, dtt_b_pct: 3.5, pst_c_pu: 0.25 }
    await writer.write({
      topic: 'meter',
      payload: [
        reading('meter', 'meter-1', at + 9, values, { aggregation: 'rms', contact: 'closed' }),
        meter('meter-1', at + 10, 128),
      ],
    })
    assert.deepEqual(await points().write(await next(), signal), { written: 2, refused: 0 })
    const tags = { device: 'meter-1', feeder: 'feeder-01', site: 'house-1', aggregation: 'rms', quality: 'good' }
    assert.deepEqual(await influx.query(`select * from meter where time >= ${at + 9}000000`), [
      { time: `${at + 9}000000`, ...tags, ...values, contact: 'closed' },
      // InfluxDB's way to say that a point has no such field.
      {
        ...{ time: `${at + 10}000000`, ...tags, va_v: 128, interval_s: 600 },
        ...{ unbalance_pct: null, dtt_b_pct: null, pst_c_pu: null, contact: null },
      },
    ])
  })

  it('of events carry their words whatever stands in them', async () => {
    await writer.write({ topic: 'event', payload: [event('pv-1', 'e-1', 'AB'), event('meter-2', 'e-2')] })
    assert.deepEqual(await points().write(await next(), signal), { written: 2, refused: 0 })
    assert.deepEqual(
      (await influx.query('select * from event')).map(({ device_id, event_id, feeder, type, phases, cause }) => ({
        ...{ device_id, event_id, feeder, type, phases, cause },
      })),
      [
        {
          ...{ device_id: 'pv-1', event_id: 'e-1', feeder: 'feeder-01', type: 'power_lost', phases: 'AB' },
          cause: 'a "tree"\non the line \\ again',
        },
        {
          ...{ device_id: 'meter-2', event_id: 'e-2', feeder: 'feeder-01', type: 'power_lost', phases: null },
          cause: 'a "tree"\non the line \\ again',
        },
      ],
    )
  })

  it('beyond the series there is room for share one, and none takes the place of another', async () => {
    const begin = at + 3_600_000
    const payload = [1, 2, 3, 4].flatMap((n) => [0, 1_000].map((ms) => meter(`meter-${n}`, begin + ms, 120 + n)))
    await writer.write({ topic: 'meter', payload })
    const batches = await next()
    // Room for the first five devices: meter-2 is the fifth.
    for (let time = 0; time < 2; time++)
      assert.deepEqual(await points(5).write(batches, signal), { written: 8, refused: 0 })
    const since = `time >= ${begin}ms and time < ${begin + 2_000}ms`
    assert.deepEqual(
      await influx.query(`select count(va_v) from meter where ${since} and device =~ /./ group by device`),
      [
        { device: 'meter-1', time: `${begin}000000`, count: 2 },
        { device: 'meter-2', time: `${begin}000000`, count: 2 },
      ],
    )
    assert.deepEqual(
      (await influx.query(`select device_id, va_v from meter where ${since} and device = ''`)).map(
        ({ device_id, va_v }) => [device_id, va_v],
      ),
      [
        ['meter-3', 123],
        ['meter-4', 124],
        ['meter-3', 123],
        ['meter-4', 124],
      ],
    )
    const [sum] = await influx.query(
      `select sum(v) as v from (select mean(va_v) as v from meter where ${since} group by time(1s), device) where ${since}`,
    )
    assert.ok((sum!['v'] as number) > 0, 'InfluxQL reaches into whole milliseconds')
    const series = (await influx.query('show series from meter')).map(({ key }) => key)
    assert.deepEqual(series, [
      'meter,device=meter-1,feeder=feeder-01,site=house-1',
      'meter,device=meter-2,feeder=feeder-01,site=house-1',
      'meter,feeder=feeder-01',
    ])
  })

  it('of a device that comes while there is no more room are in the shared series from the first', async () => {
    const begin = at + 5_400_000
    const [counted] = await test.database.query<{ devices: number }>('select count(*)::integer as devices from device')
    const room = points(counted!.devices)
    await writer.write({ topic: 'meter', payload: [meter('meter-4', begin, 124)] })
    await room.write(await next(), signal)
    await registry.contact([{ deviceId: 'meter-5', kind: 'meter', feederId: 'feeder-01' }])
    await writer.write({ topic: 'meter', payload: [meter('meter-5', begin, 125)] })
    assert.deepEqual(await room.write(await next(), signal), { written: 1, refused: 0 })
    const rows = await influx.query(`select device, device_id, va_v from meter where time >= ${begin}ms`)
    assert.deepEqual(
      rows.map(({ device, device_id, va_v }) => [device, device_id, va_v]),
      [
        ['meter-4', null, 124],
        [null, 'meter-5', 125],
      ],
    )
  })

  it('that InfluxDB refuses are counted, with the reason, and the others are there', async () => {
    const begin = at + 7_200_000
    await influx.query(`drop measurement switch`)
    await new InfluxConnection(influx.settings).write([`switch,device=other ia_a="much" ${begin}000000`], signal)
    await writer.write({
      topic: 'switch',
      payload: [
        reading('switch', 'switch-1', begin, { ia_a: 17 }, { position: 'open', mode: 'local' }),
        reading('switch', 'switch-1', begin + 1, {}, { position: 'open', mode: 'local' }),
      ],
    })
    await writer.write({ topic: 'meter', payload: [meter('meter-1', begin, 127)] })
    const { written, refused, reason } = await points().write(await next(), signal)
    assert.deepEqual([written, refused], [2, 1])
    assert.match(reason!, /field type conflict/)
    const [stored] = await test.database.query('select count(*)::integer as stored from switch_reading')
    assert.deepEqual(stored, { stored: 3 })
  })

  it('of more readings than one request takes are all there', async () => {
    const begin = at + 10_800_000
    const payload = Array.from({ length: 12_001 }, (_, n) =>
      reading('der', 'pv-1', begin + n, { p_actual_kw: n, p_max_kw: 5 }, { type: 'pv' }),
    )
    for (let from = 0; from < payload.length; from += 4_000)
      await writer.write({ topic: 'der', payload: payload.slice(from, from + 4_000) })
    assert.deepEqual(await points().write(await next(), signal), { written: 12_001, refused: 0 })
    const [counted] = await influx.query(
      `select count(p_actual_kw), sum(p_actual_kw) from der where time >= ${begin}ms`,
    )
    assert.deepEqual([counted!['count'], counted!['sum']], [12_001, (12_000 * 12_001) / 2])
  })
})
