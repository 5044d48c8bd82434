import { createSecretKey, hkdfSync, randomUUID, type KeyObject } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'

export const issuer = 'linha-viva'
export const audience = 'linha-viva-api'
const algorithm = 'HS256'

/** What a token says. What its user may do it does not say: that is asked at each use. */
export interface TokenClaims {
  readonly username: string
  readonly sessionId: string
  /** UTC ms. */
  readonly expiresAt: number
}

/** The keys that follow from JWT_SECRET: each for one purpose, so that nothing signed for one passes for another. */
export interface Keys {
  readonly token: KeyObject
  readonly proof: KeyObject
  readonly csrf: Buffer
}

export function keysOf(secret: string): Keys {
  const derived = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, issuer, purpose, 32))
  return {
    token: createSecretKey(Buffer.from(secret)),
    proof: createSecretKey(derived('proof')),
    csrf: derived('csrf'),
  }
}

/** Tokens know whole seconds: one is good until the second in which it expires begins. */
export const toSeconds = (ms: number): number => Math.floor(ms / 1_000)

/** @param now UTC ms */
export function signToken(
  key: KeyObject,
  { username, sessionId, expiresAt }: TokenClaims,
  now: number,
): Promise<string> {
  return new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(username)
    .setJti(randomUUID())
    .setIssuedAt(toSeconds(now))
    .setExpirationTime(toSeconds(expiresAt))
    .sign(key)
}

/** @returns what the token says, if we signed it for this purpose and it has not expired; else undefined @param now UTC ms */
export async function verifyToken(key: KeyObject, token: string, now: number): Promise<TokenClaims | undefined> {
  const verified = await jwtVerify(token, key, {
    issuer,
    audience,
    algorithms: [algorithm],
    requiredClaims: ['sub', 'exp', 'jti'],
    currentDate: new Date(now),
  }).catch(() => undefined)
  const { sub, sid, exp } = verified?.payload ?? {}
  if (sub === undefined || exp === undefined || typeof sid !== 'string' || !isUuid(sid)) return undefined
  return { username: sub, sessionId: sid, expiresAt: exp * 1_000 }
}

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
