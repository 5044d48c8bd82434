import { randomUUID, type KeyObject } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { issuer, toSeconds } from './token.ts'

const audience = 'linha-viva-proof'
const algorithm = 'HS256'

/** A proof is good for so long, ms. */
export const proofTtlMs = 60_000

/** What somebody has given the password for, again: one act, on one thing. */
export interface ProofPurpose {
  /** As `open_switch`. */
  readonly action: string
  /** On what: a device, a programme. */
  readonly target: string
  /** SHA-256 of the request that the proof is for, in hex; unset: whatever it is. */
  readonly bodyHash?: string | undefined
}

/** Whose act it is. */
export interface ProofHolder {
  readonly username: string
  readonly sessionId: string
}

export interface Proof extends ProofPurpose, ProofHolder {
  readonly proofId: string
  /** UTC ms. */
  readonly expiresAt: number
}

/** @param now UTC ms */
export function signProof(key: KeyObject, holder: ProofHolder, purpose: ProofPurpose, now: number): Promise<string> {
  const { action, target, bodyHash } = purpose
  return new SignJWT({ sid: holder.sessionId, action, target, ...(bodyHash !== undefined && { bodyHash }) })
    .setProtectedHeader({ alg: algorithm })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(holder.username)
    .setJti(randomUUID())
    .setIssuedAt(toSeconds(now))
    .setExpirationTime(toSeconds(now + proofTtlMs))
    .sign(key)
}

/** @returns what a proof says, if we signed it and it has not expired; else undefined @param now UTC ms */
export async function verifyProof(key: KeyObject, proof: string, now: number): Promise<Proof | undefined> {
  const verified = await jwtVerify(proof, key, {
    issuer,
    audience,
    algorithms: [algorithm],
    requiredClaims: ['sub', 'exp', 'jti', 'sid', 'action', 'target'],
    currentDate: new Date(now),
  }).catch(() => undefined)
  if (!verified) return undefined
  const { sub, sid, jti, exp, action, target, bodyHash } = verified.payload
  return {
    username: sub!,
    sessionId: String(sid),
    proofId: jti!,
    expiresAt: exp! * 1_000,
    action: String(action),
    target: String(target),
    bodyHash: bodyHash === undefined ? undefined : String(bodyHash),
  }
}

/** What of a proof is not as it should be; undefined where all is. */
export function mismatchOf(proof: Proof, holder: ProofHolder, purpose: ProofPurpose): string | undefined {
  if (proof.username !== holder.username) return 'is of another user'
  if (proof.sessionId !== holder.sessionId) return 'is of another session'
  if (proof.action !== purpose.action) return 'is for another action'
  if (proof.target !== purpose.target) return 'is for another target'
  if (proof.bodyHash !== purpose.bodyHash) return 'is for another request'
  return undefined
}
