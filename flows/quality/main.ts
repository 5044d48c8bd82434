import { backtest } from '../../nodes/voltage/backtest/backtest.ts'
import { voltageQuality } from '../../nodes/voltage/quality-command.ts'
import { FileError } from '../../platform/runtime/csv-file.ts'
import { EnvironmentError, readVariables } from '../../platform/runtime/environment.ts'
import { BadFlag } from '../../platform/runtime/flags.ts'

const usage = `The regulator's indicators of what was recorded, without a server.

  npm run -s quality -- voltage --help    DRP, DRC and compensation of a recorded voltage
  npm run -s quality -- backtest --help   how good the forecast of DRP and DRC is
`

/** What can be calculated, by the first word of the command line. */
const commands: Readonly<Record<string, typeof voltageQuality>> = { voltage: voltageQuality, backtest }

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
    process.stdout.write(await commands[name]!(args, { timeZone: TIME_ZONE, input: process.stdin }))
    return 0
  } catch (error) {
    if (![BadFlag, EnvironmentError, FileError].some((known) => error instanceof known)) throw error
    process.stderr.write(`quality: ${(error as Error).message}\n`)
    return error instanceof FileError ? 1 : 2
  }
}
