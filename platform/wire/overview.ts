import type { ReadingKind } from './reading.ts'
import type { Reason } from './reasons.ts'

/** What the first screen shows, once a second: the state of the field and of the ingest. Powers in kW, consumption positive. */
export interface FieldOverview {
  at: number
  readingsPerSecond: number
  /** Age of the oldest reading received and not yet stored, ms. */
  lagMs: number
  /** Batches between the newest commit and the roll-ups. */
  rollupLagBatches: number
  stored: number
  duplicates: number
  quarantined: number
  devices: { reporting: number; silent: number; silentIds: string[] }
  feeders: { feederId: string; byType: { type: string; kw: number; devices: number }[] }[]
  quarantine: { reason: Reason; count: number }[]
  latest: {
    deviceId: string
    kind: ReadingKind
    type?: string
    feederId?: string
    at: number
    kw?: number
    measures: Record<string, number | string>
  }[]
  /** Set when a part is down: what the operator should know first. */
  degraded: { part: 'database' | 'broker'; detail: string }[]
}
