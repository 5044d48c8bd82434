import { BadFlag, readCommandLine, refuseWords } from '../../../platform/runtime/flags.ts'
import { backtestOf, usualChoices } from './backtest.ts'
import { backtestReport } from './backtest-report.ts'
import { simulatedHistory } from './simulated-history.ts'

export const backtestUsage = `How good the forecast of maintenance is, on days of simulated solar panels that it has not seen.

  npm run -s solar -- backtest [flags]

  --panels N         simulated panels, up to three years of each (default 60)
  --seed S           another number, other panels (default 700000)
  --json             figures as JSON
  --help             this text

Of every panel a forecast is made each 60 days, from the days before it alone, and held against the 60 that follow, without those
after a visit or a new fault.
`

const known = {
  panels: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const
const mostPanels = 10_000
const mostSeed = 1_000_000_000

/**
 * The command line `solar -- backtest`.
 * @returns what is to be printed
 * @throws BadFlag where the command line is wrong
 */
export function backtestCommand(args: readonly string[]): string {
  const { flags, words } = readCommandLine(args, known)
  if (flags.has('help')) return backtestUsage
  refuseWords(words)
  const whole = (name: 'panels' | 'seed', otherwise: number, least: number, most: number): number => {
    const text = flags.get(name)
    if (text === undefined) return otherwise
    const value = /^\d+$/.test(text) ? Number(text) : NaN
    if (!(value >= least && value <= most))
      throw new BadFlag(`--${name} takes a whole number from ${least} to ${most}, got "${text}"`)
    return value
  }
  const panels = whole('panels', 60, 1, mostPanels)
  const seed = whole('seed', 700_000, 0, mostSeed)
  const result = backtestOf('simulated panels', simulatedHistories(seed, panels), usualChoices)
  return flags.has('json') ? `${JSON.stringify(result, null, 2)}\n` : backtestReport(result)
}

function* simulatedHistories(seed: number, count: number) {
  for (let index = 0; index < count; index++) yield simulatedHistory(seed + index)
}
