import type { Queries } from '../../../platform/storage/queries.ts'

/**
 * The most that feeders may carry, kW: those with a limit.
 * @param defaultKw  of feeders of which the registry says none; null: they have none
 */
export async function feederLimits(queries: Queries, defaultKw: number | null): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.query<{ feederId: string; limitKw: number }>(
    `select feeder_id as "feederId", coalesce(limit_kw, $1) as "limitKw" from feeder where coalesce(limit_kw, $1) is not null`,
    [defaultKw],
  )
  return new Map(rows.map(({ feederId, limitKw }) => [feederId, limitKw]))
}
