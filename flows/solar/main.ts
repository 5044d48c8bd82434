import { backtestCommand } from '../../nodes/solar/backtest/backtest-command.ts'
import { detectCommand } from '../../nodes/solar/from-files/detect-command.ts'
import { runSubcommand } from '../../platform/runtime/subcommands.ts'
import { judgeCommand } from '../solar-year/judge-command.ts'

const usage = `Solar plants, without a server.

  npm run -s solar -- detect --help   what is amiss with the panels of a file (CSV), and a score where it has labels
  npm run -s solar -- backtest --help how good the forecasts of maintenance are, on simulated panels
  npm run -s solar -- judge --help    how good the detectors are, on simulated years with faults whose truth is known
`

await runSubcommand('solar', usage, {
  backtest: backtestCommand,
  detect: (args) => detectCommand(args, process.stdin),
  judge: (args) => judgeCommand(args, (line) => process.stderr.write(`${line}\n`)),
})
