import { sha256Of } from '../storage/canonical-json.ts'

/** An entry of the audit as it stands in the database, or in an export. Hashes are lower-case hexadecimal. */
export interface AuditEntry {
  /** From 1, without a gap. */
  readonly seq: number
  /** UTC with six decimals of a second: 2026-11-21T12:00:00.000000Z. */
  readonly at: string
  /** What area of the platform it is of. */
  readonly source: string
  /** Whose row it tells of. */
  readonly table: string
  /** What happened, as JSON, byte for byte as it was hashed; null: let go of, only its hash is kept. */
  readonly content: string | null
  readonly contentHash: string
  readonly previousHash: string
  readonly hash: string
}

/** The end of the chain up to some entry. */
export interface Head {
  readonly seq: number
  readonly hash: string
}

/** Of a chain without entries. */
export const noHead: Head = { seq: 0, hash: '0'.repeat(64) }

/**
 * - `missing`: entries are not there
 * - `edited`: it is not what was entered
 * - `reordered`: it was entered, but somewhere else
 * - `replaced`: another one was entered in its place
 */
export type BreakKind = 'missing' | 'edited' | 'reordered' | 'replaced'

/** The first entry that is not as it was entered. */
export interface Break {
  readonly kind: BreakKind
  readonly seq: number
  /** One line for people. */
  readonly why: string
}

/** The hash that an entry of these fields has: of six lines, the last one without its end. */
export const hashOf = ({
  previousHash,
  seq,
  at,
  source,
  table,
  contentHash,
}: Omit<AuditEntry, 'hash' | 'content'>): string =>
  sha256Of([previousHash, seq, at, source, table, contentHash].join('\n'))

/** What is wrong with an entry, after the entry before it; undefined: nothing. */
export function breakAt(before: Head, entry: AuditEntry): Break | undefined {
  const { seq, previousHash, hash, content, contentHash } = entry
  const broken = (kind: BreakKind, at: number, why: string): Break => ({ kind, seq: at, why })
  const expected = before.seq + 1
  if (seq !== expected)
    return broken('missing', expected, `entry ${expected} is missing: entry ${before.seq} is followed by entry ${seq}`)
  const isItself = hashOf(entry) === hash
  const follows = previousHash === before.hash
  if (!isItself && !follows)
    return broken('reordered', seq, `entry ${seq} is out of order: it was not entered after entry ${before.seq}`)
  if (!isItself) return broken('edited', seq, `entry ${seq} was edited: its hash does not fit`)
  if (!follows)
    return before.seq === 0
      ? broken('replaced', seq, `entry ${seq} is not the first one that was entered: entries before it are missing`)
      : broken('replaced', before.seq, `entry ${before.seq} was replaced: entry ${seq} was entered after another one`)
  if (content !== null && sha256Of(content) !== contentHash)
    return broken('edited', seq, `entry ${seq} was edited: its content does not fit its hash`)
  return undefined
}
