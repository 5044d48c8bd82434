import { sha256Of } from '../storage/canonical-json.ts'
import { hashOf, noHead, type AuditEntry } from './chain.ts'

/** A chain with these contents, a second apart. */
export function entered(...contents: readonly string[]): AuditEntry[] {
  const entries: AuditEntry[] = []
  for (const [index, content] of contents.entries()) {
    const fields = {
      seq: index + 1,
      at: `2026-11-21T12:00:0${index}.000000Z`,
      source: 'access',
      table: 'access_log',
      contentHash: sha256Of(content),
      previousHash: entries.at(-1)?.hash ?? noHead.hash,
    }
    entries.push({ ...fields, content, hash: hashOf(fields) })
  }
  return entries
}
