import type { RunningDatabase } from '../../flows/running-system.fixture.ts'
import { InfluxConnection, type InfluxSettings } from '../../platform/storage/influxdb-connection.ts'
import { earlier } from './line-recorder.fixture.ts'

/** How far back what came in is repeated, days: aggregates, roll-ups of a minute, readings and points one by one. */
export interface Repetition {
  readonly days: number
  readonly minuteDays: number
  readonly readingDays: number
}

interface Span {
  readonly start: number
  readonly end: number
}

const dayMs = 86_400_000
const hourMs = 3_600_000
/** Points in a request, as our client sends them. */
const pointsAtOnce = 5_000

/** What is repeated at its own distance, and by which columns it is known when it was. */
interface Repeated {
  readonly table: string
  readonly columns: readonly string[]
  readonly step: 'span' | 'day' | 'month'
  readonly over: keyof Repetition
  /** Of the rows that are repeated. */
  readonly where?: string
}

const repeated: readonly Repeated[] = [
  { table: 'reading_hour', columns: ['at'], step: 'span', over: 'days' },
  { table: 'reading_minute', columns: ['at'], step: 'span', over: 'minuteDays' },
  ...(['meter_reading', 'der_reading', 'panel_reading'] as const).map(
    (table) => ({ table, columns: ['at', 'received_at'], step: 'span', over: 'readingDays' }) as const,
  ),
  { table: 'voltage_window', columns: ['at'], step: 'span', over: 'days' },
  { table: 'feeder_tracking', columns: ['at'], step: 'span', over: 'days' },
  { table: 'device_tracking', columns: ['at'], step: 'span', over: 'days' },
  { table: 'solar_plant_slot', columns: ['at'], step: 'day', over: 'days' },
  { table: 'solar_panel_day', columns: ['day'], step: 'day', over: 'days' },
  {
    table: 'interruption',
    columns: ['taken_at', 'started_at', 'ended_at'],
    step: 'day',
    over: 'days',
    where: 'ended_at is not null',
  },
  { table: 'unit_continuity', columns: ['month'], step: 'month', over: 'days' },
  { table: 'conjunto_continuity', columns: ['month'], step: 'month', over: 'days' },
]

/** Repeats over the time before what came in between two instants. */
export async function repeatOver(
  database: RunningDatabase,
  influx: InfluxSettings,
  lines: readonly string[],
  { start, end, ...repetition }: Repetition & Span,
): Promise<void> {
  const spanMs = Math.ceil((end - start) / hourMs) * hourMs
  for (const each of repeated) await repeat(database, each, spanMs, repetition, start)
  await retellWeek(database)
  await completeMeasurements(database)
  const connection = new InfluxConnection(influx)
  const signal = new AbortController().signal
  for (let back = 1; back * spanMs <= repetition.readingDays * dayMs; back += 1)
    for (let from = 0; from < lines.length; from += pointsAtOnce) {
      const moved = lines.slice(from, from + pointsAtOnce).map((line) => earlier(line, back * spanMs))
      const { refused, reason } = await connection.write(moved, signal)
      if (refused > 0) throw new Error(`InfluxDB refuses what it took before: ${reason}`)
    }
  await database.query('analyze')
}

async function repeat(
  database: RunningDatabase,
  { table, columns, step, over, where = 'true' }: Repeated,
  spanMs: number,
  repetition: Repetition,
  start: number,
): Promise<void> {
  const days = repetition[over]
  const [stepText, count] =
    step === 'span'
      ? [`interval '${spanMs} milliseconds'`, Math.floor((days * dayMs) / spanMs)]
      : [`interval '1 ${step}'`, step === 'day' ? days : 11]
  if (columns.includes('at') || columns.includes('day'))
    await database.query(
      `select ensure_partition(parent, $2::timestamptz - make_interval(days => n)) from partition_plan, generate_series(0, $3::int) n
       where parent = $1`,
      [table, new Date(start).toISOString(), days + 1],
    )
  const all = await database.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_identity = 'NO' and is_generated = 'NEVER'`,
    [table],
  )
  const told = all.map(({ name, type }) => (columns.includes(name) ? `(${name} - n * ${stepText})::${type}` : name))
  await database.query(
    `insert into ${table} (${all.map(({ name }) => name).join(', ')})
     select ${told.join(', ')} from ${table}, generate_series(1, ${count}) n where ${where} on conflict do nothing`,
  )
}

/** Seven days of each meter, counted from its windows: what the running system keeps as they close. */
const retellWeek = (database: RunningDatabase): Promise<unknown> =>
  database.query(
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
async function completeMeasurements(database: RunningDatabase): Promise<void> {
  await database.query(
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
