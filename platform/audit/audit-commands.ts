import type { KeyObject } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { csvLines, type CsvColumn } from '../http/csv.ts'
import type { Queries } from '../storage/queries.ts'
import { readAnchorKeys, readAnchorLines, readPublicKey } from './anchor-files.ts'
import { anchoredHeads, faultOfAnchors, keyIdOf, parseAnchor, type Anchor, type AnchorKey } from './anchor.ts'
import {
  differencesAmong,
  entriesAfter,
  keptAtLeast,
  rightsTooMany,
  someEntriesAfter,
  type EntryFilter,
} from './audit-repository.ts'
import type { AuditEntry } from './chain.ts'
import { verifyChain, type Evidence, type Verdict } from './verify-chain.ts'

const pageSize = 5_000

/** Anchors as they stand, read before the chain is: so none is newer than the chain. */
export interface AnchorFiles {
  readonly folder: string
  readonly anchors: readonly Anchor[]
  /** What is wrong with them, a line each; empty: nothing. */
  readonly faults: readonly string[]
}

/**
 * Reads the anchors of a folder, and sees whether each is signed and bound to the one before it. Whoever may write there can add a
 * key: its anchors demand as much of the chain as others, but that a restore took anything away only trusted keys may say.
 * @param own  the key of this installation
 * @param keyFile  another one that is trusted
 * @throws Error if a file cannot be read
 */
export async function readAnchors(folder: string, own: AnchorKey | undefined, keyFile?: string): Promise<AnchorFiles> {
  const trusted = new Map([
    ...(own ? [[own.id, own.publicKey] as const] : []),
    ...(keyFile === undefined ? [] : [await withId(keyFile)]),
  ])
  const keys = new Map([...(await readAnchorKeys(folder)), ...trusted])
  const faults: string[] = []
  const anchors: Anchor[] = []
  for (const [id, lines] of await readAnchorLines(folder)) {
    const key = keys.get(id)
    const fault = key ? faultOfAnchors(lines, key) : `no public key ${id} for the anchors that it signed`
    if (fault !== undefined) faults.push(fault)
    else anchors.push(...lines.flatMap((line) => believed(line, trusted.has(id))))
  }
  return { folder, anchors, faults }
}

async function withId(keyFile: string): Promise<readonly [string, KeyObject]> {
  const key = await readPublicKey(keyFile)
  return [keyIdOf(key), key]
}

function believed(line: string, isTrusted: boolean): Anchor[] {
  const anchor = parseAnchor(line)
  if (!anchor) return []
  return isTrusted ? [anchor] : [{ ...anchor, kind: 'head' }]
}

/**
 * Verifies the chain of a database.
 * @param queries  of one snapshot, as the running role
 * @param files  undefined: without anchors
 * @param now  UTC ms, of the wall
 * @returns whether all is as it was entered
 */
export async function verifyDatabase(
  queries: Queries,
  files: AnchorFiles | undefined,
  now: number,
  answer: (line: string) => void,
): Promise<boolean> {
  const kept = await keptAtLeast(queries)
  const evidence: Omit<Evidence, 'heads'> = {
    mayBeLetGo: ({ table, at }) => Date.parse(at) < now - (kept.get(table) ?? Infinity),
    differences: (after, upTo) => differencesAmong(queries, after, upTo, now),
  }
  const isWhole = await verify(pagesOf(queries), files, evidence, answer)
  const rights = await rightsTooMany(queries)
  for (const right of rights) answer(`broken: ${right}: the running system could change the audit`)
  return isWhole && rights.length === 0
}

/** Verifies an export of a whole chain. What was let go of cannot be told from what was taken away there. */
export async function verifyFile(
  path: string,
  files: AnchorFiles | undefined,
  answer: (line: string) => void,
): Promise<boolean> {
  const evidence = { mayBeLetGo: () => true, differences: async () => [] }
  return verify(entriesOfFile(path), files, evidence, answer)
}

async function verify(
  pages: AsyncIterable<readonly AuditEntry[]>,
  files: AnchorFiles | undefined,
  evidence: Omit<Evidence, 'heads'>,
  answer: (line: string) => void,
): Promise<boolean> {
  const { heads, restores, last } = anchoredHeads(files?.anchors ?? [])
  const verdict = await verifyChain(pages, { ...evidence, heads })
  const faults = [...(files?.faults ?? []), ...(files && !last ? [`there are no anchors in ${files.folder}`] : [])]
  for (const line of describe(verdict, files, last)) answer(line)
  for (const { restored, lostUpTo } of restores) {
    const lost =
      lostUpTo > restored.seq ? `; entries ${restored.seq + 1} to ${lostUpTo} of before are gone with it` : ''
    answer(`restored: from a backup on ${restored.at}, up to entry ${restored.seq}${lost}`)
  }
  for (const fault of faults) answer(`broken: ${fault}`)
  if (verdict.broken) answer(`broken: ${verdict.broken.why}`)
  const isWhole = faults.length === 0 && !verdict.broken
  if (isWhole)
    answer(files ? 'the audit is as it was written' : 'the chain holds; without anchors its end is not known')
  return isWhole
}

function describe(verdict: Verdict, files: AnchorFiles | undefined, last: Anchor | undefined): string[] {
  const { entries, firstAt, lastAt, letGo, unanchored } = verdict
  const many = (count: number): string => count.toLocaleString('en-US')
  const from = firstAt === undefined ? '' : `, ${firstAt} to ${lastAt}`
  const without = letGo > 0 ? `; of ${many(letGo)} of them only the hash is kept` : ''
  return [
    `entries: ${many(entries)}${from}${without}`,
    ...(files && last
      ? [
          `anchors: ${many(files.anchors.length)} in ${files.folder}, the last of ${last.at}; ` +
            `${many(unanchored)} entries came after what was anchored`,
        ]
      : []),
  ]
}

async function* pagesOf(queries: Queries): AsyncGenerator<readonly AuditEntry[]> {
  for (let after = 0; ;) {
    const page = await entriesAfter(queries, after, pageSize)
    if (page.length === 0) return
    yield page
    after = page.at(-1)!.seq
  }
}

/** @throws Error naming the line that is no entry */
async function* entriesOfFile(path: string): AsyncGenerator<readonly AuditEntry[]> {
  let number = 0
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    number++
    try {
      yield [JSON.parse(line) as AuditEntry]
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      throw new Error(`${path} line ${number} is no entry: it is not JSON`, { cause: error })
    }
  }
}

const csvColumns: readonly CsvColumn[] = [
  { name: 'seq', kind: 'number' },
  ...['at', 'source', 'table', 'actor', 'content', 'contentHash', 'previousHash', 'hash'].map((name) => ({
    name,
    kind: 'text' as const,
  })),
]

/** What is asked for, as lines of JSON or CSV with their ends. */
export async function* exportAudit(queries: Queries, filter: EntryFilter, csv: boolean): AsyncGenerator<string> {
  if (csv) return yield* csvLines(csvColumns, withActors(filtered(queries, filter)))
  for await (const entry of filtered(queries, filter)) yield `${JSON.stringify(entry)}\n`
}

async function* filtered(queries: Queries, filter: EntryFilter): AsyncGenerator<AuditEntry> {
  for (let after = 0; ;) {
    const page = await someEntriesAfter(queries, filter, after, pageSize)
    if (page.length === 0) return
    yield* page
    after = page.at(-1)!.seq
  }
}

async function* withActors(entries: AsyncIterable<AuditEntry>): AsyncGenerator<AuditEntry & { actor: string | null }> {
  for await (const entry of entries) {
    const content = entry.content === null ? null : (JSON.parse(entry.content) as { actor: string | null })
    yield { ...entry, actor: content?.actor ?? null }
  }
}
