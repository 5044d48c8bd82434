import { backtestCommand } from '../../nodes/solar/backtest/backtest-command.ts'
import { detectCommand } from '../../nodes/solar/from-files/detect-command.ts'
import { FileError } from '../../platform/runtime/csv-file.ts'
import { BadFlag } from '../../platform/runtime/flags.ts'
import { judgeCommand } from '../solar-year/judge-command.ts'

const usage = `Solar plants, without a server.

  npm run -s solar -- detect --help   what is amiss with the panels of a file (CSV), and a score where it has labels
  npm run -s solar -- backtest --help how good the forecasts of maintenance are, on simulated panels
  npm run -s solar -- judge --help    how good the detectors are, on simulated years with faults whose truth is known
`

/** What can be done, by the first word of the command line. */
type Command = (args: readonly string[]) => string | Promise<string>
const commands: Readonly<Record<string, Command>> = {
  backtest: backtestCommand,
  detect: (args) => detectCommand(args, process.stdin),
  judge: (args) => judgeCommand(args, (line) => process.stderr.write(`${line}\n`)),
}

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
    process.stdout.write(await commands[name]!(args))
    return 0
  } catch (error) {
    if (!(error instanceof BadFlag) && !(error instanceof FileError)) throw error
    process.stderr.write(`solar: ${error.message}\n`)
    return error instanceof FileError ? 1 : 2
  }
}
