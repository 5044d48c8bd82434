import type { Database } from '../storage/database.ts'

/** A device's credential as it may be shown: what proves it is not in it. Instants are UTC milliseconds. */
export interface Credential {
  readonly deviceId: string
  readonly issuedAt: number
  /** When it last got another password. */
  readonly rotatedAt: number | undefined
  /** Since when it opens nothing; undefined while it does. */
  readonly revokedAt: number | undefined
}

interface Row {
  deviceId: string
  issuedAt: Date
  rotatedAt: Date | null
  revokedAt: Date | null
}

/** Stores a first credential, or one in the place of a revoked one. @returns false where one is in force */
export async function insertCredential(
  database: Database,
  deviceId: string,
  hash: string,
  at: number,
): Promise<boolean> {
  const rows = await database.query(
    `insert into mqtt_credential (device_id, password_hash, issued_at)
     values ($1, $2, to_timestamp($3::float8 / 1000))
     on conflict (device_id) do update
       set password_hash = excluded.password_hash, issued_at = excluded.issued_at, rotated_at = null, revoked_at = null
       where mqtt_credential.revoked_at is not null
     returning device_id`,
    [deviceId, hash, at],
  )
  return rows.length > 0
}

/** Replaces the hash of a credential that is in force. @returns false where none is */
export async function updateCredential(
  database: Database,
  deviceId: string,
  hash: string,
  at: number,
): Promise<boolean> {
  const rows = await database.query(
    `update mqtt_credential set password_hash = $2, rotated_at = to_timestamp($3::float8 / 1000)
     where device_id = $1 and revoked_at is null returning device_id`,
    [deviceId, hash, at],
  )
  return rows.length > 0
}

/** Takes the hash from a credential that is in force. @returns false where none is */
export async function endCredential(database: Database, deviceId: string, at: number): Promise<boolean> {
  const rows = await database.query(
    `update mqtt_credential set password_hash = null, revoked_at = to_timestamp($2::float8 / 1000)
     where device_id = $1 and revoked_at is null returning device_id`,
    [deviceId, at],
  )
  return rows.length > 0
}

/** @returns undefined where the device never had one */
export async function selectCredential(database: Database, deviceId: string): Promise<Credential | undefined> {
  const rows = await database.query<Row>(
    `select device_id as "deviceId", issued_at as "issuedAt", rotated_at as "rotatedAt", revoked_at as "revokedAt"
     from mqtt_credential where device_id = $1`,
    [deviceId],
  )
  return rows.map(credentialOf)[0]
}

/** Credentials in the order of their devices, `limit` at most, those behind `after`. */
export async function selectCredentials(database: Database, after: string, limit: number): Promise<Credential[]> {
  const rows = await database.query<Row>(
    `select device_id as "deviceId", issued_at as "issuedAt", rotated_at as "rotatedAt", revoked_at as "revokedAt"
     from mqtt_credential where device_id > $1 order by device_id limit $2`,
    [after, limit],
  )
  return rows.map(credentialOf)
}

const credentialOf = ({ deviceId, issuedAt, rotatedAt, revokedAt }: Row): Credential => ({
  deviceId,
  issuedAt: issuedAt.getTime(),
  rotatedAt: rotatedAt?.getTime(),
  revokedAt: revokedAt?.getTime(),
})

/** Hashes of all credentials that are in force, by device, in order. */
export async function selectHashes(database: Database): Promise<Map<string, string>> {
  const rows = await database.query<{ deviceId: string; hash: string }>(
    `select device_id as "deviceId", password_hash as hash from mqtt_credential
     where password_hash is not null order by device_id`,
  )
  return new Map(rows.map(({ deviceId, hash }) => [deviceId, hash]))
}
