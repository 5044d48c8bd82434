import { randomBytes } from 'node:crypto'
import type { Database } from '../storage/database.ts'
import { isIdentifier } from '../wire/fields.ts'
import {
  endCredential,
  insertCredential,
  selectCredentials,
  updateCredential,
  type Credential,
} from './credential-repository.ts'
import { hashPassword } from './password-hash.ts'
import { isBrokerUser } from './rights.ts'

export type { Credential } from './credential-repository.ts'

/** A new password of a device. It is known here and now only: what is stored is its hash. */
export interface IssuedCredential {
  readonly deviceId: string
  readonly password: string
  /** UTC milliseconds. */
  readonly at: number
}

/** Why a credential was not issued, rotated or revoked; `reason` is for programs, the message one line for people. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError'
  readonly reason: 'bad_device_id' | 'exists' | 'not_found'

  constructor(reason: CredentialError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** Most credentials that one page of the list holds. */
const mostListed = 1_000

/**
 * Lets a device in under its own name: its broker user is called as the device is. It need not be registered yet.
 * @param at  UTC milliseconds
 * @throws CredentialError `exists` where it has one in force, `bad_device_id`
 */
export async function issueCredential(database: Database, deviceId: string, at: number): Promise<IssuedCredential> {
  checkDeviceId(deviceId)
  const { password, hash } = newPassword()
  if (!(await insertCredential(database, deviceId, hash, at)))
    throw new CredentialError('exists', `device "${deviceId}" has a credential: rotate it, or revoke it`)
  return { deviceId, password, at }
}

/**
 * Gives a device another password. Connections with the old one are cut within seconds.
 * @throws CredentialError `not_found` where it has none in force
 */
export async function rotateCredential(database: Database, deviceId: string, at: number): Promise<IssuedCredential> {
  const { password, hash } = newPassword()
  if (!(await updateCredential(database, deviceId, hash, at))) throw notFound(deviceId)
  return { deviceId, password, at }
}

/**
 * Shuts a device out. Its connections are cut within seconds.
 * @throws CredentialError `not_found` where it has none in force
 */
export async function revokeCredential(database: Database, deviceId: string, at: number): Promise<void> {
  if (!(await endCredential(database, deviceId, at))) throw notFound(deviceId)
}

/**
 * Who has a credential, or had one, in the order of devices.
 * @param page.after  the last device of the page before; the first page has none
 * @param page.limit  as many at most, 1 to 1,000
 */
export async function listCredentials(
  database: Database,
  page: { readonly after?: string; readonly limit?: number } = {},
): Promise<Credential[]> {
  const { after = '', limit = mostListed } = page
  if (!Number.isInteger(limit) || limit < 1 || limit > mostListed)
    throw new RangeError(`limit is ${limit}: it takes 1 to ${mostListed}`)
  return selectCredentials(database, after, limit)
}

function newPassword(): { password: string; hash: string } {
  const password = randomBytes(24).toString('base64url')
  return { password, hash: hashPassword(password, randomBytes(12)) }
}

function checkDeviceId(deviceId: string): void {
  const shown = JSON.stringify(deviceId.slice(0, 80))
  // A password file separates the name from the hash by a colon.
  if (!isIdentifier(deviceId) || deviceId.includes(':'))
    throw new CredentialError(
      'bad_device_id',
      `device_id is ${shown}: a broker user takes letters, digits, _ . and -, 64 at most`,
    )
  if (isBrokerUser(deviceId))
    throw new CredentialError('bad_device_id', `device_id is ${shown}: that is a user of the platform, not a device`)
}

const notFound = (deviceId: string): CredentialError =>
  new CredentialError('not_found', `device ${JSON.stringify(deviceId.slice(0, 80))} has no credential in force`)
