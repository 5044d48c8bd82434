import { BadFlag, readCommandLine, refuseWords } from '../../../platform/runtime/flags.ts'

export interface BacktestFlags {
  /** Simulated units. */
  readonly units: number
  readonly seed: number
  /** A recorded voltage, to try the forecast on too. */
  readonly csv: string | undefined
  /** The recording's reference voltage, V; its voltages are multiplied by each of the levels. */
  readonly referenceV: number
  readonly levels: readonly number[]
  /** Of the recording's clocks from UTC, h. */
  readonly offsetHours: number
  /** So many units to learn a prior from, instead of a backtest. */
  readonly learn: number | undefined
  readonly json: boolean
}

export const backtestUsage = `How good the forecast of DRP and DRC is, on measurements that it has not seen.

  npm run -s quality -- backtest [flags]

  --units N          simulated units (default 1000)
  --seed S           another number, other units (default 1)
  --csv FILE         a recorded voltage too, as for quality -- voltage, every ten minutes; cut into measurements of a week
  --nominal V        its reference voltage (default 230)
  --levels A,B,C     its voltages are multiplied by each of these (default 0.995,0.99,0.985)
  --utc-offset H     its clocks against UTC, in hours (default 0)
  --learn N          learns a prior from N simulated units and prints it: some minutes
  --json             figures as JSON
  --help             this text

Of every measurement a forecast is made after each of six days, from what was known then. Skill is 1 − Brier score over that of
the base rate. "open" leaves out measurements that had broken the limit by then. The interval is right if in it 80 % break, of
those that broke later and were forecast to.
`

const known = {
  units: { type: 'string' },
  seed: { type: 'string' },
  csv: { type: 'string' },
  nominal: { type: 'string' },
  levels: { type: 'string' },
  'utc-offset': { type: 'string' },
  learn: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const
type Flag = keyof typeof known

const mostUnits = 100_000
const mostSeed = 100

/** @returns undefined where help is asked for @throws BadFlag */
export function readBacktestFlags(args: readonly string[]): BacktestFlags | undefined {
  const { flags, words } = readCommandLine(args, known)
  if (flags.has('help')) return undefined
  refuseWords(words)
  const number = (name: Flag, text: string, takes: string, fits: (value: number) => boolean): number => {
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
    if (!fits(value)) throw new BadFlag(`--${name} takes ${takes}, got "${text}"`)
    return value
  }
  const whole = (name: Flag, otherwise: string, least: number, most: number): number =>
    number(
      name,
      flags.get(name) ?? otherwise,
      `a whole number from ${least} to ${most}`,
      (value) => Number.isInteger(value) && value >= least && value <= most,
    )
  const ofRecording = (['nominal', 'levels', 'utc-offset'] as const).find((name) => flags.has(name))
  if (ofRecording && !flags.has('csv')) throw new BadFlag(`--${ofRecording} needs --csv`)
  return {
    units: whole('units', '1000', 1, mostUnits),
    seed: whole('seed', '1', 0, mostSeed),
    csv: flags.get('csv'),
    referenceV: number('nominal', flags.get('nominal') ?? '230', 'volts, above 0', (v) => v > 0),
    levels: (flags.get('levels') ?? '0.995,0.99,0.985')
      .split(',')
      .map((text) => number('levels', text, 'factors from 0.5 to 2, separated by commas', (v) => v >= 0.5 && v <= 2)),
    offsetHours: number('utc-offset', flags.get('utc-offset') ?? '0', 'hours from -14 to 14', (v) => Math.abs(v) <= 14),
    learn: flags.has('learn') ? whole('learn', '', 10, mostUnits) : undefined,
    json: flags.has('json'),
  }
}
