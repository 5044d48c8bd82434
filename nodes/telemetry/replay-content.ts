import { isUtf8 } from 'node:buffer'
import type { FieldEvent, Reading } from '../../platform/wire/reading.ts'
import { interpret } from './domain/interpret.ts'
import type { IntakeRules } from './domain/rules.ts'
import { isBatchTopic } from './domain/wire-check.ts'
import type { QuarantineEntry } from './quarantine-repository.ts'
import { batchAgain } from './reception.ts'

/** What a quarantined payload would bring if it were replayed now and nothing refused it: of which device, when. */
export interface ReplayItem {
  readonly deviceId: string
  /** UTC milliseconds. */
  readonly at: number
  /** Type of an event; null: it is a reading. */
  readonly event: string | null
}

/** The readings and events in a payload that can be understood; what cannot be is refused again. */
export function replayItems({ topic, payload, receivedAt }: QuarantineEntry, rules: IntakeRules): ReplayItem[] {
  const given = isUtf8(payload) ? payload.toString('utf8') : payload
  if (isBatchTopic(topic)) {
    const batch = batchAgain(topic, given, receivedAt)
    return batch.topic === topic ? (batch.payload as unknown[]).flatMap(itemsOf) : []
  }
  return interpret({ topic, payload: given, receivedAt }, rules).understood.flatMap(({ value }) => itemsOf(value))
}

function itemsOf(value: unknown): ReplayItem[] {
  const { deviceId, at, type } = (value ?? {}) as Partial<Reading & FieldEvent>
  if (typeof deviceId !== 'string' || typeof at !== 'number' || !Number.isFinite(at)) return []
  return [{ deviceId, at, event: typeof type === 'string' ? type : null }]
}
