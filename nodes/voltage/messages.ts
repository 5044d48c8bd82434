import type { PerPhase } from './domain/windows.ts'
import type { VoltageBand } from './domain/bands.ts'

/** A 10-minute window of one meter, as it travels: instants are UTC milliseconds. */
export interface WindowMessage {
  deviceKey: number
  start: number
  volts: PerPhase<number>
  coverage: number
  bands: PerPhase<VoltageBand>
  invalid?: { reason: 'interruption' | 'vtcd' | 'coverage'; evidence: object }
}

/** Windows that were computed, for the first time or again. */
export interface WindowBatch {
  topic: 'voltage/windows'
  payload: readonly WindowMessage[]
}
