import { parseArgs } from 'node:util'
import { isIdentifier } from '../platform/wire/fields.ts'
import { parseInstant } from '../platform/wire/instant.ts'
import { brokerUrl } from './flags.ts'
import { UsageError } from './usage-error.ts'

/** Kinds of device whose recordings can be replayed. */
export const replayKinds = ['meter', 'der', 'panel'] as const
export type ReplayKind = (typeof replayKinds)[number]

/** Where a field comes from: a column of the file, times `scale`. */
export interface Source {
  readonly column: string
  readonly scale: number
}

export interface ReplayFlags {
  readonly file: string
  readonly device: string
  readonly kind: ReplayKind
  /** Fields of the contract, by name. */
  readonly map: ReadonlyMap<string, Source>
  /** Fields that are the same in every message, as written. */
  readonly set: ReadonlyMap<string, string>
  readonly timestampIs: 'start' | 'end'
  /** What is added to a timestamp without offset: `+01:00`. */
  readonly utcOffset: string
  /** Rows of the file from `from` up to, and without, `to`; UTC milliseconds. */
  readonly from: number
  readonly to: number
  /** Where the first timestamp is moved to, UTC milliseconds; unset: it stays. */
  readonly startAt: number | 'now' | undefined
  /** Recorded seconds per second; Infinity: as fast as it goes. */
  readonly speed: number
  /** Whether the platform's simulated clock is set. */
  readonly clock: boolean
  readonly limit: number
  readonly url: string
  readonly dryRun: boolean
}

export const replayUsage = `Replays a recording, a CSV file, as one device of the field.

  npm run replay -- --file FILE --device ID --map FIELD=COLUMN,… [flags]

  --file FILE           UTF-8, with a header; separated by commas, or by semicolons (decimals then with a comma)
  --device ID           the device as which it is sent
  --kind KIND           meter (default), der or panel
  --map FIELD=COLUMN    a field of the field contract and the column that has it; FIELD=COLUMN:SCALE multiplies
                        (p_kw=power_w:0.001). Again, or with commas, for more. timestamp is the column of that name
                        unless mapped; with a scale it is a number (timestamp=epoch_s:1000)
  --set FIELD=VALUE     a field that is the same in every message (interval_s=600, aggregation=mean)
  --timestamp-is WHEN   start or end (default) of the interval: the contract's is the end, so start adds interval_s
  --utc-offset +HH:MM   of timestamps that are written without one
  --from, --to INSTANT  only rows from one instant up to, and without, the other, as the file has them
  --start-at INSTANT    moves all timestamps so that the first is this one; also: now
  --speed N             1 (default): as fast as it was recorded; 60: a minute a second; max: as fast as the broker takes it
  --clock, --no-clock   publishes sim/clock before each instant, or does not; it does unless the speed is 1.
                        A platform with CLOCK=simulated then sees every reading in time. At the end, and when it is
                        interrupted, that clock stands still at the last instant
  --limit N             ends after N rows
  --url URL             broker (default MQTT_URL, else this machine at MQTT_PORT or 1883); mqtt, mqtts, ws or wss
  --dry-run             prints the messages of the first 3 rows (or of --limit), and sends none
  --help                this text

Empty cells are missing values: null for a phase, else left out. A row without any value, or without one that the contract
requires, is skipped and counted; one that cannot be used is named with its line.
Environment: MQTT_URL, MQTT_PORT, MQTT_USER, MQTT_PASSWORD, MQTT_CA; the last three also as <NAME>_FILE.
Without MQTT_USER it is the user of the field at the embedded broker of this machine (mqtt-users.json in DATA_DIR).

A year of a meter in a minute, on a platform with CLOCK=simulated:

  npm run replay -- --file voltage.csv --device meter-1 --map va_v=voltage_v,p_kw=active_kw \\
    --set interval_s=600,aggregation=mean --timestamp-is start --speed max
`

const options = {
  file: { type: 'string' },
  device: { type: 'string' },
  kind: { type: 'string' },
  map: { type: 'string' },
  set: { type: 'string' },
  'timestamp-is': { type: 'string' },
  'utc-offset': { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  'start-at': { type: 'string' },
  speed: { type: 'string' },
  clock: { type: 'boolean' },
  'no-clock': { type: 'boolean' },
  limit: { type: 'string' },
  url: { type: 'string' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean' },
} as const
type OptionName = keyof typeof options

const repeatable: ReadonlySet<string> = new Set(['map', 'set'])

/**
 * Reads the command line.
 * @param environment  for the default broker
 * @returns undefined where help is asked for
 * @throws UsageError on an unknown flag, a value that cannot be used, or one that is missing
 */
export function readReplayFlags(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ReplayFlags | undefined {
  const given = readTokens(args)
  if (given.has('help')) return undefined
  const one = (name: OptionName): string | undefined => given.get(name)?.[0]
  const required = (name: OptionName, what: string): string => {
    const value = one(name)
    if (value === undefined) throw new UsageError(`--${name} is missing: ${what} (see --help)`)
    return value
  }
  const instant = (name: OptionName, otherwise: number): number => {
    const text = one(name)
    if (text === undefined) return otherwise
    const at = parseInstant(text)
    if (at === undefined)
      throw new UsageError(`--${name} must be an instant with offset (2008-01-01T00:00:00Z), got "${text}"`)
    return at
  }
  const speed = speedOf(one('speed') ?? '1')
  if (given.has('clock') && given.has('no-clock')) throw new UsageError('--clock and --no-clock exclude each other')
  const flags: ReplayFlags = {
    file: required('file', 'the recording'),
    device: required('device', 'the device as which it is sent'),
    kind: choice('kind', one('kind') ?? 'meter', replayKinds),
    map: new Map(
      [...pairs('map', given.get('map'), 'FIELD=COLUMN')].map(([field, text]) => [field, sourceOf(field, text)]),
    ),
    set: pairs('set', given.get('set'), 'FIELD=VALUE'),
    timestampIs: choice('timestamp-is', one('timestamp-is') ?? 'end', ['start', 'end'] as const),
    utcOffset: offsetOf(one('utc-offset')),
    from: instant('from', -Infinity),
    to: instant('to', Infinity),
    startAt: one('start-at') === 'now' ? 'now' : given.has('start-at') ? instant('start-at', 0) : undefined,
    speed,
    clock: given.has('clock') || (speed !== 1 && !given.has('no-clock')),
    limit: limitOf(one('limit')),
    url: brokerUrl(one('url'), environment),
    dryRun: given.has('dry-run'),
  }
  if (!isIdentifier(flags.device)) {
    throw new UsageError(
      `--device must be a letter or digit, then up to 63 letters, digits, _ . : or -, got "${flags.device}"`,
    )
  }
  if (flags.from >= flags.to) throw new UsageError(`--from ${one('from')} is not before --to ${one('to')}`)
  return flags
}

function readTokens(args: readonly string[]): ReadonlyMap<string, string[]> {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  const given = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`unexpected argument "${token.value}" (see --help)`)
    if (token.kind === 'option-terminator') continue
    if (!Object.hasOwn(options, token.name)) throw new UsageError(`unknown flag ${token.rawName} (see --help)`)
    const { type } = options[token.name as OptionName]
    if (type === 'boolean' && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value, got "${token.value}"`)
    if (type === 'string' && !token.value) throw new UsageError(`${token.rawName} needs a value`)
    const values = given.get(token.name) ?? []
    if (values.length > 0 && !repeatable.has(token.name)) throw new UsageError(`${token.rawName} is given twice`)
    given.set(token.name, [...values, token.value ?? ''])
  }
  return given
}

function pairs(name: string, lists: readonly string[] = [], form: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const pair of lists.flatMap((list) => list.split(','))) {
    const [, field, value] = /^\s*([^=\s]+)\s*=\s*(.*\S)\s*$/.exec(pair) ?? []
    if (field === undefined || value === undefined) throw new UsageError(`--${name} must be ${form}, got "${pair}"`)
    if (found.has(field)) throw new UsageError(`--${name} has ${field} twice`)
    found.set(field, value)
  }
  return found
}

/** `power_w:0.001`; a colon that no number follows belongs to the column's name. */
function sourceOf(field: string, text: string): Source {
  const [, column, factor] = /^(.+):([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.exec(text) ?? []
  if (column === undefined) return { column: text, scale: 1 }
  const scale = Number(factor)
  if (!Number.isFinite(scale) || scale === 0)
    throw new UsageError(`--map ${field} has the scale "${factor}": it takes a number other than 0`)
  return { column, scale }
}

function choice<const T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === text)
  if (found === undefined) throw new UsageError(`--${name} must be ${choices.join(' or ')}, got "${text}"`)
  return found
}

function speedOf(text: string): number {
  if (text === 'max') return Infinity
  const speed = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
  if (speed >= 0.001 && speed <= 1_000_000) return speed
  throw new UsageError(`--speed must be a number from 0.001 to 1000000, or max, got "${text}"`)
}

function offsetOf(text: string | undefined): string {
  if (text === undefined || text === 'Z') return text ?? ''
  if (/^[+-]([01]\d|2[0-3]):[0-5]\d$/.test(text)) return text
  throw new UsageError(`--utc-offset must be like +01:00, -03:00 or Z, got "${text}"`)
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Infinity
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new UsageError(`--limit must be a whole number from 1, got "${text}"`)
}
