import { basename } from 'node:path'
import { wallClock } from '../../../platform/clock/clock.ts'
import { ImportError } from '../../../platform/network/import/faults.ts'
import { readImportFiles } from '../../../platform/network/import/files.ts'
import { NoDatabase, runningDatabase } from '../../../platform/network/running-database.ts'
import { EnvironmentError, readEnvironment } from '../../../platform/runtime/environment.ts'
import { BadFlag, readCommandLine } from '../../../platform/runtime/flags.ts'
import { Database } from '../../../platform/storage/database.ts'
import { enterFile } from './enter-rows.ts'
import { registers } from './registers.ts'

const names = registers.map(({ name }) => name)

const usage = `The registers of continuity: limits, numbers of units, monetary bases, emergency occurrences.

  npm run registers -- import <folder or files …>   enters the rows of ${names.map((name) => `${name}.csv`).join(', ')}:
                                                     of each file all or, where anything is wrong, nothing

Environment: DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASSWORD, DB_SSL; without DB_HOST the embedded database that runs on
DATA_DIR. The files are described in docs/continuity-registers.md.
`

/** How long a database may take to answer. */
const patienceMs = 5_000

process.exitCode = await run(process.argv.slice(2))

async function run(args: readonly string[]): Promise<number> {
  try {
    const { flags, words } = readCommandLine(args, { help: { type: 'boolean', short: 'h' } })
    if (flags.has('help')) {
      process.stdout.write(usage)
      return 0
    }
    const [task, ...paths] = words
    if (task !== 'import' || paths.length === 0) throw new BadFlag('give import and a folder or files (see --help)')
    const environment = readEnvironment(process.env)
    const database = new Database({ ...runningDatabase(environment), max: 2, application_name: 'linha-viva-registers' })
    try {
      await database.ready(AbortSignal.timeout(patienceMs)).catch((error: unknown) => {
        throw database.state.up ? error : new NoDatabase(`the database cannot be used: ${database.state.detail}`)
      })
      await enterFiles(database, paths)
    } finally {
      await database.close()
    }
    return 0
  } catch (error) {
    process.stderr.write(`registers: ${(error as Error).message}\n`)
    return error instanceof BadFlag || error instanceof EnvironmentError ? 2 : 1
  }
}

/** @throws ImportError with every fault of a file and its line; files before it, in the order of the registers, are entered */
async function enterFiles(database: Database, paths: readonly string[]): Promise<void> {
  const files = await readImportFiles(paths, names)
  const nameOf = ({ name }: { name: string }): string => basename(name, '.csv')
  const unknown = files.filter((file) => !names.includes(nameOf(file)))
  if (unknown.length > 0)
    throw new ImportError(
      unknown.map((file) => ({ file: file.name, problem: `is none of ${names.join('.csv, ')}.csv` })),
    )
  for (const register of registers) {
    const file = files.find((one) => nameOf(one) === register.name)
    if (!file) continue
    const by = { name: 'npm run registers', at: wallClock.now() }
    const { added, changed, unchanged } = await enterFile(database, register, file.bytes, by)
    process.stdout.write(`${register.name}: ${added} added, ${changed} changed, ${unchanged} unchanged\n`)
  }
}
