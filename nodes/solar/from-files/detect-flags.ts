import { BadFlag, readCommandLine } from '../../../platform/runtime/flags.ts'
import type { Place } from '../domain/plant.ts'
import { usualPanel } from '../domain/registered-plant.ts'
import { fileFields, type FileField } from './panel-file.ts'

export interface DetectFlags {
  /** The file; `-` is the standard input. */
  readonly csv: string
  /** Column that says what is amiss; undefined: the detectors are not scored. */
  readonly labels: string | undefined
  /** Column of each field that is not called as the field is. */
  readonly columns: ReadonlyMap<FileField, string>
  /** Null: nobody said. */
  readonly place: Place | null
  readonly ratedW: number
  readonly ratedV: number
  /** Null: as panels of the place usually are. */
  readonly tiltDeg: number | null
  readonly azimuthDeg: number | null
  /** Of timestamps without an offset, minutes east of UTC; null: they are refused. */
  readonly utcOffsetMinutes: number | null
  /** Whether a forest is grown from what is healthy in the file. */
  readonly forest: boolean
  readonly json: boolean
  readonly language: 'en' | 'pt'
}

export const detectUsage = `Anomalies of solar panels in a file, as the platform's detectors find them, without a server.

  npm run -s solar -- detect --csv FILE [flags]

  --csv FILE             UTF-8, a header, separated by commas, rows by time; - reads the standard input. Fields: timestamp, and
                         whichever there are of panel_id, temperature_celsius, voltage_volts, current_amperes,
                         power_output_watts (generation positive) and irradiance_wm2 (in the plane of the panels); columns of
                         other names are passed over. timestamp is the START of the interval: ISO 8601 with an offset, or
                         epoch milliseconds. Rows are 1 s to 15 min apart and are brought to means of 5 minutes. An empty
                         cell, NaN, NA and null are missing values; without panel_id all rows are of one panel
  --map FIELD=COLUMN     a field whose column has another name; several: again, one after the other, or separated by commas
  --labels COLUMN        scores the detectors against it: 0, false, no, normal or nothing is well; 1, true, yes or anomaly is
                         amiss; any other word is the kind of what is amiss, such as soiling
  --site-latitude DEG, --site-longitude DEG
                         where the panels are, north and east positive: tells a clear sky where no irradiance is measured
  --rated-w W            of a panel under standard test conditions (default ${usualPanel.ratedW})
  --rated-v V            of a panel at maximum power (default ${usualPanel.ratedV})
  --tilt DEG             from the horizontal, 0 to 90 (default: the latitude)
  --azimuth DEG          where they face, from north over east, 0 to 360 (default: the equator)
  --utc-offset HOURS     of timestamps that have none, such as -3
  --no-forest            the rules alone. Else a file is read twice: an isolation forest grows from what the rules find healthy
                         the first time, and judges the second; the standard input, which is read once, has none
  --json                 anomalies, scores and what was read, as JSON
  --lang LANGUAGE        of what persons read: en (default) or pt
  --help                 this text

Scores: of slots, each 5 minutes of a panel that has rows; and of events, each run of slots with one label. A kind is found where
an anomaly of that kind covers it.
Ends with 0; with 2 where the command line is wrong, and with 1 where the file is: nothing of it is printed then.
`

const known = {
  csv: { type: 'string' },
  labels: { type: 'string' },
  map: { type: 'string' },
  'site-latitude': { type: 'string' },
  'site-longitude': { type: 'string' },
  'rated-w': { type: 'string' },
  'rated-v': { type: 'string' },
  tilt: { type: 'string' },
  azimuth: { type: 'string' },
  'utc-offset': { type: 'string' },
  'no-forest': { type: 'boolean' },
  json: { type: 'boolean' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const
type Flag = keyof typeof known

const languages = ['en', 'pt'] as const

/** @returns undefined where help is asked for @throws BadFlag */
export function readDetectFlags(args: readonly string[]): DetectFlags | undefined {
  const { maps, rest } = takeMaps(args)
  const { flags, words } = readCommandLine(rest, known)
  if (flags.has('help')) return undefined
  if (words.length > 0) throw new BadFlag(`unexpected argument "${words[0]}" (see --help)`)
  const number = (name: Flag, takes: string, fits: (value: number) => boolean): number | undefined => {
    const text = flags.get(name)
    if (text === undefined) return undefined
    const value = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
    if (!fits(value)) throw new BadFlag(`--${name} takes ${takes}, got "${text}"`)
    return value
  }
  const within = (name: Flag, what: string, least: number, most: number): number | undefined =>
    number(name, `${what} from ${least} to ${most}`, (value) => value >= least && value <= most)
  const csv = flags.get('csv')
  if (csv === undefined) throw new BadFlag('--csv is missing: the file, or - for the standard input (see --help)')
  const latitude = within('site-latitude', 'degrees', -90, 90)
  const longitude = within('site-longitude', 'degrees', -180, 180)
  if ((latitude === undefined) !== (longitude === undefined))
    throw new BadFlag(
      `--site-${latitude === undefined ? 'longitude needs --site-latitude' : 'latitude needs --site-longitude'}`,
    )
  const language = flags.get('lang') ?? 'en'
  if (language !== 'en' && language !== 'pt')
    throw new BadFlag(`--lang takes ${languages.join(' or ')}, got "${language}"`)
  const offset = within('utc-offset', 'hours', -14, 14)
  return {
    ...{ csv, labels: flags.get('labels'), columns: columnsOf(maps), language },
    place: latitude === undefined || longitude === undefined ? null : { latitude, longitude },
    ratedW:
      number('rated-w', 'watts, above 0, up to 1000000', (value) => value > 0 && value <= 1e6) ?? usualPanel.ratedW,
    ratedV:
      number('rated-v', 'volts, above 0, up to 1500', (value) => value > 0 && value <= 1_500) ?? usualPanel.ratedV,
    tiltDeg: within('tilt', 'degrees', 0, 90) ?? null,
    azimuthDeg: within('azimuth', 'degrees', 0, 360) ?? null,
    utcOffsetMinutes: offset === undefined ? null : Math.round(offset * 60),
    forest: !flags.has('no-forest') && csv !== '-',
    json: flags.has('json'),
  }
}

/** `--map` may be given again, and followed by more than one. */
function takeMaps(args: readonly string[]): { maps: readonly string[]; rest: readonly string[] } {
  const maps: string[] = []
  const rest: string[] = []
  let isMap = false
  for (const arg of args) {
    if (isMap && !arg.startsWith('--')) maps.push(...arg.split(','))
    else if (arg.startsWith('--map=')) maps.push(...arg.slice('--map='.length).split(','))
    else if (arg !== '--map') rest.push(arg)
    isMap = arg === '--map' || (isMap && !arg.startsWith('--'))
  }
  if (args.at(-1) === '--map' || (args.includes('--map') && maps.length === 0)) throw new BadFlag('--map needs a value')
  return { maps, rest }
}

function columnsOf(maps: readonly string[]): ReadonlyMap<FileField, string> {
  const columns = new Map<FileField, string>()
  for (const map of maps) {
    const [field, column, ...more] = map.split('=')
    const found = fileFields.find((one) => one === field)
    if (!column || more.length > 0) throw new BadFlag(`--map takes FIELD=COLUMN, got "${map}"`)
    if (!found) throw new BadFlag(`--map takes a field of ${fileFields.join(', ')}; got "${field}"`)
    if (columns.has(found)) throw new BadFlag(`--map names the field ${found} twice`)
    columns.set(found, column)
  }
  return columns
}
