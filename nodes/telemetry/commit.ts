import { inspect } from 'node:util'
import type { PoolClient } from 'pg'
import { platformClock } from '../../platform/clock/clock.ts'
import type { Registry } from '../../platform/network/registry.ts'
import type { Outcome } from '../../platform/node/acknowledgements.ts'
import { appendBatch, nextBatchId } from '../../platform/storage/batch-log.ts'
import type { FieldEvent, Presence, Reading, ReadingKind } from '../../platform/wire/reading.ts'
import type { Reason, Rejected } from '../../platform/wire/reasons.ts'
import { differenceFrom } from './domain/compare.ts'
import { wireFault } from './domain/wire-check.ts'
import type { TelemetryBatch } from './messages.ts'
import type { QuarantineBudget } from './quarantine-budget.ts'
import {
  addQuarantineCounts,
  insertEvents,
  insertQuarantine,
  insertReadings,
  isInstant,
  keyOf,
  storedEvents,
  storedReadings,
  upsertPresences,
  type Keyed,
  type QuarantineTally,
} from './repository.ts'
import { seriesTables } from './series-tables.ts'

/** What one batch became: `stored` are its items that were new. */
export interface Committed {
  outcome: Outcome
  stored: unknown[]
}

/**
 * Writes batches in the given transaction. Every item ends in exactly one place: stored, recognised as a duplicate,
 * or in quarantine. The commit is appended to the batch log, as the last statement.
 */
export async function writeBatches(
  client: PoolClient,
  batches: TelemetryBatch[],
  registry: Registry,
  budget: QuarantineBudget,
): Promise<Committed[]> {
  const batchId = await nextBatchId(client)
  const rejected: Rejected[] = []
  const committed: Committed[] = []
  const totals = { readings: 0, events: 0, firstAt: null as number | null, lastAt: null as number | null }
  for (const batch of batches) {
    const { keyed, refused } = withKeys(batch, registry)
    const result = await writeItems(client, batch.topic, batchId, keyed)
    const quarantined = [...(batch.topic === 'quarantine' ? sound(batch.payload) : []), ...refused, ...result.rejected]
    for (const one of quarantined) rejected.push(one)
    committed.push({
      stored: result.stored,
      outcome: { stored: result.stored.length, duplicates: result.duplicates, quarantined: quarantined.length },
    })
    for (const { at } of result.stored) {
      totals.firstAt = Math.min(totals.firstAt ?? at, at)
      totals.lastAt = Math.max(totals.lastAt ?? at, at)
    }
    if (batch.topic === 'event') totals.events += result.stored.length
    else if (batch.topic !== 'status') totals.readings += result.stored.length
  }
  if (rejected.length > 0) await writeQuarantine(client, rejected, registry, budget)
  if (totals.readings + totals.events > 0)
    await appendBatch(client, { batchId, ...totals, committedAt: platformClock.now() })
  return committed
}

interface Written {
  stored: { at: number }[]
  duplicates: number
  rejected: Rejected[]
}

async function writeItems(
  client: PoolClient,
  topic: TelemetryBatch['topic'],
  batchId: number,
  keyed: Keyed<unknown>[],
): Promise<Written> {
  if (keyed.length === 0 || topic === 'quarantine') return { stored: [], duplicates: 0, rejected: [] }
  if (topic === 'event') return writeEvents(client, batchId, keyed as Keyed<FieldEvent>[])
  if (topic === 'status') return writePresences(client, keyed as Keyed<Presence>[])
  return writeReadings(client, topic, batchId, keyed as Keyed<Reading>[])
}

async function writeReadings(
  client: PoolClient,
  kind: ReadingKind,
  batchId: number,
  keyed: Keyed<Reading>[],
): Promise<Written> {
  const fresh = await insertReadings(client, kind, batchId, keyed)
  const { stored, others } = divide(keyed, fresh, ({ deviceKey, item }) => keyOf(deviceKey, item.at))
  if (others.length === 0) return { stored, duplicates: 0, rejected: [] }
  const { measures, words } = seriesTables[kind]
  const before = await storedReadings(client, kind, others)
  const rejected = others.flatMap(({ deviceKey, item }) => {
    const difference = differenceFrom(item, before.get(keyOf(deviceKey, item.at)) ?? {}, measures, words)
    return difference === undefined ? [] : [reject(kind, item, 'conflicting_duplicate', difference)]
  })
  return { stored, duplicates: others.length - rejected.length, rejected }
}

async function writeEvents(client: PoolClient, batchId: number, keyed: Keyed<FieldEvent>[]): Promise<Written> {
  const fresh = await insertEvents(client, batchId, keyed)
  const { stored, others } = divide(keyed, fresh, ({ deviceKey, item }) => keyOf(deviceKey, item.eventId))
  if (others.length === 0) return { stored, duplicates: 0, rejected: [] }
  const before = await storedEvents(client, others)
  const rejected = others.flatMap(({ deviceKey, item }) => {
    const known = before.get(keyOf(deviceKey, item.eventId))
    const same = known?.type === item.type && known.at === item.at
    return same ? [] : [reject('event', item, 'conflicting_duplicate', `event ${item.eventId} was ${known?.type}`)]
  })
  return { stored, duplicates: others.length - rejected.length, rejected }
}

async function writePresences(client: PoolClient, keyed: Keyed<Presence>[]): Promise<Written> {
  await upsertPresences(client, keyed)
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
function withKeys(batch: TelemetryBatch, registry: Registry): { keyed: Keyed<unknown>[]; refused: Rejected[] } {
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

async function writeQuarantine(
  client: PoolClient,
  rejected: Rejected[],
  registry: Registry,
  budget: QuarantineBudget,
): Promise<void> {
  const tallies = new Map<string, QuarantineTally>()
  const kept: Rejected[] = []
  for (const one of rejected) {
    const { reason, receivedAt } = one
    const registration = one.deviceId === undefined ? undefined : registry.find(one.deviceId)
    const deviceId = registration ? registration.deviceId : ''
    const tally = tallies.get(`${reason}/${deviceId}`) ?? {
      ...{ reason, deviceId, count: 0, kept: 0, firstAt: receivedAt, lastAt: receivedAt },
    }
    tallies.set(`${reason}/${deviceId}`, tally)
    tally.count++
    tally.firstAt = Math.min(tally.firstAt, receivedAt)
    tally.lastAt = Math.max(tally.lastAt, receivedAt)
    // Whoever can publish can bring any number of strangers: those who wait for approval share one sample.
    if (!budget.keeps(one, registration?.status === 'active' ? deviceId : '')) continue
    tally.kept++
    kept.push(one)
  }
  if (kept.length > 0) await insertQuarantine(client, kept)
  await addQuarantineCounts(client, [...tallies.values()])
}
