import { BadFlag, readCommandLine, refuseWords } from '../../platform/runtime/flags.ts'

export interface Options {
  readonly days: number
  readonly panels: number
  readonly speed: number
  readonly seed: number
  /** Whether Node-RED is killed in the middle. */
  readonly kill: boolean
  /** File for the figures, as JSON. */
  readonly json: string | undefined
  /** File for what the parts write. */
  readonly log: string | undefined
}

/** Panels a string. */
export const perString = 4

export const help = `npm run solar-week -- [options]

  Starts Linha Viva on free ports with its shipped flows, and a simulated plant that sends a reading a panel and second for a week
  with faults of every kind that a week can show. Prints what was sent and what was stored, and by kind what the flow found, as
  \`solar -- judge\` does for years. Exits with 1 where a reading is lost, a fault is not found, or a panel that had nothing is called.

  --days <n>      of the field (7); faults come on the second to the seventh
  --panels <n>    in strings of ${perString} (12)
  --speed <n>     seconds of the field in one of ours (200), less where the machine does not keep up
  --seed <n>      of weather, panels and sensors (11)
  --kill          kill -9 of Node-RED at noon of the fourth day
  --json <file>   writes all figures there
  --log <file>    writes there what Node-RED, PostgreSQL, the broker and the field write
`

/**
 * Reads the command line.
 * @returns undefined where help is asked for
 * @throws BadFlag
 */
export function readOptions(args: readonly string[]): Options | undefined {
  const string = { type: 'string' } as const
  const boolean = { type: 'boolean' } as const
  const { flags, words } = readCommandLine(args, {
    ...{ days: string, panels: string, speed: string, seed: string, json: string, log: string },
    ...{ kill: boolean, help: { ...boolean, short: 'h' } },
  })
  refuseWords(words)
  if (flags.has('help')) return undefined
  const whole = (name: 'days' | 'panels' | 'speed' | 'seed', usual: number, low: number, high: number): number => {
    const text = flags.get(name)
    if (text === undefined) return usual
    const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
    if (value >= low && value <= high) return value
    throw new BadFlag(`--${name} must be a whole number from ${low} to ${high}, got "${text}"`)
  }
  return {
    ...{ days: whole('days', 7, 1, 30), panels: whole('panels', 12, 2 * perString, 400) },
    ...{ speed: whole('speed', 200, 1, 10_000), seed: whole('seed', 11, 0, 2 ** 31 - 1) },
    ...{ kill: flags.has('kill'), json: flags.get('json'), log: flags.get('log') },
  }
}
