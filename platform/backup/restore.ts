import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { Client } from 'pg'
import { headOf } from '../audit/audit-repository.ts'
import { noHead, type Head } from '../audit/chain.ts'
import { queriesOf } from '../storage/queries.ts'
import { migrationFiles } from '../storage/migration-files.ts'
import type { KeptFile } from './files.ts'
import { BadBackup, type Manifest, type TablePart } from './manifest.ts'
import { readRows } from './parts.ts'
import { reporter } from './reporter.ts'
import {
  copyIn,
  createMigrationTable,
  createPartition,
  dropEverything,
  emptyTables,
  endAllSessions,
  existing,
  hasRows,
  noteRestore,
  setSequence,
  useOneNotation,
  withoutTriggers,
} from './repository.ts'

/** The target holds something that a restore would replace. */
class NotEmpty extends Error {
  override readonly name = 'NotEmpty'
}

/**
 * Brings the database to what the backup holds, in the schema that the backup was taken of, but for those who were logged in:
 * nobody is any more, and no proof of theirs is good; and commands, which wait until somebody says that they may be sent. One
 * transaction: killed at any moment, or with a damaged part, the database is as it was before.
 * @param client      the owner of the schema, not yet in a transaction
 * @param restoredAt  by the wall's clock, UTC milliseconds
 * @returns the end of the audit as the backup has it
 * @throws BadBackup if the backup is damaged, or of a newer release
 */
export async function loadRows(
  client: Client,
  folder: string,
  manifest: Manifest,
  restoredAt: number,
  say: (line: string) => void,
): Promise<Head> {
  const migrations = migrationsFor(manifest)
  await client.query('begin')
  await dropEverything(client)
  await createMigrationTable(client)
  for (const { path } of migrations) await client.query(await readFile(path, 'utf8'))
  await useOneNotation(client)
  // No trigger of a migration's own rows waits for the commit any more: it would be in the way of what follows.
  await client.query('set constraints all immediate')
  const tables = manifest.tables.map(({ table }) => table)
  await withoutTriggers(client, tables, async () => {
    await emptyTables(client, tables)
    const load = async (part: TablePart): Promise<void> => loadTable(client, folder, part, say)
    // What the tables are divided by comes first: partitions are made from it.
    const isPlan = ({ table }: TablePart): boolean => table === 'partition_plan'
    for (const part of manifest.tables.filter(isPlan)) await load(part)
    for (const { table, from } of manifest.partitions) await createPartition(client, table, from)
    for (const part of manifest.tables.filter((part) => !isPlan(part))) await load(part)
  })
  for (const { name, value } of manifest.sequences) await setSequence(client, name, value)
  // Whoever has logged out since, or whose token was copied, would be logged in again.
  await endAllSessions(client)
  const hasAudit = (await existing(client, ['audit_entry'])).length > 0
  const head = hasAudit ? await headOf(queriesOf(client)) : noHead
  await noteRestore(client, restoredAt, manifest.takenAt)
  await client.query('commit')
  return head
}

/**
 * The migrations that make the backup's schema.
 * @throws BadBackup if this release does not know them all, in their order
 */
export function migrationsFor({ release, migrations }: Manifest): { name: string; path: string }[] {
  const known = migrationFiles().slice(0, migrations.length)
  const stranger = migrations.find((name, index) => known[index]?.name !== name)
  if (stranger !== undefined)
    throw new BadBackup(
      `the backup is of release ${release}, with ${stranger}, which this release does not know or has elsewhere: take release ${release} or newer`,
    )
  return known
}

/** @throws NotEmpty if the field, or people, have put something into the database */
export async function requireEmpty(client: Client): Promise<void> {
  const tables = ['device', 'feeder', 'site', 'consumer_unit', 'batch_log', 'quarantine']
  for (const table of await existing(client, tables)) {
    if (await hasRows(client, table))
      throw new NotEmpty(`the database holds data already (table ${table}): with --force it is replaced`)
  }
}

async function loadTable(client: Client, folder: string, part: TablePart, say: (line: string) => void): Promise<void> {
  const progress = reporter(part.table, say, part.rows)
  const target = copyIn(client, part)
  const lines = await readRows(folder, part, target, progress.passed)
  for (const found of [lines, target.rowCount]) {
    if (found !== part.rows)
      throw new BadBackup(`${join(folder, part.file)} holds ${found} rows, not ${part.rows}: the backup is damaged`)
  }
  progress.done(part.rows)
}

/** Reads every part and compares it with what was written. @throws BadBackup at the first that differs */
export async function checkParts(folder: string, manifest: Manifest, say: (line: string) => void): Promise<void> {
  migrationsFor(manifest)
  for (const part of manifest.tables) {
    const progress = reporter(part.table, say, part.rows)
    const rows = await readRows(folder, part, nowhere(), progress.passed)
    if (rows !== part.rows)
      throw new BadBackup(`${join(folder, part.file)} holds ${rows} rows, not ${part.rows}: the backup is damaged`)
    progress.done(rows)
  }
  await readKeptFiles(folder, manifest)
}

const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() })

/** The files of a backup, checked. */
export async function readKeptFiles(folder: string, { files }: Manifest): Promise<KeptFile[]> {
  return Promise.all(
    files.map(async ({ place, name, file, sha256 }) => {
      const content = await readFile(join(folder, file))
      if (checksum(content) !== sha256)
        throw new BadBackup(`${join(folder, file)} is damaged: its checksum does not fit`)
      return { place, name, content }
    }),
  )
}

const checksum = (content: Buffer): string => createHash('sha256').update(content).digest('hex')
