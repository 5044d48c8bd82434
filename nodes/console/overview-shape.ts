import type { FieldOverview } from '../../platform/wire/overview.ts'
import { readingKinds } from '../../platform/wire/reading.ts'
import { isReason } from '../../platform/wire/reasons.ts'

/** What a page is sent of lists that grow with the fleet; the counts beside them stay exact. */
export const longest = { silentIds: 200, latest: 100, measures: 20 } as const

/** A payload is not a FieldOverview: names the field and the value found there. */
export class InvalidOverview extends Error {
  override readonly name = 'InvalidOverview'
  readonly field: string
  readonly value: unknown

  constructor(field: string, expected: string, value: unknown) {
    super(`${field} must be ${expected}, found ${shown(value)}`)
    this.field = field
    this.value = value
  }
}

/**
 * Reads a FieldOverview out of a payload. The result holds the fields of the type and nothing else, so that nothing
 * else reaches a browser; long lists are cut to `longest`.
 * @throws InvalidOverview at the first field that is missing or of the wrong form
 */
export function readOverview(payload: unknown): FieldOverview {
  const from = object('payload', payload)
  const devices = object('payload.devices', from['devices'])
  return {
    at: finite('payload.at', from['at']),
    readingsPerSecond: count('payload.readingsPerSecond', from['readingsPerSecond']),
    lagMs: count('payload.lagMs', from['lagMs']),
    rollupLagBatches: count('payload.rollupLagBatches', from['rollupLagBatches']),
    stored: count('payload.stored', from['stored']),
    duplicates: count('payload.duplicates', from['duplicates']),
    quarantined: count('payload.quarantined', from['quarantined']),
    devices: {
      reporting: count('payload.devices.reporting', devices['reporting']),
      silent: count('payload.devices.silent', devices['silent']),
      silentIds: list('payload.devices.silentIds', devices['silentIds'], text, longest.silentIds),
    },
    feeders: list('payload.feeders', from['feeders'], feeder),
    quarantine: list('payload.quarantine', from['quarantine'], quarantineCount),
    latest: list('payload.latest', from['latest'], latestReading, longest.latest),
    degraded: list('payload.degraded', from['degraded'], degradedPart),
  }
}

type Feeder = FieldOverview['feeders'][number]
type Latest = FieldOverview['latest'][number]

function feeder(path: string, value: unknown): Feeder {
  const from = object(path, value)
  return {
    feederId: text(`${path}.feederId`, from['feederId']),
    byType: list(`${path}.byType`, from['byType'], (at, entry) => {
      const load = object(at, entry)
      return {
        type: text(`${at}.type`, load['type']),
        kw: finite(`${at}.kw`, load['kw']),
        devices: count(`${at}.devices`, load['devices']),
      }
    }),
  }
}

function quarantineCount(path: string, value: unknown): FieldOverview['quarantine'][number] {
  const from = object(path, value)
  const reason = text(`${path}.reason`, from['reason'])
  if (!isReason(reason)) throw new InvalidOverview(`${path}.reason`, 'a reason code', reason)
  return { reason, count: count(`${path}.count`, from['count']) }
}

function latestReading(path: string, value: unknown): Latest {
  const from = object(path, value)
  return {
    deviceId: text(`${path}.deviceId`, from['deviceId']),
    kind: oneOf(`${path}.kind`, from['kind'], readingKinds),
    at: finite(`${path}.at`, from['at']),
    measures: measuresOf(`${path}.measures`, from['measures']),
    ...(from['type'] != null && { type: text(`${path}.type`, from['type']) }),
    ...(from['feederId'] != null && { feederId: text(`${path}.feederId`, from['feederId']) }),
    ...(from['kw'] != null && { kw: finite(`${path}.kw`, from['kw']) }),
  }
}

function measuresOf(path: string, value: unknown): Latest['measures'] {
  const entries = Object.entries(object(path, value)).slice(0, longest.measures)
  return Object.fromEntries(
    entries.map(([name, measure]) => [
      name,
      typeof measure === 'string' ? measure : finite(`${path}.${name}`, measure),
    ]),
  )
}

function degradedPart(path: string, value: unknown): FieldOverview['degraded'][number] {
  const from = object(path, value)
  return {
    part: oneOf(`${path}.part`, from['part'], ['database', 'broker'] as const),
    detail: text(`${path}.detail`, from['detail']),
  }
}

function object(path: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidOverview(path, 'an object', value)
  return value as Record<string, unknown>
}

function list<Item>(
  path: string,
  value: unknown,
  item: (path: string, value: unknown) => Item,
  atMost = Number.POSITIVE_INFINITY,
): Item[] {
  if (!Array.isArray(value)) throw new InvalidOverview(path, 'a list', value)
  return value.slice(0, atMost).map((entry: unknown, index) => item(`${path}[${index}]`, entry))
}

function finite(path: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new InvalidOverview(path, 'a number', value)
  return value
}

function count(path: string, value: unknown): number {
  const number = finite(path, value)
  if (number < 0) throw new InvalidOverview(path, 'zero or more', value)
  return number
}

function text(path: string, value: unknown): string {
  if (typeof value !== 'string') throw new InvalidOverview(path, 'a text', value)
  return value
}

function oneOf<Word extends string>(path: string, value: unknown, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === value)
  if (word === undefined) throw new InvalidOverview(path, `one of ${words.join(', ')}`, value)
  return word
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object'
  const plain = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return plain.length > 60 ? `${plain.slice(0, 59)}…` : plain
}
