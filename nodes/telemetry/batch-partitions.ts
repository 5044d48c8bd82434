import type { Partitions } from '../../platform/storage/partitions.ts'
import type { TelemetryBatch } from './messages.ts'
import { isInstant } from './repository.ts'
import { seriesTables } from './series-tables.ts'

const dayMs = 86_400_000

/** Makes sure that the partitions exist which batches are going to write to. */
export async function preparePartitions(partitions: Partitions, batches: TelemetryBatch[]): Promise<void> {
  for (const { topic, payload } of batches) {
    if (topic === 'event' || topic === 'status' || topic === 'quarantine') continue
    const table = seriesTables[topic].name
    for (const day of daysOf(payload)) await partitions.ensure(table, day * dayMs)
  }
}

/** Days, counted from 1970, that items are of. */
function daysOf(items: unknown[]): Set<number> {
  const days = new Set<number>()
  for (const item of items) {
    // Any node may have changed the batch on its way: what is no reading gets its answer when it is written.
    const at = (item as { at?: unknown } | null | undefined)?.at
    if (isInstant(at)) days.add(Math.floor(at / dayMs))
  }
  return days
}
