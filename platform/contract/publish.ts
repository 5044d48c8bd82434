import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { accessFiles } from '../broker/access-files.ts'
import { withOptionsTable } from '../regulation/options-table.ts'
import { installation } from '../runtime/installation.ts'
import { publishedFiles, withTables } from '../wire/publication.ts'

const contract = 'docs/contract'

/**
 * Compares what is published of the code with it: the contract, who may do what at the broker, and what is uncertain in the norm.
 * @returns files that are missing, other than the code says, or not of the contract; relative to the installation
 */
export function outdatedFiles(): string[] {
  const files = writtenFiles()
  const outdated = [...files].filter(([file, text]) => readIf(join(installation, file)) !== text).map(([file]) => file)
  const strays = readdirSync(join(installation, contract), { recursive: true })
    .map((file) => `${contract}/${String(file).replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.json') && !files.has(file))
  return [...outdated, ...strays]
}

/** Writes them. @returns what was written or removed */
function publish(): string[] {
  const files = writtenFiles()
  const outdated = outdatedFiles()
  for (const file of outdated) {
    const path = join(installation, file)
    const text = files.get(file)
    mkdirSync(dirname(path), { recursive: true })
    if (text === undefined) rmSync(path)
    else writeFileSync(path, text)
  }
  return outdated
}

const page = `${contract}/README.md`
const regulation = 'docs/regulation.md'

const pageOf = (file: string): string => readFileSync(join(installation, file), 'utf8')

const writtenFiles = (): Map<string, string> =>
  new Map([
    ...[...publishedFiles()].map(([file, text]) => [`${contract}/${file}`, text] as const),
    ...[...accessFiles()].map(([file, text]) => [`deploy/${file}`, text] as const),
    [page, withTables(pageOf(page))],
    [regulation, withOptionsTable(pageOf(regulation))],
  ])

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
  process.stdout.write(
    written.length === 0 ? 'contract, access files and table of options are up to date\n' : `${written.join('\n')}\n`,
  )
}
