import type { Queries } from '../../../platform/storage/queries.ts'

/** A node hears what devices answer. @param at  by the wall's clock, UTC milliseconds */
export async function noteListener(queries: Queries, nodeId: string, at: number): Promise<void> {
  await queries.query(
    `insert into command_ack_listener (node_id, heard_at) values ($1, to_timestamp($2::float8 / 1000))
     on conflict (node_id) do update set heard_at = excluded.heard_at`,
    [nodeId, at],
  )
}

/** A node is no more. */
export async function forgetListener(queries: Queries, nodeId: string): Promise<void> {
  await queries.query('delete from command_ack_listener where node_id = $1', [nodeId])
}

/** Whether a node has said since an instant that it hears. @param since  by the wall's clock, UTC milliseconds */
export async function isHeard(queries: Queries, since: number): Promise<boolean> {
  const rows = await queries.query(
    'select from command_ack_listener where heard_at >= to_timestamp($1::float8 / 1000) limit 1',
    [since],
  )
  return rows.length > 0
}
