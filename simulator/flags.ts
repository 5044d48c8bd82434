import { parseArgs } from 'node:util'
import { defaultSize, type FieldSize } from './field.ts'

export interface Flags extends FieldSize {
  /** Time between steps, s. */
  readonly interval: number
  readonly seed: number
  readonly url: string
  /** Time after which the simulator ends by itself, s; none runs until it is told to end. */
  readonly duration: number | undefined
  readonly oneConnection: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly help: boolean
}

/** A flag that cannot be understood; the message names it and its value. */
export class BadFlag extends Error {
  override readonly name = 'BadFlag'
}

/** So many devices may have a connection each. */
const MAX_CONNECTIONS = 500

export const usage = `The simulated field of Linha Viva.

  npm run simulator -- [flags]

  --interval S      a step, and a reading of every DER and panel, each S seconds (0.1 to 600, default 1)
  --panels N        solar panels (0 to 10000, default ${defaultSize.panels})
  --meters N        meters (0 to 10000, default ${defaultSize.meters}): homes send every 5 s, businesses their mean of 60 s
  --evs N           electric vehicles (0 to 10000, default ${defaultSize.evs})
  --seed N          whole number; the same seed and start give the same readings (default 1)
  --url URL         broker (default MQTT_URL, else mqtt://127.0.0.1:1883)
  --duration S      end after S seconds (default: run until interrupted)
  --one-connection  one connection for all devices, not one each; needed above ${MAX_CONNECTIONS} devices
  --quiet           only warnings and errors
  --verbose         panel readings and every setpoint also when another process started the simulator
  --help            this text

Environment: MQTT_URL, MQTT_USER, MQTT_PASSWORD (or MQTT_USER_FILE, MQTT_PASSWORD_FILE).
Besides: pv-001 (5 kW) and bat-001 (4 kW) at house-01, switches sw-001 and sw-002. Resources follow der/control/<id>.
`

const options = {
  interval: { type: 'string' },
  panels: { type: 'string' },
  meters: { type: 'string' },
  evs: { type: 'string' },
  seed: { type: 'string' },
  url: { type: 'string' },
  duration: { type: 'string' },
  'one-connection': { type: 'boolean' },
  quiet: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

/**
 * Reads the command line.
 * @param environment  for the default broker
 * @throws BadFlag on an unknown flag or a value out of its range
 */
export function readFlags(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): Flags {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  const values = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === 'positional') throw new BadFlag(`unexpected argument "${token.value}" (see --help)`)
    if (token.kind === 'option-terminator') continue
    if (!Object.hasOwn(options, token.name)) throw new BadFlag(`unknown flag ${token.rawName} (see --help)`)
    const { type } = options[token.name as keyof typeof options]
    if (type === 'boolean' && token.value !== undefined) {
      throw new BadFlag(`${token.rawName} takes no value, got "${token.value}"`)
    }
    if (type === 'string' && token.value === undefined) throw new BadFlag(`${token.rawName} needs a value`)
    values.set(token.name, token.value ?? '')
  }

  const number = (name: string, low: number, high: number, whole: boolean): number | undefined => {
    const text = values.get(name)
    if (text === undefined) return undefined
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
    if (value >= low && value <= high && (!whole || Number.isInteger(value))) return value
    throw new BadFlag(`--${name} must be a ${whole ? 'whole number' : 'number'} from ${low} to ${high}, got "${text}"`)
  }

  const flags: Flags = {
    interval: number('interval', 0.1, 600, false) ?? 1,
    panels: number('panels', 0, 10_000, true) ?? defaultSize.panels,
    meters: number('meters', 0, 10_000, true) ?? defaultSize.meters,
    evs: number('evs', 0, 10_000, true) ?? defaultSize.evs,
    seed: number('seed', -(2 ** 31), 2 ** 31 - 1, true) ?? 1,
    url: brokerUrl(values.get('url'), environment['MQTT_URL']),
    duration: number('duration', 0.1, 2_000_000, false),
    oneConnection: values.has('one-connection'),
    quiet: values.has('quiet'),
    verbose: values.has('verbose'),
    help: values.has('help'),
  }
  const devices = flags.panels + flags.meters + flags.evs
  if (devices > MAX_CONNECTIONS && !flags.oneConnection) {
    throw new BadFlag(
      `${devices} devices are too many for a connection each (${MAX_CONNECTIONS}): add --one-connection`,
    )
  }
  if (flags.quiet && flags.verbose) throw new BadFlag('--quiet and --verbose exclude each other')
  return flags
}

/** The broker's address: the flag's, else the environment's, else this machine's. @throws BadFlag */
export function brokerUrl(flag: string | undefined, variable: string | undefined): string {
  const [name, url] =
    flag !== undefined ? ['--url', flag] : variable ? ['MQTT_URL', variable] : ['--url', 'mqtt://127.0.0.1:1883']
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (['mqtt:', 'mqtts:', 'ws:', 'wss:'].includes(protocol) && new URL(url).hostname !== '') return url
  throw new BadFlag(`${name} must be mqtt://, mqtts://, ws:// or wss:// with a host, got "${url}"`)
}
