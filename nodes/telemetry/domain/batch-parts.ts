import type { FieldEvent, Presence, Reading, ReadingKind } from '../../../platform/wire/reading.ts'
import type { Rejected } from '../../../platform/wire/reasons.ts'
import type { TelemetryBatch } from '../messages.ts'
import type { Admitted } from './admit.ts'

/**
 * Sorts what came out of interpretation and admission into batches, one a kind, in the order of arrival within each.
 * @returns only batches that have something in them
 */
export function sortIntoBatches(admitted: Admitted[], rejected: Rejected[]): TelemetryBatch[] {
  const readings = new Map<ReadingKind, Reading[]>()
  const events: FieldEvent[] = []
  const presences: Presence[] = []
  for (const item of admitted) {
    if (item.kind === 'event') events.push(item.value)
    else if (item.kind === 'status') presences.push(item.value)
    else {
      const sameKind = readings.get(item.value.kind)
      if (sameKind) sameKind.push(item.value)
      else readings.set(item.value.kind, [item.value])
    }
  }
  const batches: TelemetryBatch[] = [...readings].map(([topic, payload]) => ({ topic, payload }))
  if (events.length > 0) batches.push({ topic: 'event', payload: events })
  if (presences.length > 0) batches.push({ topic: 'status', payload: presences })
  if (rejected.length > 0) batches.push({ topic: 'quarantine', payload: rejected })
  return batches
}
