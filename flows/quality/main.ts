import { pipeline } from 'node:stream/promises'
import { continuityQuality } from '../../nodes/continuity/from-files/continuity-command.ts'
import { backtest } from '../../nodes/voltage/backtest/backtest.ts'
import { voltageQuality } from '../../nodes/voltage/quality-command.ts'
import { FileError } from '../../platform/runtime/csv-file.ts'
import { EnvironmentError, readVariables } from '../../platform/runtime/environment.ts'
import { BadFlag } from '../../platform/runtime/flags.ts'

const usage = `The regulator's indicators of what was recorded, without a server.

  npm run -s quality -- voltage --help      DRP, DRC and compensation of a recorded voltage
  npm run -s quality -- continuity --help   DIC, FIC, DMIC, DICRI, DISE, DEC, FEC and compensation of recorded interruptions
  npm run -s quality -- backtest --help     how good the forecast of DRP and DRC is
`

/** What can be calculated, by the first word of the command line. */
type Command = (...args: Parameters<typeof voltageQuality>) => Promise<string | Iterable<string>>
const commands: Readonly<Record<string, Command>> = { voltage: voltageQuality, continuity: continuityQuality, backtest }

// Whoever read our output has seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await run(process.argv.slice(2))
// What started us keeps a channel open.
process.disconnect?.()

async function run([name, ...args]: readonly string[]): Promise<number> {
  try {
    if (name === '--help' || name === '-h') {
      process.stdout.write(usage)
      return 0
    }
    if (name === undefined || !Object.hasOwn(commands, name))
      throw new BadFlag(
        `${name === undefined ? 'nothing to do' : `unknown command "${name}"`}: give ${Object.keys(commands).join(' or ')} (see --help)`,
      )
    const { TIME_ZONE } = readVariables(process.env, ['TIME_ZONE'])
    const printed = await commands[name]!(args, { timeZone: TIME_ZONE, input: process.stdin })
    // As fast as it is read, and not all of it at once: it may be long.
    await pipeline(typeof printed === 'string' ? [printed] : printed, process.stdout, { end: false })
    return 0
  } catch (error) {
    if (![BadFlag, EnvironmentError, FileError].some((known) => error instanceof known)) throw error
    process.stderr.write(`quality: ${(error as Error).message}\n`)
    return error instanceof FileError ? 1 : 2
  }
}
