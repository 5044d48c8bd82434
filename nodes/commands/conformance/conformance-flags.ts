import { commandTypes, type CommandMessage, type CommandType } from '../../../platform/wire/command.ts'
import { isIdentifier } from '../../../platform/wire/fields.ts'
import { BadFlag, readCommandLine, refuseWords } from '../../../platform/runtime/flags.ts'

export const usage = `Plays the controller against a device, and says what it got wrong: docs/device-protocol.md

  npm run -s conformance -- --device ID [flags]

  --device ID          the device, as its topics name it
  --command A[,B]      what it is told, again and again (default read_now, which moves nothing); of two one after the
                       other, first the one that changes something: open,close of a switch that is closed. It really
                       moves, some ten times, and stands as before in the end
  --args JSON          arguments of these commands (default {})
  --setpoint KW        also: a retained setpoint of so many kW, in the sign of the device, and one that expires
  --reboot             also: a restart, over which a ledger must last
  --last-will          also: asks you to cut its connection
  --key KEY            its key, base64url; by default that of the installation, where the device wants signatures
  --control-number N   numbers from N on, for a device that no platform knows: none greater may have been sent to it.
                       By default they are taken from the platform's database, as for any other command
  --within S           so long an answer is waited for (0.1 to 600, default 5)
  --report-within S    so long what is reported now and then is waited for (1 to 3600, default 70)
  --record             writes what it can do into the registry, as proven
  --help               this text

It exits with 0 where nothing is wrong, with 1 where something is, with 2 where it could not begin.
Environment: MQTT_URL, MQTT_DISPATCHER_USER, MQTT_DISPATCHER_PASSWORD, DB_HOST … as of the platform, or DATA_DIR of a
running one.
`

export interface ConformanceFlags {
  readonly deviceId: string
  readonly commands: readonly Pick<CommandMessage, 'type' | 'args'>[]
  readonly setpointKw: number | undefined
  readonly reboot: boolean
  readonly lastWill: boolean
  readonly key: Buffer | undefined
  readonly controlNumber: number | undefined
  readonly withinMs: number
  readonly reportWithinMs: number
  readonly record: boolean
}

const known = {
  device: { type: 'string' },
  command: { type: 'string' },
  args: { type: 'string' },
  setpoint: { type: 'string' },
  reboot: { type: 'boolean' },
  'last-will': { type: 'boolean' },
  key: { type: 'string' },
  'control-number': { type: 'string' },
  within: { type: 'string' },
  'report-within': { type: 'string' },
  record: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** @throws BadFlag that names flag and value */
export function readConformanceFlags(args: readonly string[]): ConformanceFlags | 'help' {
  const { flags, words } = readCommandLine(args, known)
  if (flags.has('help')) return 'help'
  refuseWords(words)
  const number = (name: keyof typeof known, low: number, high: number): number | undefined => {
    const text = flags.get(name)
    if (text === undefined) return undefined
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
    if (value >= low && value <= high) return value
    throw new BadFlag(`--${name} must be a number from ${low} to ${high}, got "${text}"`)
  }
  const deviceId = flags.get('device')
  if (deviceId === undefined) throw new BadFlag('--device is missing (see --help)')
  if (!isIdentifier(deviceId)) throw new BadFlag(`--device must be a device's name, got "${deviceId}"`)
  const controlNumber = number('control-number', 1, Number.MAX_SAFE_INTEGER - 1_000)
  const record = flags.has('record')
  if (controlNumber !== undefined && !Number.isInteger(controlNumber))
    throw new BadFlag(`--control-number must be whole, got "${controlNumber}"`)
  if (controlNumber !== undefined && record)
    throw new BadFlag('--record is for a device of the platform, and --control-number for one that it does not know')
  return {
    ...{ deviceId, controlNumber, record },
    commands: commandsOf(flags.get('command') ?? 'read_now', flags.get('args') ?? '{}'),
    setpointKw: number('setpoint', -100_000, 100_000),
    ...{ reboot: flags.has('reboot'), lastWill: flags.has('last-will'), key: keyOf(flags.get('key')) },
    withinMs: 1_000 * (number('within', 0.1, 600) ?? 5),
    reportWithinMs: 1_000 * (number('report-within', 1, 3_600) ?? 70),
  }
}

function commandsOf(types: string, written: string): Pick<CommandMessage, 'type' | 'args'>[] {
  const args = argsOf(written)
  return types.split(',').map((word) => {
    const type = commandTypes.find((one) => one === word)
    if (!type) throw new BadFlag(`--command must be one or two of ${commandTypes.join(', ')}, got "${word}"`)
    return { type: type satisfies CommandType, args }
  })
}

function argsOf(written: string): CommandMessage['args'] {
  let args: unknown
  try {
    args = JSON.parse(written)
  } catch {
    args = undefined
  }
  if (typeof args === 'object' && args !== null && !Array.isArray(args)) return args as CommandMessage['args']
  throw new BadFlag(`--args must be a JSON object, got "${written}"`)
}

function keyOf(written: string | undefined): Buffer | undefined {
  if (written === undefined) return undefined
  if (!/^[A-Za-z0-9_-]{22,}$/.test(written))
    throw new BadFlag('--key must be base64url of 16 bytes or more, as the platform shows it')
  return Buffer.from(written, 'base64url')
}
