import { BadFlag, readCommandLine, refuseWords } from '../../platform/runtime/flags.ts'

export const modes = ['heuristic', 'optimizer', 'mpc'] as const
export type Mode = (typeof modes)[number]

export interface Options {
  readonly evs: number | undefined
  readonly hours: number
  /** Time of day in the field. */
  readonly start: string
  readonly speed: number
  readonly seed: number
  readonly mode: Mode
  /** File of recorded sessions. */
  readonly sessions: string | undefined
  /** File for the figures, as JSON. */
  readonly json: string | undefined
  /** File for what the parts write. */
  readonly log: string | undefined
}

export const help = `npm run feeders-day -- [options]

  Starts Linha Viva on free ports, and a simulated town that it steers through a day: three feeders one within the other, cars,
  batteries, PV under clouds. A limit of one phase, an event at the peak, kill -9 of Node-RED, a tighter limit. Prints, by the
  field's own truth and in its time: how long each feeder was over its limit, how soon it settled after each step, how often it
  turned round, how well devices followed, and what cars got, beside the same day with nobody steering. Exits with 1 where a
  feeder was over its limit for a control interval or longer.

  --evs <n>         charge points, with the rest of the town in proportion (200)
  --hours <n>       of the field (24)
  --start <hh:mm>   time of day in the field at which it begins (12:00)
  --speed <n>       seconds of the field in one of ours (60): what reaches Linha Viva a second late is a minute late there
  --seed <n>        of the town (1)
  --mode <mode>     ${modes.join(', ')} (heuristic)
  --sessions <file> cars as they were recorded, in place of the town's own (docs/simulator.md)
  --json <file>     writes all figures there
  --log <file>      writes there what Node-RED, PostgreSQL, the broker and the town write
`

/**
 * Reads the command line.
 * @returns undefined where help is asked for
 * @throws BadFlag
 */
export function readOptions(args: readonly string[]): Options | undefined {
  const string = { type: 'string' } as const
  const known = {
    ...{ evs: string, hours: string, start: string, speed: string, seed: string, mode: string, sessions: string },
    ...{ json: string, log: string, help: { type: 'boolean', short: 'h' } as const },
  }
  const { flags, words } = readCommandLine(args, known)
  refuseWords(words)
  if (flags.has('help')) return undefined
  const number = (name: 'evs' | 'hours' | 'speed' | 'seed', low: number, high: number): number | undefined => {
    const text = flags.get(name)
    if (text === undefined) return undefined
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
    if (value >= low && value <= high) return value
    throw new BadFlag(`--${name} must be a number from ${low} to ${high}, got "${text}"`)
  }
  const start = flags.get('start') ?? '12:00'
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(start))
    throw new BadFlag(`--start must be a time of day (12:00), got "${start}"`)
  const mode = modes.find((one) => one === (flags.get('mode') ?? 'heuristic'))
  if (!mode) throw new BadFlag(`--mode must be ${modes.join(', ')}, got "${flags.get('mode')}"`)
  if (flags.has('evs') && flags.has('sessions'))
    throw new BadFlag('--evs: the sessions of a file bring their charge points along')
  const evs = number('evs', 1, 10_000)
  if (evs !== undefined && !Number.isInteger(evs)) throw new BadFlag(`--evs must be a whole number, got "${evs}"`)
  return {
    ...{ evs, start, mode, sessions: flags.get('sessions'), json: flags.get('json'), log: flags.get('log') },
    ...{ hours: number('hours', 0.1, 240) ?? 24, speed: number('speed', 1, 10_000) ?? 60 },
    seed: number('seed', 0, 2 ** 31 - 1) ?? 1,
  }
}

/** What the simulator is told. */
export const townArgs = ({ evs, sessions, start, speed, seed }: Options): string[] => [
  ...['--start', start, '--speed', String(speed), '--seed', String(seed), '--weather', 'passing_clouds'],
  ...(evs === undefined ? [] : ['--evs', String(evs)]),
  ...(sessions === undefined ? [] : ['--sessions', sessions]),
]
