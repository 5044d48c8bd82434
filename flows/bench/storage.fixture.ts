import { Client } from 'pg'
import { BatchWriter } from '../../nodes/telemetry/batch-writer.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { QuarantineBudget } from '../../nodes/telemetry/quarantine-budget.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { Registry } from '../../platform/network/registry.ts'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../../platform/runtime/embedded-database.ts'
import { Database } from '../../platform/storage/database.ts'
import { migrate } from '../../platform/storage/migrate.ts'
import type { Reading } from '../../platform/wire/reading.ts'

/** Of 125 readings are the commits at 5,000 readings a second. */
const usualCommit = 125

/** What readings take on disk, how fast they are written without anything before, and what the roll-ups save. */
export async function measureStorage(
  readings: number,
  progress: (line: string) => void,
): Promise<[name: string, value: string][]> {
  const server = await startEmbeddedDatabase()
  try {
    await migrate(server.owner, server.running.user, () => undefined)
    progress(`storage: ${readings} readings through the batch writer`)
    const disk = await inDatabase(server, (database) =>
      diskPerReading(database, { readings, devices: 1_000, batch: usualCommit }),
    )
    const gigabytes = (bytes: number): string => `${((bytes * 1e6) / 1e9).toFixed(3)} GB`
    const shares = disk.parts.map(({ name, bytes }) => `${name} ${gigabytes(bytes / readings)}`).join(', ')
    progress('storage: thirty days of one device, a reading a second')
    const hourly = await asOwner(server, hourlyAggregates)
    return [
      ['disk a million DER readings', `${gigabytes(disk.bytes)} (${shares})`],
      ['batch writer alone', `${disk.perSecond.toFixed(0)} readings/s in commits of ${usualCommit}`],
      ['hourly aggregates, 30 days', `${hourly.rollupMs.toFixed(1)} ms for ${hourly.rows} hours (median)`],
      ['  out of the raw readings', `${hourly.rawMs.toFixed(0)} ms`],
    ]
  } finally {
    await server.stop()
  }
}

async function inDatabase<T>(server: EmbeddedDatabase, work: (database: Database) => Promise<T>): Promise<T> {
  const database = new Database(server.running)
  try {
    await database.ready()
    return await work(database)
  } finally {
    await database.close()
  }
}

async function asOwner<T>(server: EmbeddedDatabase, work: (owner: Client) => Promise<T>): Promise<T> {
  const owner = new Client(server.owner)
  await owner.connect()
  try {
    return await work(owner)
  } finally {
    await owner.end()
  }
}

const types = ['pv', 'battery', 'ev'] as const
const hourMs = 3_600_000

/** A reading of a device of the fleet, with what a device of its type sends. */
function reading(device: number, at: number, n: number): Reading {
  const type = types[device % types.length]!
  const p_actual_kw = Math.round(5_000 * Math.sin(n / 1_000)) / 1_000
  const values = {
    pv: {
      p_actual_kw,
      p_max_kw: 5,
      cloud_cover_pct: n % 100,
      shortwave_radiation_wm2: n % 1_000,
      estimated_power_w: n,
    },
    battery: { p_actual_kw, p_max_kw: 5, soc: (n % 1_000) / 1_000 },
    ev: { p_actual_kw, p_max_kw: 7, p_setpoint_kw: (n % 70) / 10 },
  }[type]
  return { deviceId: deviceId(device), kind: 'der', at, receivedAt: at + 20, values, labels: { type }, quality: 'good' }
}
const deviceId = (device: number): string => `disk-${device}`

/**
 * Writes DER readings of many devices as they would come, one a device and second, in commits of the usual size.
 * @returns bytes on disk a reading, with indexes, and the readings written a second
 */
async function diskPerReading(
  database: Database,
  { readings, devices, batch }: { readings: number; devices: number; batch: number },
): Promise<{ bytes: number; perSecond: number; parts: { name: string; bytes: number }[] }> {
  const registry = new Registry(database, 'register', (error) => {
    throw error
  })
  const budget = new QuarantineBudget(1e6, platformClock)
  const writer = new BatchWriter(database, registry, new Partitions(database), budget)
  await registry.ready()
  await registry.contact(
    Array.from({ length: devices }, (_, device) => ({ deviceId: deviceId(device), kind: 'der' as const })),
  )
  const start = Date.now() - 2 * hourMs
  const began = performance.now()
  for (let n = 0; n < readings;) {
    const payload: Reading[] = []
    for (; payload.length < batch && n < readings; n++) {
      const device = n % devices
      payload.push(reading(device, start + Math.floor(n / devices) * 1_000 + (device % 997), n))
    }
    await writer.write({ topic: 'der', payload })
  }
  const perSecond = readings / ((performance.now() - began) / 1_000)
  await writer.close()
  await registry.close()
  const [{ stored } = { stored: 0 }] = await database.query<{ stored: number }>(
    'select count(*)::float8 as stored from der_reading',
  )
  if (stored !== readings) throw new Error(`${stored} of ${readings} readings are stored`)
  const parts = await database.query<{ name: string; bytes: number }>(
    `select regexp_replace(relname, '_[0-9]{8}', '') as name, sum(pg_relation_size(oid))::float8 as bytes
     from pg_class where relname like 'der_reading_2%' and relkind in ('r', 'i') group by 1
     union all select 'batch_log', pg_total_relation_size('batch_log')::float8 order by 2 desc`,
  )
  return { bytes: parts.reduce((sum, part) => sum + part.bytes, 0) / readings, perSecond, parts }
}

const days = 30

/**
 * Hourly aggregates of one device over thirty days of one-second readings, out of the roll-ups and out of the readings.
 * @returns medians, ms
 */
async function hourlyAggregates(owner: Client): Promise<{ rows: number; rollupMs: number; rawMs: number }> {
  const { rows: made } = await owner.query<{ device_key: number }>(
    `insert into device (device_id, kind, status) values ('hourly', 'der', 'active') returning device_key`,
  )
  const device = made[0]!.device_key
  const span = `date_trunc('day', now(), 'UTC') - interval '${days} days'`
  await owner.query(
    `select ensure_partition(parent, ${span} + d * interval '1 day')
     from generate_series(0, ${days}) d, unnest(array['der_reading', 'reading_hour']) parent`,
  )
  await owner.query(
    `insert into der_reading (at, batch_id, device_key, quality, p_actual_kw, p_max_kw, soc)
     select ${span} + s * interval '1 second', 0, $1, 'good', sin(s / 5000.0) * 4, 4, 0.5
     from generate_series(0, ${days} * 86400 - 1) s`,
    [device],
  )
  await owner.query(
    `insert into reading_hour (at, device_key, measure, total, lowest, highest, samples)
     select date_trunc('hour', at, 'UTC'), device_key, m.measure::measure, sum(value), min(value), max(value), count(*)
     from der_reading, lateral (values ('p_actual_kw', p_actual_kw), ('soc', soc)) as m (measure, value)
     where device_key = $1 group by 1, 2, 3`,
    [device],
  )
  await owner.query('analyze der_reading')
  await owner.query('analyze reading_hour')
  const rollup = await medianMs(owner, 9, hourlyFromRollups, [device])
  const raw = await medianMs(owner, 3, hourlyFromReadings, [device])
  if (rollup.rows !== days * 24 || raw.rows !== days * 24)
    throw new Error(`${rollup.rows} and ${raw.rows} hours, not ${days * 24}`)
  return { rows: rollup.rows, rollupMs: rollup.ms, rawMs: raw.ms }
}

const hourlyFromRollups = `
  select at, total / samples as mean, lowest, highest, samples from reading_hour
  where device_key = $1 and measure = 'p_actual_kw' and at >= now() - interval '${days + 1} days' order by at`
const hourlyFromReadings = `
  select date_trunc('hour', at, 'UTC') as at, avg(p_actual_kw) as mean, min(p_actual_kw) as lowest,
    max(p_actual_kw) as highest, count(*) as samples
  from der_reading where device_key = $1 and at >= now() - interval '${days + 1} days' group by 1 order by 1`

async function medianMs(client: Client, times: number, text: string, values: unknown[]) {
  const taken: number[] = []
  let rows = 0
  for (let time = 0; time < times; time++) {
    const began = performance.now()
    rows = (await client.query(text, values)).rows.length
    taken.push(performance.now() - began)
  }
  return { rows, ms: taken.toSorted((one, other) => one - other)[Math.floor(times / 2)]! }
}
