import type { Queries } from '../storage/queries.ts'
import type { KeyScope, MadeKey } from './api-key.ts'

/** A key as it may be shown: what proves it is not in it. */
export interface ApiKey {
  readonly keyId: string
  readonly name: string
  readonly scope: KeyScope
  readonly madeBy: string
  readonly madeAt: Date
  readonly revokedBy: string | null
  /** Since when it opens nothing; null while it does. */
  readonly revokedAt: Date | null
}

const columns = `key_id as "keyId", name, scope, made_by as "madeBy", made_at as "madeAt", revoked_by as "revokedBy",
  revoked_at as "revokedAt"`

/** @param at UTC ms @returns undefined where a key in force has the name */
export async function insertKey(
  queries: Queries,
  { keyId, secretHash }: MadeKey,
  { name, scope, madeBy }: Pick<ApiKey, 'name' | 'scope' | 'madeBy'>,
  at: number,
): Promise<ApiKey | undefined> {
  const [row] = await queries.query<ApiKey>(
    `insert into api_key (key_id, name, scope, secret_hash, made_by, made_at)
     values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))
     on conflict do nothing returning ${columns}`,
    [keyId, name, scope, secretHash, madeBy, at],
  )
  return row
}

/** @param at UTC ms @returns undefined where no such key is in force */
export async function endKey(
  queries: Queries,
  keyId: string,
  revokedBy: string,
  at: number,
): Promise<ApiKey | undefined> {
  const [row] = await queries.query<ApiKey>(
    `update api_key set revoked_by = $2, revoked_at = to_timestamp($3::float8 / 1000)
     where key_id = $1 and revoked_at is null returning ${columns}`,
    [keyId, revokedBy, at],
  )
  return row
}

/** Keys by number, those behind one, so many at most. */
export const selectKeys = (queries: Queries, after: string, limit: number): Promise<ApiKey[]> =>
  queries.query(`select ${columns} from api_key where key_id > $1 order by key_id limit $2`, [after, limit])

/** A key in force, with the hash of its secret. */
export async function selectKey(
  queries: Queries,
  keyId: string,
): Promise<(ApiKey & { readonly secretHash: Buffer }) | undefined> {
  const [row] = await queries.query<ApiKey & { secretHash: Buffer }>(
    `select ${columns}, secret_hash as "secretHash" from api_key where key_id = $1 and revoked_at is null`,
    [keyId],
  )
  return row
}
