import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'

/** A backup is a folder: parts, and this file that tells what they are. It is written last: a folder with it is complete. */
export const manifestFile = 'manifest.json'

/** One file of a backup. The checksum is of the file as it is, compressed. */
export interface Part {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

/** The rows of one table, gzipped, in the text format of COPY. Divided tables are one part, whatever they are divided into. */
export interface TablePart extends Part {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: number
}

/** Where a file belongs: FLOWS_DIR, Node-RED's user directory, DATA_DIR; or a generated secret. */
export type FilePlace = 'flows' | 'node-red' | 'data' | 'secret'

export interface FilePart extends Part {
  readonly place: FilePlace
  /** Path below its place, with slashes. */
  readonly name: string
}

export interface Manifest {
  readonly format: 1
  /** Version of Linha Viva that took it. */
  readonly release: string
  /** ISO 8601, UTC. */
  readonly takenAt: string
  /** Migrations that the database had, oldest first. */
  readonly migrations: readonly string[]
  /** In an order in which they can be loaded: what is referred to comes first. */
  readonly tables: readonly TablePart[]
  /** What the divided tables were divided into, by an instant of each. */
  readonly partitions: readonly { readonly table: string; readonly from: string }[]
  readonly sequences: readonly { readonly name: string; readonly value: string }[]
  readonly files: readonly FilePart[]
}

/** A backup that cannot be used. The message is one line that names the file and what is wrong with it. */
export class BadBackup extends Error {
  override readonly name = 'BadBackup'
}

/** The manifest as text, with a checksum over itself. */
export const formatManifest = (manifest: Manifest): string =>
  JSON.stringify({ ...manifest, sha256: checksum(manifest) }, null, 2) + '\n'

const checksum = (manifest: Manifest): string => createHash('sha256').update(JSON.stringify(manifest)).digest('hex')

/**
 * Reads the manifest of a backup, and sees that every part is there in its full length.
 * @throws BadBackup
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const manifest = parse(folder, await readIn(folder))
  for (const { file, bytes, name = file } of [...manifest.tables, ...manifest.files] as (Part & { name?: string })[]) {
    if ([file, name].some((path) => isAbsolute(path) || path.split(/[/\\]/).includes('..')))
      throw new BadBackup(`${join(folder, manifestFile)} names ${JSON.stringify(name)}, which is outside of its place`)
    const path = join(folder, file)
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw new BadBackup(`${path} cannot be read (${error.code})`)
    })
    if (found.size !== bytes)
      throw new BadBackup(`${path} has ${found.size} bytes, not ${bytes}: the backup is damaged`)
  }
  return manifest
}

async function readIn(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, manifestFile), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT')
      throw new BadBackup(`${folder} has no ${manifestFile}: it is no backup, or one that was not completed`)
    throw new BadBackup(`${join(folder, manifestFile)} cannot be read (${code})`)
  }
}

function parse(folder: string, text: string): Manifest {
  const path = join(folder, manifestFile)
  let parsed: (Manifest & { sha256?: unknown }) | null
  try {
    parsed = JSON.parse(text) as typeof parsed
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new BadBackup(`${path} is damaged: it is not JSON`)
  }
  if (parsed === null) throw new BadBackup(`${path} is damaged: it is empty`)
  const { sha256, ...manifest } = parsed
  if ((manifest.format as number) > 1)
    throw new BadBackup(
      `${path} has format ${manifest.format}, which this release does not know: take release ${manifest.release} or newer`,
    )
  if (sha256 !== checksum(manifest)) throw new BadBackup(`${path} is damaged: its checksum does not fit`)
  return manifest
}
