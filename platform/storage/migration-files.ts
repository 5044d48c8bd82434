import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

const built = join(import.meta.dirname, '..', '..')

export interface MigrationFile {
  /** As the database keeps it: the file's name without `.sql`. */
  readonly name: string
  readonly path: string
}

/** The migrations of this release, of all areas, in the order in which they run. @throws Error if there is none */
export function migrationFiles(): MigrationFile[] {
  const files = ['platform', 'nodes'].flatMap((top) =>
    readdirSync(join(built, top), { withFileTypes: true })
      .filter((area) => area.isDirectory())
      .flatMap((area) => migrationsIn(join(built, top, area.name, 'migrations'))),
  )
  if (files.length === 0) throw new Error(`no migrations below ${built}: is the build complete?`)
  return files.toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

function migrationsIn(folder: string): MigrationFile[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.sql'))
      .map((file) => ({ name: basename(file, '.sql'), path: join(folder, file) }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
