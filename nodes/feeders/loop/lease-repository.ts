import type { Queries } from '../../../platform/storage/queries.ts'

/** A root feeder's lease that somebody holds. */
export interface HeldLease {
  readonly rootId: string
  readonly token: number
}

/**
 * Takes or renews the leases of root feeders, those that nobody else holds. The token of one that changes hands is above all that were
 * ever given here, and not below the wall's time: a restored database gives none that devices have seen.
 * @param holder   names this process
 * @param wallNow  by the wall's clock, UTC milliseconds
 * @returns those that are held now
 */
export const holdLeases = (
  queries: Queries,
  rootIds: readonly string[],
  holder: string,
  wallNow: number,
  leaseMs: number,
): Promise<HeldLease[]> =>
  queries.query(
    `with next as (select greatest($3::bigint, coalesce((select max(token) from control_lease), 0) + 1) as token)
     insert into control_lease as l (root_id, holder, token, taken_at, expires_at)
     select root_id, $2, next.token, to_timestamp($3::float8 / 1000), to_timestamp(($3::float8 + $4::float8) / 1000)
     from (select root_id from unnest($1::text[]) root_id order by root_id) roots cross join next
     on conflict (root_id) do update set holder = excluded.holder, expires_at = excluded.expires_at,
       token = case when l.holder = excluded.holder then l.token else greatest(excluded.token, l.token + 1) end,
       taken_at = case when l.holder = excluded.holder then l.taken_at else excluded.taken_at end
     where l.holder = excluded.holder or l.expires_at <= excluded.taken_at
     returning root_id as "rootId", token::float8 as token`,
    [rootIds, holder, Math.round(wallNow), leaseMs],
  )

/** Gives leases back, so that somebody else need not wait for their end. */
export async function releaseLeases(queries: Queries, holder: string, wallNow: number): Promise<void> {
  await queries.query(
    `update control_lease set expires_at = to_timestamp($2::float8 / 1000)
     where holder = $1 and expires_at > to_timestamp($2::float8 / 1000)`,
    [holder, wallNow],
  )
}

/**
 * Takes a lease anew, with a token above all others: a device has heard a higher one under another root.
 * @param above  a token, as devices have heard it
 */
export async function raiseToken(
  queries: Queries,
  { rootId, token }: HeldLease,
  holder: string,
  above: number,
): Promise<HeldLease | undefined> {
  const [raised] = await queries.query<HeldLease>(
    `update control_lease l set token = greatest($4::bigint, (select max(token) from control_lease)) + 1
     where root_id = $1 and token = $2 and holder = $3
     returning root_id as "rootId", token::float8 as token`,
    [rootId, token, holder, above],
  )
  return raised
}

/** Whether a lease is still held, which nobody else takes until the end of this transaction. */
export async function stillHolds(queries: Queries, { rootId, token }: HeldLease, holder: string): Promise<boolean> {
  const rows = await queries.query(
    'select from control_lease where root_id = $1 and token = $2 and holder = $3 for share',
    [rootId, token, holder],
  )
  return rows.length > 0
}
