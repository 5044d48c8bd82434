import { parseArgs } from 'node:util'

/** What can be measured by itself. */
export const parts = [
  'ingest',
  'stock',
  'kill',
  'live',
  'storage',
  'voltage',
  'outages',
  'alarms',
  'commands',
  'allocation',
  'solar',
  'console',
] as const
export type Part = (typeof parts)[number]

export interface Options {
  readonly parts: ReadonlySet<Part>
  /**
   * Seconds of a probe on the way to the highest rate, of its confirmation (0: the probe is all there is), of a row at a
   * given rate, of the load under which Node-RED is killed, and of one with live clients.
   */
  readonly seconds: Readonly<Record<'probe' | 'confirm' | 'paced' | 'kill' | 'live', number>>
  /** How near the highest rate is found: the next one that is not kept is at most this many times as high. */
  readonly within: number
  /** Readings written to see what a million take on disk. */
  readonly diskReadings: number
  /** Consumer units of which a voltage window is closed, and units whose windows are open when Node-RED is killed. */
  readonly voltageUnits: number
  readonly openWindows: number
  /** Consumer units that are out at once. */
  readonly unitsOut: number
  /** Alarms that stand when they are listed, and occurrences in the month whose key figures are asked for. */
  readonly openAlarms: number
  readonly monthOccurrences: number
  /** Commands a second, and for how many seconds. */
  readonly commandsPerSecond: number
  readonly commandSeconds: number
  /** Minutes that somebody works with the console. */
  readonly consoleMinutes: number
  readonly allocation: AllocationOptions
  /** Minutes that memory is watched for; none unless asked for. */
  readonly soakMinutes: number
  /** Folder for a processor profile of Node-RED, a file a start. */
  readonly profile: string | undefined
  /** File for the figures. */
  readonly json: string | undefined
}

/** How charging is simulated. */
export interface AllocationOptions {
  /** Days of generated sessions, and what they are drawn from. */
  readonly days: number
  readonly seed: number
  /** Length of a control interval. */
  readonly intervalMinutes: number
  /** Least current of a car on each of its phases, A at 230 V; 0: it takes any. */
  readonly leastAmperes: number
  /** Files with sessions, and with the tree of feeders they charge at, in place of what is generated. */
  readonly sessions: string | undefined
  readonly feeders: string | undefined
  /** Problems that solve times are measured with. */
  readonly solves: number
}

export const help = `npm run bench -- [parts] [options]

  measures this machine: the shipped flow and the same work wired from stock nodes, side by side (10 to 15 minutes)

  --quick            the same in three to four minutes: a coarser search, and nothing is confirmed for half a minute
  <parts>            of ${parts.join(', ')}: only these
  --only <parts>     the same, separated by commas
  --minutes <n>      watches the memory of Node-RED for so many minutes at a steady rate; nothing else unless --only names it
  --console-minutes <n> somebody works with the console for so many minutes (1)
  --json <file>      writes the figures there as well
  --profile <folder> writes a processor profile of each Node-RED there, for the browser's developer tools

  allocation: cars share what feeders let through, by each method of sharing and the offline optimum; starts nothing else
  --sessions <file>  charges these: an array of {id, arrival, departure, energyKwh, maxKw, phase?, feederId?}
  --feeders <file>   on this tree: an array of {feederId, parentFeederId?, limitKw?, phaseLimitKw?: {A?, B?, C?}}
  --days <n>         days of generated sessions (7; with --quick 2)
  --seed <n>         what they are drawn from (1)
  --interval <min>   length of a control interval (5)
  --least-amperes <n> least current of a car on each of its phases, at 230 V (6; 0: any)
`

/**
 * Reads the command line.
 * @returns undefined where help is asked for
 * @throws Error that names the option and the value at fault
 */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      sessions: { type: 'string' },
      feeders: { type: 'string' },
      days: { type: 'string' },
      seed: { type: 'string' },
      interval: { type: 'string' },
      'least-amperes': { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      minutes: { type: 'string' },
      'console-minutes': { type: 'string' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return undefined
  const soakMinutes = values.minutes === undefined ? 0 : minutesOf(values.minutes)
  const named = [...positionals, ...(values.only?.split(',') ?? [])]
  const wanted = named.length > 0 ? named : soakMinutes > 0 ? [] : parts
  if (values.feeders !== undefined && values.sessions === undefined)
    throw new Error(`--feeders ${values.feeders}: it takes --sessions too, to charge on them`)
  return {
    parts: new Set(wanted.map(partOf)),
    seconds: values.quick
      ? { probe: 3, confirm: 0, paced: 5, kill: 6, live: 30 }
      : { probe: 3, confirm: 30, paced: 15, kill: 10, live: 45 },
    within: values.quick ? 1.4 : 1.12,
    diskReadings: values.quick ? 200_000 : 1_000_000,
    voltageUnits: values.quick ? 50_000 : 1_000_000,
    openWindows: values.quick ? 20_000 : 100_000,
    unitsOut: values.quick ? 20_000 : 100_000,
    openAlarms: 50_000,
    monthOccurrences: values.quick ? 200_000 : 1_000_000,
    commandsPerSecond: 100,
    commandSeconds: values.quick ? 10 : 30,
    consoleMinutes: wholeOf('--console-minutes', values['console-minutes'], 1, 1, 600),
    allocation: {
      days: wholeOf('--days', values.days, values.quick ? 2 : 7, 1, 366),
      seed: wholeOf('--seed', values.seed, 1, 0, 2 ** 31 - 1),
      intervalMinutes: wholeOf('--interval', values.interval, 5, 1, 60),
      leastAmperes: wholeOf('--least-amperes', values['least-amperes'], 6, 0, 80),
      sessions: values.sessions,
      feeders: values.feeders,
      solves: values.quick ? 5 : 15,
    },
    soakMinutes,
    profile: values.profile,
    json: values.json,
  }
}

function partOf(name: string): Part {
  const part = parts.find((known) => known === name)
  if (!part) throw new Error(`--only ${name}: it takes ${parts.join(', ')}`)
  return part
}

function wholeOf(option: string, text: string | undefined, otherwise: number, from: number, until: number): number {
  if (text === undefined) return otherwise
  const value = text.trim() === '' ? NaN : Number(text)
  if (!Number.isInteger(value) || value < from || value > until)
    throw new Error(`${option} ${text}: it takes a whole number from ${from} to ${until}`)
  return value
}

function minutesOf(text: string): number {
  const minutes = Number(text)
  if (!(minutes > 0 && minutes <= 1_440)) throw new Error(`--minutes ${text}: it takes a number up to 1440`)
  return minutes
}
