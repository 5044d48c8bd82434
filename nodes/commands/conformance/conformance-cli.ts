import { NoDatabase, runningDatabase } from '../../../platform/network/running-database.ts'
import { messageOf } from '../../../platform/node/message-of.ts'
import { readEnvironment } from '../../../platform/runtime/environment.ts'
import { Database } from '../../../platform/storage/database.ts'
import { readConformanceFlags, usage, type ConformanceFlags } from './conformance-flags.ts'
import { runConformance } from './run-conformance.ts'

/** How long a database may take to answer. */
const patienceMs = 5_000

process.exitCode = await run(process.argv.slice(2))
// What started us keeps a channel open.
process.disconnect?.()

async function run(args: readonly string[]): Promise<number> {
  try {
    const flags = readConformanceFlags(args)
    if (flags === 'help') {
      process.stdout.write(usage)
      return 0
    }
    return (await check(flags)) ? 0 : 1
  } catch (error) {
    process.stderr.write(`conformance: ${messageOf(error)}\n`)
    return 2
  }
}

async function check(flags: ConformanceFlags): Promise<boolean> {
  const environment = readEnvironment(process.env)
  const database =
    flags.controlNumber === undefined
      ? new Database({ ...runningDatabase(environment), max: 2, application_name: 'linha-viva-conformance' })
      : undefined
  try {
    await database?.ready(AbortSignal.timeout(patienceMs)).catch((error: unknown) => {
      throw database.state.up ? error : new NoDatabase(`the database cannot be used: ${database.state.detail}`)
    })
    const say = (line: string): void => void process.stdout.write(`${line}\n`)
    return await runConformance(flags, { environment, database, say, ask: say })
  } finally {
    await database?.close()
  }
}
