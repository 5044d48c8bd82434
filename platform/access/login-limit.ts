import { createHash } from 'node:crypto'
import type { Database } from '../storage/database.ts'
import { countingFailures, delayRules, waitMs, type DelayKind } from './login-delay.ts'
import { forgetFailures, holdFailures, takeBackFailures, writeFailures } from './login-failure-repository.ts'
import { networkOf } from './network-of.ts'
import { hasComeFrom } from './session-repository.ts'

/** Too many attempts have failed: whatever the password, the next one has to wait. */
export class LoginDelayed extends Error {
  override readonly name = 'LoginDelayed'
  readonly retryAfterMs: number

  constructor(retryAfterMs: number) {
    super(`too many logins have failed: try again in ${Math.ceil(retryAfterMs / 1_000)} s`)
    this.retryAfterMs = retryAfterMs
  }
}

/** An attempt that counts as failed until it is forgiven. */
export interface Attempt {
  readonly keys: ReadonlyMap<DelayKind, Buffer>
}

/**
 * Counts an attempt to log in as failed, before its password is looked at: of a thousand at once only the first few are.
 * @param now UTC ms
 * @throws LoginDelayed where failures before it still cost time; that attempt counts as none
 */
export async function beginAttempt(
  database: Database,
  username: string,
  address: string,
  now: number,
): Promise<Attempt> {
  const keys = new Map<DelayKind, Buffer>([
    ['pair', keyOf('pair', username, networkOf(address))],
    ['address', keyOf('address', networkOf(address))],
  ])
  if (!(await hasComeFrom(database, username, address))) keys.set('user', keyOf('user', username))
  await database.transaction(async (client) => {
    const known = await holdFailures(client, [...keys.values()])
    const failuresOf = (key: Buffer) => known.get(key.toString('hex'))
    const waits = [...keys].map(([kind, key]) => waitMs(delayRules[kind], failuresOf(key), now))
    if (Math.max(...waits) > 0) throw new LoginDelayed(Math.max(...waits))
    const counted = [...keys].map(
      ([kind, key]) => [key, countingFailures(delayRules[kind], failuresOf(key), now) + 1] as const,
    )
    await writeFailures(client, counted, now)
  })
  return { keys }
}

/** The password was right: the pair begins anew, user and address keep what others have failed. */
export const forgiveAttempt = (database: Database, { keys }: Attempt): Promise<void> =>
  takeBackFailures(database, [...keys.values()], [keys.get('pair')!])

/** The password was never looked at. */
export const withdrawAttempt = (database: Database, { keys }: Attempt): Promise<void> =>
  takeBackFailures(database, [...keys.values()], [])

/** Lets go of what no longer counts. @param now UTC ms */
export const tidyFailures = (database: Database, now: number): Promise<void> =>
  forgetFailures(database, now - Math.max(...Object.values(delayRules).map(({ forgetMs }) => forgetMs)))

const keyOf = (...parts: readonly string[]): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(parts.map((part) => part.toLowerCase())))
    .digest()
