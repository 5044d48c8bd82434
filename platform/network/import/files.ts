import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type ImportFile, mostBytes, tooLarge } from './csv-text.ts'
import { Faults } from './faults.ts'
import { tableNames } from './tables.ts'

/**
 * Reads the files to import: those named, and of a folder all that end in `.csv`.
 * @param tables  what files are called, to say so where a folder has none
 * @throws ImportError naming every one that cannot be read
 */
export async function readImportFiles(
  paths: readonly string[],
  tables: readonly string[] = tableNames,
): Promise<ImportFile[]> {
  const faults = new Faults()
  const files: ImportFile[] = []
  for (const path of paths) {
    await attempt(path, faults, async () => {
      const isFolder = (await stat(path)).isDirectory()
      const within = isFolder ? await csvFilesIn(path) : [path]
      if (within.length === 0) {
        faults.add({ file: path, problem: `holds none of ${tables.join('.csv, ')}.csv` })
      }
      for (const file of within) {
        await attempt(file, faults, async () => {
          const { size } = await stat(file)
          if (size > mostBytes) faults.add({ file, problem: tooLarge(size) })
          else files.push({ name: basename(file), bytes: await readFile(file) })
        })
      }
    })
  }
  faults.check()
  return files
}

async function csvFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder)
  return names
    .filter((name) => name.toLowerCase().endsWith('.csv'))
    .toSorted()
    .map((name) => join(folder, name))
}

async function attempt(file: string, faults: Faults, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    faults.add({ file, problem: code === 'ENOENT' ? 'is not there' : `cannot be read (${message})` })
  }
}
