import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/** When a rule doubted what a panel reported: from one slot up to another, UTC milliseconds. */
export interface Doubt {
  readonly deviceKey: number
  readonly from: number
  readonly until: number
}

/** Enters doubts, in order; one that goes on where one ended makes it longer. */
export async function enterDoubts(queries: Queries, doubts: readonly Doubt[]): Promise<void> {
  for (const { deviceKey, from, until } of doubts) {
    const longer = await queries.query(
      `update solar_doubt set until = to_timestamp($3::float8 / 1000)
       where device_key = $1 and until = to_timestamp($2::float8 / 1000) returning 1 as longer`,
      [deviceKey, from, until],
    )
    if (longer.length === 0)
      await queries.query(
        `insert into solar_doubt (device_key, from_at, until)
         values ($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000)) on conflict do nothing`,
        [deviceKey, from, until],
      )
  }
}

/**
 * When panels of a plant were in doubt, or something was amiss with them, from one instant up to another: of rules, not of what the
 * forest finds unusual. UTC milliseconds.
 */
export const doubtsOf = (
  queries: Queries,
  plantId: string,
  keys: readonly number[],
  from: number,
  to: number,
): Promise<Doubt[]> =>
  queries.query(
    `select device_key as "deviceKey", ${milliseconds('from_at')} as from, ${milliseconds('until')} as until from solar_doubt
     where device_key = any ($2) and until > to_timestamp($3::float8 / 1000) and from_at < to_timestamp($4::float8 / 1000)
     union all
     select key, ${milliseconds('began_at')}, coalesce(${milliseconds('ended_at')}, $4::float8)
     from solar_anomaly a, unnest($2::integer[]) key
     where plant_id = $1 and kind <> 'unusual' and (a.device_key is null or a.device_key = key)
       and (ended_at is null or ended_at > to_timestamp($3::float8 / 1000)) and began_at < to_timestamp($4::float8 / 1000)`,
    [plantId, keys, from, to],
  )

/** Lets go of doubts about readings that are no longer kept. */
export const forgetDoubts = (queries: Queries, before: number): Promise<object[]> =>
  queries.query('delete from solar_doubt where until < to_timestamp($1::float8 / 1000)', [before])
