import { parseArgs } from 'node:util'

/** What can be measured by itself. */
export const parts = ['ingest', 'stock', 'kill', 'live', 'storage', 'voltage', 'outages', 'alarms', 'commands'] as const
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
  /** Minutes that memory is watched for; none unless asked for. */
  readonly soakMinutes: number
  /** Folder for a processor profile of Node-RED, a file a start. */
  readonly profile: string | undefined
  /** File for the figures. */
  readonly json: string | undefined
}

export const help = `npm run bench -- [options]

  measures this machine: the shipped flow and the same work wired from stock nodes, side by side (10 to 15 minutes)

  --quick            the same in three to four minutes: a coarser search, and nothing is confirmed for half a minute
  --only <parts>     of ${parts.join(', ')}: only these, separated by commas
  --minutes <n>      watches the memory of Node-RED for so many minutes at a steady rate; nothing else unless --only names it
  --json <file>      writes the figures there as well
  --profile <folder> writes a processor profile of each Node-RED there, for the browser's developer tools
`

/**
 * Reads the command line.
 * @returns undefined where help is asked for
 * @throws Error that names the option and the value at fault
 */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      minutes: { type: 'string' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return undefined
  const soakMinutes = values.minutes === undefined ? 0 : minutesOf(values.minutes)
  const wanted = values.only?.split(',') ?? (soakMinutes > 0 ? [] : parts)
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

function minutesOf(text: string): number {
  const minutes = Number(text)
  if (!(minutes > 0 && minutes <= 1_440)) throw new Error(`--minutes ${text}: it takes a number up to 1440`)
  return minutes
}
