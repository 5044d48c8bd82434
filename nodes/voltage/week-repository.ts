import type { PoolClient } from 'pg'
import { windowMs } from './domain/windows.ts'

const weekMs = 7 * 86_400_000

/** What signed windows add to a week: columns as in `voltage_week`. */
export const weekSums = `
  coalesce(sum(sign), 0) as valid,
  coalesce(sum(sign) filter (where band_a = 'precarious'), 0) as precarious_a,
  coalesce(sum(sign) filter (where band_b = 'precarious'), 0) as precarious_b,
  coalesce(sum(sign) filter (where band_c = 'precarious'), 0) as precarious_c,
  coalesce(sum(sign) filter (where band_a = 'critical'), 0) as critical_a,
  coalesce(sum(sign) filter (where band_b = 'critical'), 0) as critical_b,
  coalesce(sum(sign) filter (where band_c = 'critical'), 0) as critical_c`

/** Adds sums to the weeks they belong to. The week of a meter that had none begins with them. */
export const addToWeeks = `
  on conflict (device_key) do update set until = excluded.until, valid = k.valid + excluded.valid,
    precarious_a = k.precarious_a + excluded.precarious_a, precarious_b = k.precarious_b + excluded.precarious_b,
    precarious_c = k.precarious_c + excluded.precarious_c, critical_a = k.critical_a + excluded.critical_a,
    critical_b = k.critical_b + excluded.critical_b, critical_c = k.critical_c + excluded.critical_c`

/**
 * Moves the weeks of some meters on, from one closing to the next: adds what comes and subtracts what leaves. A meter that has
 * windows has a week, and all weeks end where windows have been closed.
 * @param from, until  of the windows that come, UTC milliseconds: seven days at most
 * @param after, last  the meters with keys above the first, up to the second
 */
export async function moveWeeks(
  client: PoolClient,
  from: number,
  until: number,
  after: number,
  last: number,
): Promise<void> {
  const coming = Array.from({ length: (until - from) / windowMs }, (_, index) => from + index * windowMs)
  await client.query(
    `with moving as (
       select 1 as sign, w.* from unnest($1::float8[]) as s (start)
       join voltage_window w on w.at = to_timestamp(start / 1000) and w.device_key > $3 and w.device_key <= $4
       union all
       select -1, w.* from unnest($2::float8[]) as s (start)
       join voltage_window w on w.at = to_timestamp(start / 1000) and w.device_key > $3 and w.device_key <= $4
     )
     insert into voltage_week as k
     select device_key, to_timestamp($5::float8 / 1000), ${weekSums}
     from (select device_key, case when invalid_reason is null then sign else 0 end as sign, band_a, band_b, band_c from moving) counted
     group by device_key order by device_key
     ${addToWeeks}`,
    [coming, coming.map((start) => start - weekMs), after, last, until],
  )
  await client.query(
    `update voltage_week set until = to_timestamp($1::float8 / 1000)
     where device_key > $2 and device_key <= $3 and until <> to_timestamp($1::float8 / 1000)`,
    [until, after, last],
  )
}

/** Counts all weeks anew, as they were at an instant (UTC milliseconds): where the clock went back. */
export async function recountWeeks(client: PoolClient, until: number): Promise<void> {
  await client.query('delete from voltage_week')
  await client.query(
    `insert into voltage_week
     select device_key, to_timestamp($2::float8 / 1000), ${weekSums}
     from (select device_key, case when invalid_reason is null then 1 else 0 end as sign, band_a, band_b, band_c
           from voltage_window where at >= to_timestamp($1::float8 / 1000) and at < to_timestamp($2::float8 / 1000)) counted
     group by device_key`,
    [until - weekMs, until],
  )
}
