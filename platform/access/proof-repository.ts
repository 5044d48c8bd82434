import type { Database } from '../storage/database.ts'

/** Uses a proof up. @param expiresAt UTC ms @returns false where it has been used before */
export async function redeemOnce(database: Database, proofId: string, expiresAt: number): Promise<boolean> {
  const rows = await database.query(
    `insert into redeemed_proof (proof_id, expires_at) values ($1, to_timestamp($2::float8 / 1000))
     on conflict do nothing returning proof_id`,
    [proofId, expiresAt],
  )
  return rows.length === 1
}

/** Forgets proofs that have expired by then anyway. @param before UTC ms */
export async function forgetProofs(database: Database, before: number): Promise<void> {
  await database.query('delete from redeemed_proof where expires_at < to_timestamp($1::float8 / 1000)', [before])
}
