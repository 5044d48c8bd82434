import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { publishedFiles, withTables } from '../wire/publication.ts'

const folder = join(import.meta.dirname, '../../../docs/contract')

/**
 * Compares the published contract with the code.
 * @returns files that are missing, other than the code says, or not of the contract; relative to docs/contract
 */
export function outdatedFiles(): string[] {
  const files = contractFiles()
  const outdated = [...files].filter(([file, text]) => readIf(join(folder, file)) !== text).map(([file]) => file)
  const strays = readdirSync(folder, { recursive: true })
    .map((file) => String(file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.json') && !files.has(file))
  return [...outdated, ...strays]
}

/** Writes the contract into docs/contract. @returns what was written or removed */
function publish(): string[] {
  const files = contractFiles()
  const outdated = outdatedFiles()
  for (const file of outdated) {
    const path = join(folder, file)
    const text = files.get(file)
    mkdirSync(dirname(path), { recursive: true })
    if (text === undefined) rmSync(path)
    else writeFileSync(path, text)
  }
  return outdated
}

const page = 'README.md'
const contractFiles = (): Map<string, string> =>
  publishedFiles().set(page, withTables(readFileSync(join(folder, page), 'utf8')))

function readIf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const written = publish()
  process.stdout.write(written.length === 0 ? 'docs/contract is up to date\n' : `${written.join('\n')}\n`)
}
