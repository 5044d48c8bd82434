import type { Condition } from '../../platform/wire/condition.ts'
import type { FieldEvent, Presence, Reading, ReadingKind } from '../../platform/wire/reading.ts'
import type { Rejected } from '../../platform/wire/reasons.ts'

/** A batch on the wire. */
interface Batch<Topic extends string, Item> {
  topic: Topic
  payload: Item[]
  /** Its number in the acknowledgement registry; absent where nobody waits for it. */
  batchId?: number
  /** A copy, emitted because nobody had settled the batch in time. */
  again?: true
}

export type ReadingBatch = Batch<ReadingKind, Reading>
export type EventBatch = Batch<'event', FieldEvent>
export type PresenceBatch = Batch<'status', Presence>
export type QuarantineBatch = Batch<'quarantine', Rejected>
/** What travels from ingest or validation to the store. */
export type TelemetryBatch = ReadingBatch | EventBatch | PresenceBatch | QuarantineBatch

/** What is amiss in the field and on the way from it, when it begins and when it ends. */
export interface TelemetryConditions {
  topic: 'telemetry/conditions'
  payload: readonly Condition[]
}
