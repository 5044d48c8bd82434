import { Database, DatabaseUnavailable } from '../storage/database.ts'
import { EnvironmentError, readEnvironment } from '../runtime/environment.ts'
import { runCommand } from './registry-commands.ts'
import { BadFlag } from '../runtime/flags.ts'
import { endWithReader } from '../runtime/standard-output.ts'
import { readCommand, usage } from './registry-flags.ts'
import { loadRegistryChecks } from './registry-check.ts'
import { NoDatabase, runningDatabase } from './running-database.ts'

/** How long a database may take to answer. */
const patienceMs = 5_000

endWithReader()

process.exitCode = await run()

async function run(): Promise<number> {
  try {
    const command = readCommand(process.argv.slice(2))
    if (command.task === 'help') {
      process.stdout.write(usage)
      return 0
    }
    const environment = readEnvironment(process.env)
    const database = new Database({ ...runningDatabase(environment), max: 2, application_name: 'linha-viva-registry' })
    try {
      await answering(database)
      await loadRegistryChecks()
      return await runCommand(database, command, {
        timeZone: environment.TIME_ZONE,
        answer: (text) => process.stdout.write(text),
        tell,
      })
    } finally {
      await database.close()
    }
  } catch (error) {
    if (error instanceof BadFlag || error instanceof EnvironmentError) {
      tell(`registry: ${error.message}`)
      return 2
    }
    if (error instanceof NoDatabase) tell(`registry: ${error.message}`)
    else if (error instanceof DatabaseUnavailable) tell(`registry: the database went away: ${error.message}`)
    else tell(`registry: ${(error as Error).message}`)
    return 1
  }
}

async function answering(database: Database): Promise<void> {
  try {
    await database.ready(AbortSignal.timeout(patienceMs))
  } catch (error) {
    if (database.state.up) throw error
    throw new NoDatabase(`the database cannot be used: ${database.state.detail}`)
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}
