import { inspect } from 'node:util'
import { platformClock } from '../../platform/clock/clock.ts'
import type { Registry } from '../../platform/network/registry.ts'
import type { FieldEvent, Presence, Reading, ReadingKind } from '../../platform/wire/reading.ts'
import type { Reason, Rejected } from '../../platform/wire/reasons.ts'
import { differenceFrom, eventDifferenceFrom } from './domain/compare.ts'
import { wireFault } from './domain/wire-check.ts'
import type { TelemetryBatch } from './messages.ts'
import { isInstant, keyOf, type Keyed, type StoredEvent } from './repository.ts'
import { measuresOf, wordsOf } from './series-tables.ts'

/** Where items are kept: the database's tables, in a transaction, or a memory that stands in for them. */
export interface Shelves {
  /** @returns the keys (`keyOf`) of those that were not there yet, or that all of them are new, and no two the same */
  insertReadings(kind: ReadingKind, rows: Keyed<Reading>[]): Promise<Set<string> | 'all'>
  /** What stands under the keys of `rows`, measures and words by name. */
  storedReadings(kind: ReadingKind, rows: Keyed<Reading>[]): Promise<Map<string, Record<string, unknown>>>
  /** @returns the keys (device, event id) of those that were not there yet */
  insertEvents(rows: Keyed<FieldEvent>[]): Promise<Set<string>>
  storedEvents(rows: Keyed<FieldEvent>[]): Promise<Map<string, StoredEvent>>
  upsertPresences(rows: Keyed<Presence>[]): Promise<unknown>
}

/** Where the items of a batch ended: each in exactly one place. */
export interface Placed {
  stored: { at: number }[]
  duplicates: number
  quarantined: Rejected[]
}

/** Puts every item of a batch where it belongs: stored, recognised as a duplicate, or to be quarantined. */
export async function placeItems(
  batch: TelemetryBatch,
  registry: Pick<Registry, 'find'>,
  shelves: Shelves,
): Promise<Placed> {
  const { keyed, refused } = withKeys(batch, registry)
  const { stored, duplicates, rejected } = await writeItems(shelves, batch.topic, keyed)
  const quarantined = [...(batch.topic === 'quarantine' ? sound(batch.payload) : []), ...refused, ...rejected]
  return { stored, duplicates, quarantined }
}

interface Written {
  stored: { at: number }[]
  duplicates: number
  rejected: Rejected[]
}

async function writeItems(shelves: Shelves, topic: TelemetryBatch['topic'], keyed: Keyed<unknown>[]): Promise<Written> {
  if (keyed.length === 0 || topic === 'quarantine') return { stored: [], duplicates: 0, rejected: [] }
  if (topic === 'event') return writeEvents(shelves, keyed as Keyed<FieldEvent>[])
  if (topic === 'status') return writePresences(shelves, keyed as Keyed<Presence>[])
  return writeReadings(shelves, topic, keyed as Keyed<Reading>[])
}

async function writeReadings(shelves: Shelves, kind: ReadingKind, keyed: Keyed<Reading>[]): Promise<Written> {
  const fresh = await shelves.insertReadings(kind, keyed)
  if (fresh === 'all') return { stored: keyed.map(({ item }) => item), duplicates: 0, rejected: [] }
  const { stored, others } = divide(keyed, fresh, ({ deviceKey, item }) => keyOf(deviceKey, item.at))
  if (others.length === 0) return { stored, duplicates: 0, rejected: [] }
  const [measures, words] = [measuresOf(kind), wordsOf(kind)]
  const before = await shelves.storedReadings(kind, others)
  const rejected = others.flatMap(({ deviceKey, item }) => {
    const difference = differenceFrom(item, before.get(keyOf(deviceKey, item.at)) ?? {}, measures, words)
    return difference === undefined ? [] : [reject(kind, item, 'conflicting_duplicate', difference)]
  })
  return { stored, duplicates: others.length - rejected.length, rejected }
}

async function writeEvents(shelves: Shelves, keyed: Keyed<FieldEvent>[]): Promise<Written> {
  const fresh = await shelves.insertEvents(keyed)
  const { stored, others } = divide(keyed, fresh, ({ deviceKey, item }) => keyOf(deviceKey, item.eventId))
  if (others.length === 0) return { stored, duplicates: 0, rejected: [] }
  const before = await shelves.storedEvents(others)
  const rejected = others.flatMap(({ deviceKey, item }) => {
    const known = before.get(keyOf(deviceKey, item.eventId))
    const difference = eventDifferenceFrom(item, known)
    return difference === undefined ? [] : [reject('event', item, 'conflicting_duplicate', difference)]
  })
  return { stored, duplicates: others.length - rejected.length, rejected }
}

async function writePresences(shelves: Shelves, keyed: Keyed<Presence>[]): Promise<Written> {
  await shelves.upsertPresences(keyed)
  return { stored: keyed.map(({ item }) => item), duplicates: 0, rejected: [] }
}

/** The first item under a key that was stored is the one that was; whatever else has the key came too late. */
function divide<T>(keyed: Keyed<T>[], fresh: Set<string>, keyOfItem: (row: Keyed<T>) => string) {
  const stored: T[] = []
  const others: Keyed<T>[] = []
  for (const row of keyed) {
    if (fresh.delete(keyOfItem(row))) stored.push(row.item)
    else others.push(row)
  }
  return { stored, others }
}

/** Finds each item's device. What is no item, or of no registered device, is refused. */
function withKeys(
  batch: TelemetryBatch,
  registry: Pick<Registry, 'find'>,
): { keyed: Keyed<unknown>[]; refused: Rejected[] } {
  const keyed: Keyed<unknown>[] = []
  const refused: Rejected[] = []
  if (batch.topic === 'quarantine') return { keyed, refused: unsound(batch.payload) }
  for (const item of batch.payload) {
    const fault = wireFault(batch.topic, item)
    if (fault !== undefined) {
      refused.push(reject(batch.topic, item, 'storage_refused', fault))
      continue
    }
    const registration = registry.find(item.deviceId)
    if (registration) keyed.push({ deviceKey: registration.deviceKey, item })
    else refused.push(reject(batch.topic, item, 'unknown_device', `device ${item.deviceId}`))
  }
  return { keyed, refused }
}

const sound = (payload: Rejected[]): Rejected[] => payload.filter((item) => wireFault('quarantine', item) === undefined)

/** Somebody's message on the way to quarantine that lost its form is still kept. */
const unsound = (payload: Rejected[]): Rejected[] =>
  payload.flatMap((item) => {
    const fault = wireFault('quarantine', item)
    return fault === undefined ? [] : [reject('quarantine', item, 'storage_refused', fault)]
  })

/** Puts an item of a batch into quarantine in the form in which it travelled; `telemetry validate` takes it back. */
export function reject(topic: TelemetryBatch['topic'], item: unknown, reason: Reason, detail: string): Rejected {
  const { deviceId, receivedAt } = (item ?? {}) as { deviceId?: unknown; receivedAt?: unknown }
  return {
    topic,
    payload: jsonOf(item),
    reason,
    detail,
    receivedAt: isInstant(receivedAt) ? receivedAt : platformClock.now(),
    ...(typeof deviceId === 'string' && { deviceId: deviceId.slice(0, 64) }),
  }
}

/** What JSON cannot hold (a bigint, what contains itself) is kept as far as it can be shown. */
function jsonOf(item: unknown): string {
  try {
    return JSON.stringify(item) ?? 'null'
  } catch {
    return inspect(item, { depth: 4, maxArrayLength: 100, maxStringLength: 1_000 })
  }
}
