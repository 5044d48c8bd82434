import type { PoolClient } from 'pg'
import { platformClock } from '../clock/clock.ts'
import type { Database } from './database.ts'

/** Enters a consumer that has taken nothing yet: from here on the log keeps for it what it has not taken. */
export async function enterConsumer(database: Database, log: string, consumer: string): Promise<void> {
  await database.query(entering, [log, consumer, platformClock.now()])
}

const entering = `
  insert into consumer_cursor (log, consumer, updated_at) values ($1, $2, to_timestamp($3::float8 / 1000))
  on conflict do nothing`

/**
 * Takes the consumer's cursor for this transaction; a second instance of the same consumer waits here.
 * @returns the position up to which the consumer has come
 */
export async function lockCursor(client: PoolClient, log: string, consumer: string): Promise<number> {
  await client.query(entering, [log, consumer, platformClock.now()])
  const { rows } = await client.query<{ position: number }>(
    'select position::float8 as position from consumer_cursor where log = $1 and consumer = $2 for update',
    [log, consumer],
  )
  return rows[0]!.position
}

/** Moves the cursor, in the same transaction as what the consumer made of the commits. */
export async function moveCursor(client: PoolClient, log: string, consumer: string, position: number): Promise<void> {
  await client.query(
    `update consumer_cursor set position = $3, updated_at = to_timestamp($4::float8 / 1000)
     where log = $1 and consumer = $2`,
    [log, consumer, position, platformClock.now()],
  )
}

/** Up to which position the consumer has come; 0 where it has not begun. Takes no lock. */
export async function cursorOf(database: Database, log: string, consumer: string): Promise<number> {
  const [row] = await database.query<{ position: number }>(
    `select coalesce((select position from consumer_cursor where log = $1 and consumer = $2), 0)::float8 as position`,
    [log, consumer],
  )
  return row!.position
}
