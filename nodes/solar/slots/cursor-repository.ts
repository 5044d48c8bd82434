import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/** Who reads slots. */
export type SlotConsumer = 'performance' | 'anomaly'

/** How far a reader has come in each plant: slots that begin before it are taken. UTC milliseconds. */
export async function cursorsOf(
  queries: Queries,
  consumer: SlotConsumer,
  plants: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.query<{ plantId: string; until: number }>(
    `select plant_id as "plantId", ${milliseconds('until')} as until from solar_cursor
     where consumer = $1 and plant_id = any ($2)`,
    [consumer, plants],
  )
  return new Map(rows.map(({ plantId, until }) => [plantId, until]))
}

/** Enters where a reader begins in a plant, unless it has begun. */
export const beginCursor = (
  queries: Queries,
  consumer: SlotConsumer,
  plantId: string,
  from: number,
): Promise<object[]> =>
  queries.query(
    `insert into solar_cursor (consumer, plant_id, until) values ($1, $2, to_timestamp($3::float8 / 1000))
     on conflict do nothing`,
    [consumer, plantId, from],
  )

/**
 * Moves a reader on, in the transaction that writes what it made of the slots.
 * @param from  where it must stand, as `to` UTC milliseconds
 * @returns false where it stands elsewhere: another one was faster, and nothing may be written
 */
export async function moveCursor(
  queries: Queries,
  consumer: SlotConsumer,
  plantId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<boolean> {
  const moved = await queries.query(
    `update solar_cursor set until = to_timestamp($4::float8 / 1000)
     where consumer = $1 and plant_id = $2 and until = to_timestamp($3::float8 / 1000) returning 1 as moved`,
    [consumer, plantId, from, to],
  )
  return moved.length > 0
}
