import type { PoolClient } from 'pg'
import { cursorOf } from './cursor.ts'
import type { Database } from './database.ts'
import type { Lag, Log } from './follower.ts'

/** A commit as consumers see it. Instants are UTC milliseconds. */
export interface LoggedBatch {
  position: number
  batchId: number
  readings: number
  events: number
  firstAt: number | null
  lastAt: number | null
}

export async function nextBatchId(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ id: number }>(`select nextval('batch_number')::float8 as id`)
  return rows[0]!.id
}

/** Appends a commit to the log. Last statement of its transaction: from here on other writers wait for the commit. */
export async function appendBatch(
  client: PoolClient,
  batch: {
    batchId: number
    readings: number
    events: number
    firstAt: number | null
    lastAt: number | null
    committedAt: number
  },
): Promise<number> {
  const { rows } = await client.query<{ position: number }>(
    `select append_batch($1, $2, $3, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000),
       to_timestamp($6::float8 / 1000))::float8 as position`,
    [batch.batchId, batch.readings, batch.events, batch.firstAt, batch.lastAt, batch.committedAt],
  )
  return rows[0]!.position
}

/** The commits after `position`, oldest first: as many as make up `maxItems` readings and events, at least one where there is one. */
export async function batchesAfter(client: PoolClient, position: number, maxItems: number): Promise<LoggedBatch[]> {
  const { rows } = await client.query<LoggedBatch>(
    `select position::float8 as position, batch_id::float8 as "batchId", readings, events,
            extract(epoch from first_at)::float8 * 1000 as "firstAt", extract(epoch from last_at)::float8 * 1000 as "lastAt"
     from (select *, sum(readings + events) over (order by position) - readings - events as before
           from (select * from batch_log where position > $1 order by position limit 5000) next) summed
     where before < $2
     order by position`,
    [position, maxItems],
  )
  return rows
}

/** Counts every commit after `position`: exact, at a cost that grows with what is left. */
export async function lagAfter(database: Database, position: number): Promise<Lag> {
  const [row] = await database.query<Lag>(
    `select count(*)::float8 as batches, coalesce(sum(readings), 0)::float8 as readings,
            extract(epoch from min(committed_at))::float8 * 1000 as "oldestAt"
     from batch_log where position > $1`,
    [position],
  )
  return row!
}

/** How many commits a consumer has not taken yet. */
export async function batchesBehind(database: Database, consumer: string): Promise<number> {
  const { batches } = await lagAfter(database, await cursorOf(database, batchLog.name, consumer))
  return batches
}

/** The log of commits of readings and events, as consumers follow it. */
export const batchLog: Log<LoggedBatch> = {
  name: 'batch_log',
  after: batchesAfter,
  lagAfter,
  sizeOf: ({ readings, events }) => ({ readings, items: readings + events }),
}
