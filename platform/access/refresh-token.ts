import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { isUuid } from './token.ts'

/** A refresh token of a session, and what is stored of it. */
export interface RefreshToken {
  readonly refreshToken: string
  readonly refreshHash: Buffer
}

/** Another refresh token for a session. @param key  signs it */
export function newRefreshToken(key: Buffer, sessionId: string): RefreshToken {
  const secret = randomBytes(32).toString('base64url')
  return { refreshToken: `${sessionId}.${secret}.${macOf(key, sessionId, secret)}`, refreshHash: hashOf(secret) }
}

/**
 * What a refresh token says. Only we can have issued it: so nobody ends a session, by replay, with one that was made up.
 * @returns undefined where it is none of ours
 */
export function readRefreshToken(
  key: Buffer,
  token: string,
): { readonly sessionId: string; readonly hash: Buffer } | undefined {
  const [sessionId = '', secret = '', mac = ''] = token.split('.')
  if (!isUuid(sessionId) || !isSame(Buffer.from(mac), Buffer.from(macOf(key, sessionId, secret)))) return undefined
  return { sessionId, hash: hashOf(secret) }
}

/** Whether two hashes are the same, in a time that does not tell where they differ. */
export const isSame = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other)

const macOf = (key: Buffer, sessionId: string, secret: string): string =>
  createHmac('sha256', key).update(`${sessionId}.${secret}`).digest('base64url')

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
