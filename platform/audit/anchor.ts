import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign, verify, type KeyObject } from 'node:crypto'
import { canonicalJson, sha256Of } from '../storage/canonical-json.ts'
import type { Head } from './chain.ts'

/** What was the head of the chain at an instant, signed: kept outside the database. Each is bound to the one before it. */
export interface Anchor extends Head {
  /** `restored`: the database was put back to this head; entries that were anchored beyond it before are gone with it. */
  readonly kind: 'head' | 'restored'
  /** ISO 8601, UTC, by the wall's clock. */
  readonly at: string
  /** SHA-256 of the line before; 64 zeros for the first. */
  readonly previous: string
  /** Who signed it: the first 16 digits of the SHA-256 of the public key (SPKI, DER). */
  readonly key: string
  /** Ed25519 over the rest of the line as canonical JSON (RFC 8785), base64url. */
  readonly signature: string
}

/** Before the first line. */
export const noLine = '0'.repeat(64)

export interface AnchorKey {
  readonly id: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** PKCS #8 of an Ed25519 key, before the 32 bytes that are the key (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** @param secret of the installation; the same gives the same key */
export function anchorKeyOf(secret: string): AnchorKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, 'linha-viva', 'audit-anchor', 32))
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  return { id: keyIdOf(publicKey), privateKey, publicKey }
}

/** By what an anchor names the key that it was signed with. */
export const keyIdOf = (publicKey: KeyObject): string =>
  createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 16)

/** The line of an anchor, without its end. */
export function signAnchor(anchor: Omit<Anchor, 'key' | 'signature'>, key: AnchorKey): string {
  const { kind, seq, hash, at, previous } = anchor
  const said = { kind, seq, hash, at, previous, key: key.id }
  const signature = sign(null, Buffer.from(canonicalJson(said)), key.privateKey).toString('base64url')
  return JSON.stringify({ ...said, signature })
}

/** @returns undefined where the line is none */
export function parseAnchor(line: string): Anchor | undefined {
  let parsed: Partial<Anchor> | null
  try {
    parsed = JSON.parse(line) as typeof parsed
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
  const texts = [parsed?.hash, parsed?.at, parsed?.previous, parsed?.key, parsed?.signature]
  const isAnchor =
    texts.every((text) => typeof text === 'string') &&
    (parsed?.kind === 'head' || parsed?.kind === 'restored') &&
    Number.isSafeInteger(parsed.seq)
  return isAnchor ? (parsed as Anchor) : undefined
}

function isSigned({ signature, ...said }: Anchor, publicKey: KeyObject): boolean {
  const { kind, seq, hash, at, previous, key } = said
  const text = canonicalJson({ kind, seq, hash, at, previous, key })
  return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64url'))
}

/** What is wrong with the anchors of one key; undefined: nothing. @param lines as they stand, oldest first */
export function faultOfAnchors(lines: readonly string[], publicKey: KeyObject): string | undefined {
  let previous = noLine
  let last: Anchor | undefined
  for (const line of lines) {
    const anchor = parseAnchor(line)
    // What a crash left of a line: the next one is bound to the one before it.
    if (!anchor) continue
    if (anchor.previous !== previous)
      return `the anchor of ${anchor.at} does not follow the one before it: anchors are missing, or were changed`
    previous = sha256Of(line)
    last = anchor
  }
  // Each is bound to all before it: with the last one all are signed.
  if (last && !isSigned(last, publicKey)) return `the anchor of ${last.at} is not signed by key ${last.key}`
  return undefined
}

export interface AnchoredHeads {
  /** Those that the chain must have, by number; several where they disagree. */
  readonly heads: ReadonlyMap<number, readonly Anchor[]>
  /** Restores from a backup, and what had been anchored furthest before each. */
  readonly restores: readonly { readonly restored: Anchor; readonly lostUpTo: number }[]
  readonly last: Anchor | undefined
}

/** What anchors of any number of keys demand of the chain. @param anchors those of each key in the order of its lines */
export function anchoredHeads(anchors: readonly Anchor[]): AnchoredHeads {
  const inOrder = inOrderOf(anchors)
  let standing: Anchor[] = []
  const restores: { restored: Anchor; lostUpTo: number }[] = []
  for (const anchor of inOrder) {
    if (anchor.kind === 'restored') {
      const lostUpTo = standing.reduce((most, { seq }) => Math.max(most, seq), anchor.seq)
      restores.push({ restored: anchor, lostUpTo })
      standing = standing.filter(({ seq }) => seq <= anchor.seq)
    }
    standing.push(anchor)
  }
  return { heads: Map.groupBy(standing, ({ seq }) => seq), restores, last: inOrder.at(-1) }
}

/** By time; where the clock of a key went back its lines tell the order. */
function inOrderOf(anchors: readonly Anchor[]): Anchor[] {
  const latest = new Map<string, number>()
  const timed = anchors.map((anchor) => {
    const at = Math.max(Date.parse(anchor.at), latest.get(anchor.key) ?? -Infinity)
    latest.set(anchor.key, at)
    return { anchor, at }
  })
  return timed.toSorted((one, other) => one.at - other.at).map(({ anchor }) => anchor)
}
