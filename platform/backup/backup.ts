import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import { syncDirectory, writeDurably } from '../runtime/durable-files.ts'
import { readFilesToKeep, type FilePlaces } from './files.ts'
import { formatManifest, manifestFile, type FilePart, type Manifest, type TablePart } from './manifest.ts'
import { writeFile, writeRows } from './parts.ts'
import { beginSnapshot, copyOut, migrationsOf, partitionsOf, sequencesOf, tablesOf } from './repository.ts'
import { reporter } from './reporter.ts'

export interface BackupOptions {
  /** The folder that will be the backup; it must not be there yet. */
  readonly target: string
  /** Version of Linha Viva, and when, UTC milliseconds. */
  readonly release: string
  readonly now: number
  readonly places: FilePlaces
  /** Told what is done, a line at a time. */
  readonly say: (line: string) => void
}

/**
 * Takes a backup of the schema and of the files that belong to it, while the system runs: all rows are of one instant. Until it is
 * complete it stands in `<target>.partial`, and has no manifest. One that fails leaves nothing behind: the disk may have been full.
 * @param client  a connection of its own that may read every table
 */
export async function takeBackup(client: Client, options: BackupOptions): Promise<Manifest> {
  const partial = `${options.target}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  try {
    return await fill(partial, client, options)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
}

async function fill(partial: string, client: Client, options: BackupOptions): Promise<Manifest> {
  const { target, release, now, places, say } = options
  await beginSnapshot(client)
  const migrations = await migrationsOf(client)
  const partitions = await partitionsOf(client)
  const tables = await writeTables(client, partial, say)
  // Of this very moment, later than the rows: flows know no transaction, and no row depends on them.
  const files = await writeFiles(partial, places, say)
  const sequences = await sequencesOf(client)
  await client.query('commit')

  const takenAt = new Date(now).toISOString()
  const manifest: Manifest = { format: 1, release, takenAt, migrations, tables, partitions, sequences, files }
  await writeDurably(join(partial, manifestFile), formatManifest(manifest))
  await syncDirectory(partial)
  await rename(partial, target)
  await syncDirectory(join(target, '..'))
  return manifest
}

async function writeTables(client: Client, folder: string, say: (line: string) => void): Promise<TablePart[]> {
  const parts: TablePart[] = []
  for (const table of await tablesOf(client)) {
    const progress = reporter(table.table, say)
    const { rows, ...part } = await writeRows(
      folder,
      `tables/${table.table}.copy.gz`,
      copyOut(client, table),
      progress.passed,
    )
    parts.push({ ...part, ...table, rows })
    progress.done(rows)
  }
  return parts
}

async function writeFiles(folder: string, places: FilePlaces, say: (line: string) => void): Promise<FilePart[]> {
  const parts: FilePart[] = []
  for (const { place, name, content } of await readFilesToKeep(places)) {
    parts.push({ ...(await writeFile(folder, `files/${place}/${name}`, content)), place, name })
  }
  say(`${parts.length} files: flows, credentials, names`)
  return parts
}
