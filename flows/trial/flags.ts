import { brokerAddress } from '../../platform/runtime/environment-values.ts'
import { BadFlag, readCommandLine, refuseWords } from '../../platform/runtime/flags.ts'

export interface TrialFlags {
  readonly task: 'try'
  /** Unset: the only tab of `changed` or, without one, Telemetry. */
  readonly tab: string | undefined
  readonly changed: string | undefined
  readonly deployed: string | undefined
  readonly traffic: string | undefined
  readonly registry: string | undefined
  readonly pace: 'fast' | 'recorded'
  readonly settleMs: number
  readonly timeoutMs: number
  readonly expectSame: boolean
  readonly json: boolean
  /** What is counted: topics, kinds and reasons, or devices. */
  readonly by: 'topic' | 'device'
  /** Differences shown of each kind. */
  readonly show: number
}

export interface RecordFlags {
  readonly task: 'record'
  readonly file: string
  readonly durationMs: number
  /** Unset: as the environment says. */
  readonly url: string | undefined
  /** Unset: those of the field contract and of Sparkplug B. */
  readonly topics: readonly string[] | undefined
}

export type Flags = { readonly task: 'help' } | TrialFlags | RecordFlags

export const usage = `Tries a change to a tab before it is deployed: plays recorded traffic through it, with everything stubbed that reaches
outside, and shows what would have come out, and what differs from the tab as it is deployed.

  npm run flows:test -- [--changed FILE] [--tab TAB] [--traffic FILE] [flags]

  --changed FILE    the changed tab: what the editor exported (current flow), a file like those in flows/, or a folder of
                    them; without it the deployed tab is played by itself
  --tab TAB         its label or id (default: the only one in FILE; without FILE, Telemetry)
  --deployed PATH   what to compare with (default FLOWS_DIR, else flows/)
  --traffic FILE    what to play (default: a few seconds of the simulated field, flows/trial/field.jsonl)
  --registry FOLDER devices.csv, sites.csv … (default docs/registry); who is not in it is met as FIRST_CONTACT says
  --pace recorded   as slowly as it was recorded (default: as fast as the tab takes it)
  --settle S        wait for delays and timers after the last message, at most S seconds (1 to 3600, default 10)
  --timeout S       end a tab that does not answer for S seconds (1 to 3600, default 20)
  --expect same     differences are a failure too
  --show N          show N differences of each kind (0 to 1000, default 3)
  --by device       counts by device (default: by kind, reason and topic)
  --json            the result as JSON

  npm run flows:test -- --record FILE [--for D] [--url URL] [--topics T,T…]

  --record FILE     records what the broker carries, a line a message, as one more listener
  --for D           this long: 90s, 15m, 2h (1 s to 24 h, default 60s); Ctrl-C ends it earlier
  --url URL         broker (default MQTT_URL, else MQTT_HOST and MQTT_PORT, with MQTT_USER and MQTT_PASSWORD)
  --topics T,T…     topic filters (default: those of the field contract and of Sparkplug B)

It ends with 0 where all went through without an error that no Catch node took, without a batch left unsettled and, with
--expect same, without a difference; with 2 where the command line is wrong; otherwise with 1. See
docs/trying-a-change.md.
`

const options = {
  tab: { type: 'string' },
  changed: { type: 'string' },
  deployed: { type: 'string' },
  traffic: { type: 'string' },
  registry: { type: 'string' },
  pace: { type: 'string' },
  settle: { type: 'string' },
  timeout: { type: 'string' },
  expect: { type: 'string' },
  show: { type: 'string' },
  json: { type: 'boolean' },
  by: { type: 'string' },
  record: { type: 'string' },
  for: { type: 'string' },
  url: { type: 'string' },
  topics: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

const ofRecording = ['record', 'for', 'url', 'topics']

/** Reads the command line. @throws BadFlag */
export function readFlags(args: readonly string[]): Flags {
  const { flags: given, words } = readCommandLine(args, options)
  refuseWords(words)
  if (given.has('help')) return { task: 'help' }
  const recording = given.has('record')
  for (const name of given.keys()) {
    if (recording === ofRecording.includes(name)) continue
    throw new BadFlag(recording ? `--${name} does not go with --record` : `--${name} needs --record`)
  }
  return recording ? recordFlags(given) : trialFlags(given)
}

function trialFlags(given: ReadonlyMap<string, string>): TrialFlags {
  if (given.has('expect') && !given.has('changed')) throw new BadFlag('--expect needs --changed')
  return {
    task: 'try',
    tab: given.get('tab'),
    changed: given.get('changed'),
    deployed: given.get('deployed'),
    traffic: given.get('traffic'),
    registry: given.get('registry'),
    pace: oneOf(given, 'pace', ['fast', 'recorded']) ?? 'fast',
    settleMs: 1_000 * numberOf(given, 'settle', 1, 3_600, 10),
    timeoutMs: 1_000 * numberOf(given, 'timeout', 1, 3_600, 20),
    expectSame: oneOf(given, 'expect', ['same']) !== undefined,
    json: given.has('json'),
    by: oneOf(given, 'by', ['topic', 'device']) ?? 'topic',
    show: numberOf(given, 'show', 0, 1_000, 3),
  }
}

function recordFlags(given: ReadonlyMap<string, string>): RecordFlags {
  const url = given.get('url')
  if (url !== undefined && brokerAddress.parse(url) === undefined)
    throw new BadFlag(`--url takes ${brokerAddress.accepts}, got "${url}"`)
  return {
    task: 'record',
    file: given.get('record')!,
    durationMs: durationOf(given.get('for') ?? '60s'),
    url,
    topics: given.get('topics')?.split(',').map(topicFilter),
  }
}

function oneOf<T extends string>(
  given: ReadonlyMap<string, string>,
  name: string,
  values: readonly T[],
): T | undefined {
  const text = given.get(name)
  if (text === undefined) return undefined
  const value = values.find((one) => one === text)
  if (value === undefined) throw new BadFlag(`--${name} takes ${values.join(' or ')}, got "${text}"`)
  return value
}

function numberOf(
  given: ReadonlyMap<string, string>,
  name: string,
  least: number,
  most: number,
  fallback: number,
): number {
  const text = given.get(name)
  if (text === undefined) return fallback
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN
  if (!(value >= least && value <= most))
    throw new BadFlag(`--${name} takes a whole number from ${least} to ${most}, got "${text}"`)
  return value
}

function durationOf(text: string): number {
  const [, amount, unit] = /^(\d{1,6})(s|m|h)?$/.exec(text) ?? []
  const ms = Number(amount) * { s: 1_000, m: 60_000, h: 3_600_000 }[(unit ?? 's') as 's' | 'm' | 'h']
  if (!(ms >= 1_000 && ms <= 86_400_000)) throw new BadFlag(`--for takes 1s to 24h, such as 90s or 15m, got "${text}"`)
  return ms
}

function topicFilter(filter: string): string {
  if (filter !== '' && filter.split('/').every((level, index, all) => isLevel(level, index === all.length - 1)))
    return filter
  throw new BadFlag(`--topics takes topic filters with commas between, got "${filter}"`)
}

const isLevel = (level: string, last: boolean): boolean =>
  level === '+' || (level === '#' && last) || !/[+#\0]/.test(level)
