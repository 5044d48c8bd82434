import { parseArgs } from 'node:util'
import { faultNames, messageFaults, type FaultName } from '../platform/wire/simulation.ts'
import { heardFaults, saidFaults } from './command-faults.ts'
import type { FaultShares } from './faults.ts'
import { mostInFlight } from './load/packet.ts'
import { mostConnections, mostSpeed } from './usage.ts'
import { UsageError } from './usage-error.ts'
import { weatherKinds, type WeatherKind } from './weather.ts'

interface Common {
  readonly url: string
  /** Time after which the simulator ends by itself, s; none runs until it is told to end. */
  readonly duration: number | undefined
  readonly quiet: boolean
}

/** The field; what is undefined the scenario says, or else the default. */
export interface FieldFlags extends Common {
  readonly run: 'field'
  readonly scenario: string | undefined
  readonly panels: number | undefined
  readonly meters: number | undefined
  readonly evs: number | undefined
  /** Time between steps, s. */
  readonly interval: number | undefined
  readonly seed: number | undefined
  readonly faults: FaultShares
  /** Devices that keep no ledger of commands. */
  readonly withoutLedger: ReadonlySet<string> | 'all' | undefined
  /** Path of a file with keys of devices that check signatures. */
  readonly commandKeys: string | undefined
  /** Seconds of the field in one of ours. */
  readonly speed: number
  /** Instant or time of day, as written. */
  readonly start: string | undefined
  readonly oneConnection: boolean
  readonly verbose: boolean
}

/** The town in place of the field. */
export interface TownFlags extends Common {
  readonly run: 'town'
  /** Charge points; the number that the sessions of a file need, where there is one. */
  readonly evs: number | undefined
  /** Path of recorded sessions. */
  readonly sessions: string | undefined
  /** Folder that its registry files are written into, instead of running it. */
  readonly registry: string | undefined
  readonly weather: WeatherKind
  readonly interval: number
  readonly seed: number
  readonly speed: number
  readonly start: string | undefined
}

/** A load in place of the field. */
export interface LoadFlags extends Common {
  readonly run: 'load'
  /** Readings a second. */
  readonly rate: number
  /** Readings in a message. */
  readonly batch: number
  readonly devices: number
  readonly qos: 0 | 1
  readonly connections: number
  readonly inFlight: number
  /** Readings in all. */
  readonly count: number | undefined
}

export type Flags = { readonly run: 'help' } | { readonly run: 'list' } | FieldFlags | TownFlags | LoadFlags

const fieldFlags = {
  scenario: { type: 'string' },
  panels: { type: 'string' },
  meters: { type: 'string' },
  evs: { type: 'string' },
  interval: { type: 'string' },
  seed: { type: 'string' },
  fault: { type: 'string' },
  'without-ledger': { type: 'string' },
  'command-keys': { type: 'string' },
  speed: { type: 'string' },
  start: { type: 'string' },
  'one-connection': { type: 'boolean' },
  verbose: { type: 'boolean' },
} as const
const townFlags = {
  town: { type: 'boolean' },
  sessions: { type: 'string' },
  registry: { type: 'string' },
  weather: { type: 'string' },
} as const
/** What the town takes of the field's. */
const sharedFlags: ReadonlySet<string> = new Set(['evs', 'interval', 'seed', 'speed', 'start'])
const loadFlags = {
  rate: { type: 'string' },
  batch: { type: 'string' },
  devices: { type: 'string' },
  qos: { type: 'string' },
  connections: { type: 'string' },
  'in-flight': { type: 'string' },
  count: { type: 'string' },
} as const
const commonFlags = {
  url: { type: 'string' },
  duration: { type: 'string' },
  quiet: { type: 'boolean' },
  list: { type: 'boolean' },
  help: { type: 'boolean' },
} as const
export const options = { ...fieldFlags, ...townFlags, ...loadFlags, ...commonFlags }

/**
 * Reads the command line.
 * @param environment  for the default broker
 * @throws UsageError on an unknown flag or a value out of its range
 */
export function readFlags(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): Flags {
  const values = valuesOf(args)
  if (values.has('help')) return { run: 'help' }
  if (values.has('list')) return { run: 'list' }
  const number = (name: keyof typeof options, low: number, high: number, whole = true): number | undefined => {
    const text = values.get(name)
    if (text === undefined) return undefined
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
    if (value >= low && value <= high && (!whole || Number.isInteger(value))) return value
    throw new UsageError(
      `--${name} must be a ${whole ? 'whole number' : 'number'} from ${low} to ${high}, got "${text}"`,
    )
  }
  const common = {
    url: brokerUrl(values.get('url'), environment),
    duration: number('duration', 0.1, 1e9, false),
    quiet: values.has('quiet'),
  }
  const rate = number('rate', 1, 1_000_000, false)
  if (rate !== undefined) {
    refuse(values, fieldFlags, 'is of the field, and --rate of the load: one or the other')
    refuse(values, townFlags, 'is of the town, and --rate of the load: one or the other')
    const connections = number('connections', 1, mostConnections) ?? 4
    const flags: LoadFlags = {
      ...common,
      ...{ run: 'load', rate },
      batch: number('batch', 1, 1_000) ?? 1,
      devices: number('devices', 1, 100_000) ?? 2_000,
      qos: number('qos', 0, 1) === 0 ? 0 : 1,
      connections,
      inFlight: number('in-flight', 1, connections * mostInFlight) ?? 8_000,
      count: number('count', 1, 1e12),
    }
    if (flags.devices < rate / 1_000)
      throw new UsageError(
        `--devices must be ${Math.ceil(rate / 1_000)} or more at --rate ${rate}, got "${flags.devices}": a device has one reading a millisecond`,
      )
    return flags
  }
  refuse(values, loadFlags, 'is of the load, which --rate asks for')
  if (values.has('town')) {
    const own = Object.fromEntries(Object.entries(fieldFlags).filter(([name]) => !sharedFlags.has(name)))
    refuse(values, own, 'is of the default field, and not of the town')
    const evs = number('evs', 1, 10_000)
    if (evs !== undefined && values.has('sessions'))
      throw new UsageError(`--evs ${evs}: the sessions of a file bring their charge points along`)
    return {
      ...common,
      ...{ run: 'town', evs, sessions: values.get('sessions'), registry: values.get('registry') },
      weather: weatherOf(values.get('weather')),
      interval: number('interval', 0.1, 600, false) ?? 10,
      seed: number('seed', -(2 ** 31), 2 ** 31 - 1) ?? 1,
      speed: number('speed', 0.01, mostSpeed, false) ?? 1,
      start: values.get('start'),
    }
  }
  refuse(values, townFlags, 'is of the town, which --town asks for')
  const flags: FieldFlags = {
    ...common,
    run: 'field',
    scenario: values.get('scenario'),
    panels: number('panels', 0, 10_000),
    meters: number('meters', 0, 10_000),
    evs: number('evs', 0, 10_000),
    interval: number('interval', 0.1, 600, false),
    seed: number('seed', -(2 ** 31), 2 ** 31 - 1),
    faults: faultShares(values.get('fault')),
    withoutLedger: namesOf(values.get('without-ledger')),
    commandKeys: values.get('command-keys'),
    speed: number('speed', 0.01, mostSpeed, false) ?? 1,
    start: values.get('start'),
    oneConnection: values.has('one-connection'),
    verbose: values.has('verbose'),
  }
  if (flags.quiet && flags.verbose) throw new UsageError('--quiet and --verbose exclude each other')
  return flags
}

function weatherOf(written = 'changing'): WeatherKind {
  const kind = weatherKinds.find((known) => known === written)
  if (kind) return kind
  throw new UsageError(`--weather must be ${weatherKinds.join(', ')}, got "${written}"`)
}

/** The values of the flags that were given; those without a value have an empty one. */
function valuesOf(args: readonly string[]): ReadonlyMap<string, string> {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  const values = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`unexpected argument "${token.value}" (see --help)`)
    if (token.kind === 'option-terminator') continue
    if (!Object.hasOwn(options, token.name)) throw new UsageError(`unknown flag ${token.rawName} (see --help)`)
    const { type } = options[token.name as keyof typeof options]
    if (type === 'boolean' && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value, got "${token.value}"`)
    if (type === 'string' && token.value === undefined) throw new UsageError(`${token.rawName} needs a value`)
    values.set(token.name, token.value ?? '')
  }
  return values
}

function refuse(values: ReadonlyMap<string, string>, of: object, why: string): void {
  const name = Object.keys(of).find((flag) => values.has(flag))
  if (name !== undefined) throw new UsageError(`--${name} ${values.get(name)}`.trimEnd() + ` ${why}`)
}

/** `sw-001,meter-002`, or `all` */
const namesOf = (text: string | undefined): ReadonlySet<string> | 'all' | undefined =>
  text === undefined || text === 'all' ? text : new Set(text.split(','))

/** `malformed=1%,late=2%` */
function faultShares(text: string | undefined): FaultShares {
  const shares: Partial<Record<FaultName, number>> = {}
  for (const part of text?.split(',') ?? []) {
    const [, name, percent] = /^([a-z_]+)=(\d+(?:\.\d+)?)%$/.exec(part.trim()) ?? []
    if (percent === undefined || Number(percent) > 100)
      throw new UsageError(`--fault takes shares from 0 to 100 such as malformed=1%,late=2%, got "${part}"`)
    const fault = faultNames.find((known) => known === name)
    if (!fault) throw new UsageError(`--fault knows no "${name}": it takes ${faultNames.join(', ')}`)
    shares[fault] = Number(percent) / 100
  }
  for (const [what, names] of [
    ['readings', messageFaults],
    ['commands', heardFaults],
    ['answers', saidFaults],
  ] as const)
    if (names.reduce((sum, fault) => sum + (shares[fault] ?? 0), 0) > 1)
      throw new UsageError(`--fault ${text}: the shares of ${what} are more than 100 % together`)
  return shares
}

/**
 * The broker's address: the flag's, else the environment's, else this machine's, at the port of the embedded one.
 * @throws UsageError
 */
export function brokerUrl(flag: string | undefined, environment: Readonly<Record<string, string | undefined>>): string {
  const { MQTT_URL: variable, MQTT_PORT: port } = environment
  const [name, url] =
    flag !== undefined
      ? ['--url', flag]
      : variable
        ? ['MQTT_URL', variable]
        : ['MQTT_PORT', `mqtt://127.0.0.1:${port || 1883}`]
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (['mqtt:', 'mqtts:', 'ws:', 'wss:'].includes(protocol) && new URL(url).hostname !== '') return url
  throw new UsageError(`${name} must be mqtt://, mqtts://, ws:// or wss:// with a host, got "${url}"`)
}
