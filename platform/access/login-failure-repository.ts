import type { PoolClient } from 'pg'
import type { Database } from '../storage/database.ts'
import type { Failures } from './login-delay.ts'

/** The failures so far, by key; held until the transaction ends, so that of many attempts at once each counts. */
export async function holdFailures(client: PoolClient, keys: readonly Buffer[]): Promise<Map<string, Failures>> {
  await client.query(
    `insert into login_failure (key, failures, last_failed_at)
     select key, 0, to_timestamp(0) from unnest($1::bytea[]) key order by key on conflict do nothing`,
    [keys],
  )
  const { rows } = await client.query<{ key: Buffer; count: number; lastAt: number }>(
    `select key, failures as count, (extract(epoch from last_failed_at) * 1000)::float8 as "lastAt"
     from login_failure where key = any ($1::bytea[]) order by key for update`,
    [keys],
  )
  return new Map(rows.map(({ key, count, lastAt }) => [key.toString('hex'), { count, lastAt }]))
}

/** @param now UTC ms */
export async function writeFailures(
  client: PoolClient,
  failures: readonly (readonly [key: Buffer, count: number])[],
  now: number,
): Promise<void> {
  await client.query(
    `update login_failure f set failures = counted.failures, last_failed_at = to_timestamp($3::float8 / 1000)
     from unnest($1::bytea[], $2::integer[]) counted (key, failures) where f.key = counted.key`,
    [failures.map(([key]) => key), failures.map(([, count]) => count), now],
  )
}

/** An attempt that succeeded was no failure; of the keys `over` nothing is held against anybody any more. */
export async function takeBackFailures(
  database: Database,
  keys: readonly Buffer[],
  over: readonly Buffer[],
): Promise<void> {
  await database.query('update login_failure set failures = greatest(0, failures - 1) where key = any ($1::bytea[])', [
    keys,
  ])
  await database.query('delete from login_failure where key = any ($1::bytea[])', [over])
}

/** Forgets failures since when there was no other one. @param before UTC ms */
export async function forgetFailures(database: Database, before: number): Promise<void> {
  await database.query('delete from login_failure where last_failed_at < to_timestamp($1::float8 / 1000)', [before])
}
