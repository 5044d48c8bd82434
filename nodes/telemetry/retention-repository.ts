import type { Database } from '../../platform/storage/database.ts'

/** Commits that a consumer has not taken, with readings that are about to go. */
export interface Expiring {
  consumer: string
  commits: number
  readings: number
}

/**
 * What each consumer has not taken of what was measured or committed before `instant` (UTC milliseconds). Of a commit
 * that spans it all readings are counted.
 */
export async function expiringFor(database: Database, instant: number): Promise<Expiring[]> {
  return database.query<Expiring>(
    `select consumer, count(*)::float8 as commits, sum(readings)::float8 as readings
     from consumer_cursor c join batch_log b on b.position > c.position
     where c.log = 'batch_log' and least(b.first_at, b.committed_at) < to_timestamp($1::float8 / 1000)
     group by consumer order by consumer`,
    [instant],
  )
}

/**
 * Strikes commits off the log: those made before `taken` that every consumer has taken, and those made before `expired`
 * whoever has not (both UTC milliseconds). Without any consumer only the expired ones go.
 */
export async function strikeCommits(database: Database, taken: number, expired: number): Promise<void> {
  await database.query(
    `delete from batch_log
     where committed_at < to_timestamp($2::float8 / 1000)
       or committed_at < to_timestamp($1::float8 / 1000)
         and position <= (select coalesce(min(position), 0) from consumer_cursor where log = 'batch_log')`,
    [taken, expired],
  )
}
