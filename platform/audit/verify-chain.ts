import type { Anchor, AnchoredHeads } from './anchor.ts'
import type { Difference } from './audit-repository.ts'
import { breakAt, noHead, type AuditEntry, type Break, type BreakKind, type Head } from './chain.ts'

/** What a walk over the whole chain found. */
export interface Verdict {
  readonly entries: number
  /** Of the first and the last entry; undefined: there is none. */
  readonly firstAt: string | undefined
  readonly lastAt: string | undefined
  /** Entries of which only the hash is kept. */
  readonly letGo: number
  /** Entries after the last one that was anchored. */
  readonly unanchored: number
  /** The first entry that is not as it was entered; undefined: all are. */
  readonly broken: (Omit<Break, 'kind'> & { readonly kind: BreakKind | 'cut' | 'rewritten' | 'row' }) | undefined
}

/** What the walk is to hold the chain against. */
export interface Evidence extends Pick<AnchoredHeads, 'heads'> {
  /** Whether an entry may be without its content. */
  mayBeLetGo(entry: AuditEntry): boolean
  /** Rows of the entries after one up to another that are not what was entered. */
  differences(after: number, upTo: number): Promise<readonly Difference[]>
}

/** Walks over the chain, from its first entry on, up to the first that is not as it was entered. @param pages  in their order */
export async function verifyChain(
  pages: AsyncIterable<readonly AuditEntry[]>,
  { heads, mayBeLetGo, differences }: Evidence,
): Promise<Verdict> {
  let head: Head = noHead
  let fits: Head = noHead
  let entries = 0
  let letGo = 0
  let [firstAt, lastAt]: (string | undefined)[] = []
  const verdict = (broken: Verdict['broken']): Verdict => ({
    ...{ entries, firstAt, lastAt, letGo, broken },
    unanchored: head.seq - fits.seq,
  })

  for await (const page of pages) {
    const before = head.seq
    for (const entry of page) {
      const anchors = heads.get(entry.seq)
      const found = breakAt(head, entry) ?? contentGone(entry, mayBeLetGo) ?? rewritten(fits, entry, anchors)
      if (found) return verdict(await firstOf(found, before, found.kind === 'rewritten' ? entry.seq : head.seq))
      if (anchors) fits = entry
      head = entry
      entries++
      if (entry.content === null) letGo++
      firstAt ??= entry.at
      lastAt = entry.at
    }
    const changed = await firstOf(undefined, before, head.seq)
    if (changed) return verdict(changed)
  }
  return verdict(cut(head, heads))

  /** A row that is not what was entered comes before a break further on. */
  async function firstOf(found: Verdict['broken'], after: number, upTo: number): Promise<Verdict['broken']> {
    const [difference] = upTo > after ? await differences(after, upTo) : []
    // Of what was written anew it is known only where it ends: a row that was left as it was says where it begins.
    const isFirst = difference && (!found || found.kind === 'rewritten' || difference.seq < found.seq)
    if (!isFirst) return found
    const { seq, table, gone } = difference
    const why = `the row of ${table} that entry ${seq} tells of ${gone ? 'is gone' : 'was changed'}`
    return { kind: 'row', seq, why }
  }
}

function contentGone(entry: AuditEntry, mayBeLetGo: Evidence['mayBeLetGo']): Verdict['broken'] {
  if (entry.content !== null || mayBeLetGo(entry)) return undefined
  return { kind: 'edited', seq: entry.seq, why: `entry ${entry.seq} was edited: its content is gone, before its time` }
}

function rewritten(fits: Head, entry: AuditEntry, anchors: readonly Anchor[] = []): Verdict['broken'] {
  const other = anchors.find(({ hash }) => hash !== entry.hash)
  if (!other) return undefined
  const first = fits.seq + 1
  const which =
    first === other.seq ? `entry ${first} was` : `entries from ${first} to ${other.seq}, or some of them, were`
  return {
    kind: 'rewritten',
    seq: first,
    why: `${which} written anew: on ${other.at} entry ${other.seq} was another one`,
  }
}

function cut(head: Head, heads: Evidence['heads']): Verdict['broken'] {
  const beyond = [...heads.values()].flat().find(({ seq }) => seq > head.seq)
  if (!beyond) return undefined
  const first = head.seq + 1
  const why = `entry ${first} is missing: the chain is cut after entry ${head.seq}, and on ${beyond.at} it had entry ${beyond.seq}`
  return { kind: 'cut', seq: first, why }
}
