import type { PoolClient } from 'pg'
import type { Database } from '../../platform/storage/database.ts'
import type { VoltageWindow } from './domain/windows.ts'
import { nextChange } from './progress-repository.ts'
import { addToWeeks, weekSums } from './week-repository.ts'

/** A window as it is stored. */
export interface StoredWindow extends VoltageWindow {
  readonly deviceKey: number
}

/** Why windows are written that had been closed: for the correction. */
export interface Late {
  /** How far windows have been closed, UTC milliseconds: the weeks end there. */
  readonly closedUntil: number
  /** The platform's time, UTC milliseconds. */
  readonly now: number
  /** Newest commit that brought something for a meter, by its key. */
  readonly batchIds: ReadonlyMap<number, number | null>
}

/**
 * Writes windows; those that stand there already, just so, are left alone. What becomes of one that stood there, or should have,
 * is kept as a correction, and moves the meter's week. The progress is locked.
 * @param late  where the windows had been closed; closed for the first time their weeks are moved on afterwards
 * @returns how many were written
 */
export async function writeWindows(
  client: PoolClient,
  windows: readonly StoredWindow[],
  late: Late,
  first: boolean,
): Promise<number> {
  if (windows.length === 0) return 0
  const column = <T>(of: (window: StoredWindow) => T): T[] => windows.map(of)
  const starts = column(({ start }) => start)
  const { rows } = await client.query<{ written: number }>(writing, [
    column(({ deviceKey }) => deviceKey),
    starts,
    column(({ volts }) => volts[0]),
    column(({ volts }) => volts[1]),
    column(({ volts }) => volts[2]),
    column(({ coverage }) => coverage),
    column(({ bands }) => bands[0]),
    column(({ bands }) => bands[1]),
    column(({ bands }) => bands[2]),
    column(({ invalid }) => invalid?.reason ?? null),
    column(({ invalid }) => (invalid ? JSON.stringify(invalid.evidence) : null)),
    column(({ deviceKey }) => late.batchIds.get(deviceKey) ?? null),
    await nextChange(client),
    starts.reduce((least, start) => Math.min(least, start)),
    starts.reduce((most, start) => Math.max(most, start)),
    late.closedUntil,
    late.now,
    first,
  ])
  return rows[0]!.written
}

const asJson = (row: string): string => `
  jsonb_build_object('volts', jsonb_build_array(${row}.va_v, ${row}.vb_v, ${row}.vc_v), 'coverage', ${row}.coverage,
    'bands', jsonb_build_array(${row}.band_a, ${row}.band_b, ${row}.band_c), 'invalid', ${row}.invalid_reason, 'evidence', ${row}.evidence)`

/** $18: whether they are closed for the first time, so that one that did not stand there is no correction. */
const writing = `
  with incoming as materialized (
    select device_key, to_timestamp(start / 1000) as at, va_v, vb_v, vc_v, coverage, band_a, band_b, band_c, invalid_reason,
      evidence, batch_id
    from unnest($1::integer[], $2::float8[], $3::float8[], $4::float8[], $5::float8[], $6::real[],
      $7::voltage_band[], $8::voltage_band[], $9::voltage_band[], $10::invalid_window[], $11::jsonb[], $12::bigint[])
      as r (device_key, start, va_v, vb_v, vc_v, coverage, band_a, band_b, band_c, invalid_reason, evidence, batch_id)
  ), stood as (
    select w.* from incoming i join voltage_window w on w.at = i.at and w.device_key = i.device_key
    where w.at between to_timestamp($14::float8 / 1000) and to_timestamp($15::float8 / 1000)
  ), written as (
    insert into voltage_window as w
      (device_key, at, changed, va_v, vb_v, vc_v, coverage, band_a, band_b, band_c, invalid_reason, evidence)
    select device_key, at, $13, va_v, vb_v, vc_v, coverage, band_a, band_b, band_c, invalid_reason, evidence
    from incoming order by at, device_key
    on conflict (at, device_key) do update set changed = excluded.changed,
      va_v = excluded.va_v, vb_v = excluded.vb_v, vc_v = excluded.vc_v, coverage = excluded.coverage,
      band_a = excluded.band_a, band_b = excluded.band_b, band_c = excluded.band_c,
      invalid_reason = excluded.invalid_reason, evidence = excluded.evidence
    where (w.va_v, w.vb_v, w.vc_v, w.coverage, w.band_a, w.band_b, w.band_c, w.invalid_reason, w.evidence) is distinct from
      (excluded.va_v, excluded.vb_v, excluded.vc_v, excluded.coverage, excluded.band_a, excluded.band_b, excluded.band_c,
       excluded.invalid_reason, excluded.evidence)
    returning w.*
  ), corrected as (
    insert into voltage_correction (device_key, at, corrected_at, changed, batch_id, before, after)
    select n.device_key, n.at, to_timestamp($17::float8 / 1000), n.changed, i.batch_id,
      case when o.at is not null then ${asJson('o')} end, ${asJson('n')}
    from written n
    join incoming i on i.at = n.at and i.device_key = n.device_key
    left join stood o on o.at = n.at and o.device_key = n.device_key
    where o.at is not null or not $18::boolean
  ), moved as (
    insert into voltage_week as k
    select device_key, to_timestamp($16::float8 / 1000), ${weekSums}
    from (
      select device_key, at, case when invalid_reason is null then 1 else 0 end as sign, band_a, band_b, band_c from written
      union all
      select o.device_key, o.at, case when o.invalid_reason is null then -1 else 0 end, o.band_a, o.band_b, o.band_c
      from stood o join written n on n.at = o.at and n.device_key = o.device_key
    ) signed
    where at >= to_timestamp($16::float8 / 1000) - interval '7 days' and at < to_timestamp($16::float8 / 1000)
    group by device_key order by device_key
    ${addToWeeks}
  )
  select count(*)::integer as written from written`

/**
 * Lets go of windows and corrections from before an instant, but of none that a rolling week has yet to subtract, and of the
 * weeks of meters that have been silent for seven days.
 * @param before, now  UTC milliseconds; the latter by the platform's clock
 */
export async function dropWindowsBefore(database: Database, before: number, now: number): Promise<void> {
  for (const table of ['voltage_window', 'voltage_correction']) {
    let dropped: unknown[]
    do {
      dropped = await database.query(
        `select drop_partitions_before($1, least(to_timestamp($2::float8 / 1000), closed_until - interval '8 days'), to_timestamp($3::float8 / 1000))
         from voltage_progress`,
        [table, before, now],
      )
    } while (dropped.length === mostDroppedAtOnce)
  }
  await database.query(
    `delete from voltage_week k where valid = 0 and not exists (
       select from generate_series(until - interval '7 days', until, interval '10 minutes') as s (at)
       join voltage_window w on w.at = s.at and w.device_key = k.device_key)`,
  )
}

/** One call drops this many partitions at most. */
const mostDroppedAtOnce = 100
