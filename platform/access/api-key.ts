import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Routes that a key may open: each key opens those of one scope, and nothing else. */
export const keyScopes = ['regulator'] as const
export type KeyScope = (typeof keyScopes)[number]

/** Where a request carries a key. */
export const keyHeader = 'x-api-key'

/** A key as its holder has it: shown once. */
export interface MadeKey {
  readonly keyId: string
  readonly key: string
  readonly secretHash: Buffer
}

/** So that it is known for what it is, wherever it turns up. */
const prefix = 'lvk'
const form = /^lvk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

/** A new key, of 256 random bits. */
export function makeKey(): MadeKey {
  const keyId = randomBytes(8).toString('hex')
  const secret = randomBytes(32).toString('base64url')
  return { keyId, key: `${prefix}_${keyId}_${secret}`, secretHash: hashOf(secret) }
}

/** The parts of a key; undefined for what is none of ours. */
export function partsOfKey(text: string): { readonly keyId: string; readonly secretHash: Buffer } | undefined {
  const [, keyId, secret] = form.exec(text) ?? []
  return keyId === undefined || secret === undefined ? undefined : { keyId, secretHash: hashOf(secret) }
}

/** Whether two hashes are the same: takes as long whatever they are. */
export const isSameHash = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other)

/** Whether a text holds what may be a key of ours. */
export const holdsKey = (text: string): boolean => text.includes(`${prefix}_`)

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
