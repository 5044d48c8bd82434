import type { Condition } from '../../platform/wire/condition.ts'
import type { VoltageBand } from './domain/bands.ts'
import type { PerPhase } from './domain/sample.ts'
import type { InvalidEvidence, InvalidReason } from './domain/windows.ts'

/** A 10-minute window of one meter, as it travels: instants are UTC milliseconds. */
export interface WindowMessage {
  deviceId: string
  /** The unit that the meter measured when the window began; null where none. */
  unitId: string | null
  feederId: string | null
  start: number
  /** RMS, V. */
  volts: PerPhase<number>
  /** Share of the ten minutes that readings cover, 0 to 1. */
  coverage: number
  bands: PerPhase<VoltageBand>
  invalid?: { reason: InvalidReason; evidence: InvalidEvidence }
}

/** Windows that were written, for the first time or again, in the order of their commits. */
export interface WindowBatch {
  topic: 'voltage/windows'
  payload: readonly WindowMessage[]
}

/** What the forecasts of official measurements say, when it changes. */
export interface ConditionBatch {
  topic: 'voltage/conditions'
  payload: readonly Condition[]
}
