import { Client } from 'pg'
import type { RunningDatabase } from '../../flows/running-system.fixture.ts'
import { InfluxConnection, type InfluxSettings } from '../../platform/storage/influxdb-connection.ts'
import { earlier } from './line-recorder.fixture.ts'

/** How far back what came in is repeated, days: what is aggregated, and what is not (readings, minutes, points in InfluxDB). */
export interface Repetition {
  readonly days: number
  readonly singleDays: number
}

/** What came in between two instants, UTC ms, and how far back it is repeated. */
export interface Past extends Repetition {
  readonly start: number
  readonly end: number
}

const dayMs = 86_400_000
const hourMs = 3_600_000
/** Points in a request, as our client sends them. */
const pointsAtOnce = 5_000

/** A table whose rows are repeated, all their instants and days at a distance: that of what came in, or so that it is daily or monthly. */
interface Repeated {
  readonly table: string
  readonly step: 'span' | 'day' | 'month'
  readonly over: keyof Repetition
  /** Of the rows that are repeated. */
  readonly where?: string
  /** What is told otherwise with the n-th repetition, beside instants: numbers that are given once. */
  readonly told?: Readonly<Record<string, string>>
}

const daily = { step: 'day', over: 'days' } as const
const overAll = { step: 'span', over: 'days' } as const
const overSingle = { step: 'span', over: 'singleDays' } as const
const monthly = { step: 'month', over: 'days' } as const
const numberedAnew = (...columns: readonly string[]): Record<string, string> =>
  Object.fromEntries(columns.map((column) => [column, `${column} - n * 10000000`]))
const ofCommand = { command_id: 'md5(command_id::text || n)::uuid' }
const ofOccurrence = { occurrence: 'occurrence - n * 1000' }

/** What baselines and forecasts are made of. */
const judgedBy: readonly Repeated[] = [
  { table: 'reading_hour', ...overAll },
  { table: 'solar_panel_day', ...daily, told: { is_final: 'true' } },
]

const restOfPast: readonly Repeated[] = [
  { table: 'reading_minute', ...overSingle },
  { table: 'meter_reading', ...overSingle },
  { table: 'der_reading', ...overSingle },
  { table: 'panel_reading', ...overSingle },
  { table: 'field_event', ...overAll, told: { event_id: "event_id || '/' || n" } },
  { table: 'batch_log', ...overAll, told: numberedAnew('position', 'batch_id') },
  { table: 'voltage_window', ...overAll },
  { table: 'feeder_tracking', ...overAll },
  { table: 'device_tracking', ...overAll },
  { table: 'tracking_round', ...overAll, told: numberedAnew('position') },
  { table: 'solar_plant_slot', ...daily },
  { table: 'solar_anomaly', ...daily, where: 'ended_at is not null', told: numberedAnew('anomaly_id') },
  { table: 'interruption', ...daily, where: 'ended_at is not null', told: numberedAnew('interruption_id', 'event_id') },
  { table: 'unit_interruption', ...daily, where: 'ended_at is not null', told: numberedAnew('interruption_id') },
  { table: 'unit_continuity', ...monthly },
  { table: 'conjunto_continuity', ...monthly },
  { table: 'alarm_occurrence', ...daily, where: 'returned_at is not null', told: ofOccurrence },
  { table: 'alarm_transition', ...daily, told: { ...ofOccurrence, ...numberedAnew('changed') } },
  { table: 'command', ...daily, where: 'not in_flight', told: { ...ofCommand, ...numberedAnew('control_number') } },
  { table: 'command_transition', ...daily, told: { ...ofCommand, ...numberedAnew('changed') } },
  { table: 'approval', ...daily, where: 'decided_at is not null', told: numberedAnew('approval_id') },
  { table: 'audit_entry', ...daily, told: numberedAnew('seq') },
  { table: 'access_log', ...daily, told: numberedAnew('id') },
  { table: 'dr_event', ...daily, told: numberedAnew('event_id') },
  { table: 'dr_result', ...daily, told: numberedAnew('event_id') },
]

/** Repeats what baselines and forecasts of the flows are made of, while these are stopped. */
export const repeatDays = (database: RunningDatabase, past: Past): Promise<void> =>
  asHistory(database, async (client) => {
    for (const each of judgedBy) await repeat(client, each, past)
    await client.query('analyze')
  })

/** Repeats all the rest that dashboards look back at, in PostgreSQL and by the lines that InfluxDB was sent. */
export async function repeatAll(
  database: RunningDatabase,
  influx: InfluxSettings,
  lines: readonly string[],
  past: Past,
  progress: (line: string) => void,
): Promise<void> {
  await asHistory(database, async (client) => {
    for (const each of restOfPast) {
      const rows = await repeat(client, each, past)
      if (rows > 1_000_000) progress(`${each.table}: ${rows} rows`)
    }
    await retellWeek(client)
    await completeMeasurements(client)
    await client.query('analyze')
  })
  await repeatLines(influx, lines, past)
}

/** As somebody whose rows are taken as they are: what happened is not entered into the audit once more. */
async function asHistory(database: RunningDatabase, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ ...database.superuser, database: database.running.database })
  await client.connect()
  try {
    await client.query('set session_replication_role = replica')
    await work(client)
  } finally {
    await client.end()
  }
}

const spanOf = ({ start, end }: Past): number => Math.ceil((end - start) / hourMs) * hourMs

/** @returns how many rows there are more @throws where there are rows to repeat, and all of them stand there already */
async function repeat(
  client: Client,
  { table, step, over, where = 'true', told = {} }: Repeated,
  past: Past,
): Promise<number> {
  const days = past[over]
  const spanMs = spanOf(past)
  const [stepText, count] =
    step === 'span'
      ? [`interval '${spanMs} milliseconds'`, Math.floor((days * dayMs) / spanMs)]
      : [`interval '1 ${step}'`, step === 'day' ? days : 11]
  await client.query(
    `select ensure_partition(parent, $2::timestamptz - make_interval(days => n)) from partition_plan, generate_series(0, $3::int) n
     where parent = $1`,
    [table, new Date(past.start).toISOString(), days + 1],
  )
  const { rows: columns } = await client.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
    [table],
  )
  const retold = columns.map(({ name, type }) =>
    /^(timestamp|date)/.test(type) ? `(${name} - n * ${stepText})::${type}` : (told[name] ?? name),
  )
  const { rowCount } = await client.query(
    `insert into ${table} (${columns.map(({ name }) => name).join(', ')}) overriding system value
     select ${retold.join(', ')} from ${table}, generate_series(1, ${count}) n where ${where} on conflict do nothing`,
  )
  if (rowCount === 0 && (await client.query(`select from ${table} where ${where} limit 1`)).rowCount === 1)
    throw new Error(`${table} is repeated by nothing`)
  return rowCount ?? 0
}

async function repeatLines(influx: InfluxSettings, lines: readonly string[], past: Past): Promise<void> {
  const connection = new InfluxConnection(influx)
  const signal = new AbortController().signal
  for (let back = spanOf(past); back <= past.singleDays * dayMs; back += spanOf(past))
    for (let from = 0; from < lines.length; from += pointsAtOnce) {
      const moved = lines.slice(from, from + pointsAtOnce).map((line) => earlier(line, back))
      const { refused, reason } = await connection.write(moved, signal)
      if (refused > 0) throw new Error(`InfluxDB refuses what it took before: ${reason}`)
    }
}

/** Seven days of each meter, counted from its windows: what the running system keeps as they close. */
const retellWeek = (client: Client): Promise<unknown> =>
  client.query(
    `update voltage_week w set (valid, precarious_a, precarious_b, precarious_c, critical_a, critical_b, critical_c) = (
       select ${[
         'true',
         ...['precarious', 'critical'].flatMap((band) => ['a', 'b', 'c'].map((phase) => `v.band_${phase} = '${band}'`)),
       ]
         .map((counted) => `count(*) filter (where v.invalid_reason is null and ${counted})::smallint`)
         .join(', ')}
       from voltage_window v
       where v.device_key = w.device_key and v.at < w.until and v.at >= w.until - interval '7 days')`,
  )

/** Official measurements take a week: those that began are told as if they had begun ten days before, with what came out. */
async function completeMeasurements(client: Client): Promise<void> {
  await client.query(
    `with begun as (select * from voltage_measurement), complete as (
       insert into voltage_measurement (unit_id, kind, protocol, class, serial, calibrated_on, calibration_valid_until, device_key,
         portable, reference_v, phases, starts_at, gives_up_at, status, taken_until, scheduled_by, scheduled_at)
       select unit_id, kind, protocol, class, serial, calibrated_on, calibration_valid_until, device_key, portable, reference_v, phases,
         starts_at - interval '10 days', gives_up_at - interval '10 days', 'complete', starts_at - interval '3 days', scheduled_by,
         scheduled_at - interval '10 days' from begun
       returning *)
     insert into measurement_result (measurement_id, version, computed_at, ended_at, valid, invalid, precarious, critical, nlp, nlc,
       drp_pct, drc_pct, drp_violated, drc_violated)
     select measurement_id, 1, taken_until, taken_until, 1008, 12, array[40, 12, 0], array[4, 0, 0], 40, 4, 100.0 * 40 / 1008,
       100.0 * 4 / 1008, true, false from complete`,
  )
}
