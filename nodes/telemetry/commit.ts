import type { PoolClient } from 'pg'
import { platformClock } from '../../platform/clock/clock.ts'
import type { Registry } from '../../platform/network/registry.ts'
import type { Outcome } from '../../platform/node/acknowledgements.ts'
import { appendBatch, nextBatchId } from '../../platform/storage/batch-log.ts'
import type { Reading, ReadingKind } from '../../platform/wire/reading.ts'
import type { Rejected } from '../../platform/wire/reasons.ts'
import type { TelemetryBatch } from './messages.ts'
import { placeItems, type Shelves } from './place-items.ts'
import type { QuarantineBudget } from './quarantine-budget.ts'
import {
  addQuarantineCounts,
  insertEvents,
  insertQuarantine,
  insertReadings,
  keyOf,
  keysUnder,
  storedEvents,
  storedReadings,
  upsertPresences,
  type Keyed,
  type QuarantineTally,
} from './repository.ts'

/** What one batch became: `stored` are its items that were new, `rejected` those that went to quarantine. */
export interface Committed {
  outcome: Outcome
  stored: unknown[]
  rejected: Rejected[]
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
  const tables = tablesOf(client, batchId)
  const totals = { readings: 0, events: 0, firstAt: null as number | null, lastAt: null as number | null }
  for (const batch of batches) {
    const { stored, duplicates, quarantined } = await placeItems(batch, registry, tables)
    for (const one of quarantined) rejected.push(one)
    const outcome = { stored: stored.length, duplicates, quarantined: quarantined.length }
    committed.push({ stored, rejected: quarantined, outcome })
    // Presences are in no series: those that the broker kept may be of weeks ago.
    if (batch.topic === 'status') continue
    for (const { at } of stored) {
      totals.firstAt = Math.min(totals.firstAt ?? at, at)
      totals.lastAt = Math.max(totals.lastAt ?? at, at)
    }
    if (batch.topic === 'event') totals.events += stored.length
    else totals.readings += stored.length
  }
  if (rejected.length > 0) await writeQuarantine(client, rejected, registry, budget)
  if (totals.readings + totals.events > 0)
    await appendBatch(client, { batchId, ...totals, committedAt: platformClock.now() })
  return committed
}

/** The tables, for the batches of one commit one after the other. */
function tablesOf(client: PoolClient, batchId: number): Shelves {
  const tried: Record<ReadingKind, Keyed<Reading>[][]> = { der: [], panel: [], meter: [], switch: [] }
  return {
    async insertReadings(kind, rows) {
      const earlier = tried[kind].slice()
      tried[kind].push(rows)
      // As a rule all are new: asking for the keys of each would be a good part of the work.
      if ((await insertReadings(client, kind, batchId, rows)) === rows.length) return 'all'
      const fresh = await keysUnder(client, kind, batchId)
      for (const { deviceKey, item } of earlier.flat()) fresh.delete(keyOf(deviceKey, item.at))
      return fresh
    },
    storedReadings: (kind, rows) => storedReadings(client, kind, rows),
    insertEvents: (rows) => insertEvents(client, batchId, rows),
    storedEvents: (rows) => storedEvents(client, rows),
    upsertPresences: (rows) => upsertPresences(client, rows),
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
