/** Kinds of series that devices report. */
export const readingKinds = ['der', 'panel', 'meter', 'switch'] as const
export type ReadingKind = (typeof readingKinds)[number]

/**
 * How far a reading can be trusted. `good`: on time, by the device's clock. `late`: by the device's clock, but
 * received after the lateness limit. `server-time`: the device sent no timestamp, `at` is `receivedAt`; never used
 * for official windows. `questionable` and `invalid`: the device says so itself.
 */
export type Quality = 'good' | 'late' | 'server-time' | 'questionable' | 'invalid'

/**
 * One reading inside Linha Viva. Instants are UTC milliseconds. Every power is positive for consumption at the
 * device's terminals. `values` are numbers with their units in the names; `labels` are the few words that go with
 * them (a switch's `position` and `mode`, a meter's `aggregation`, a DER's `type`).
 */
export interface Reading {
  deviceId: string
  kind: ReadingKind
  at: number
  receivedAt: number
  feederId?: string
  siteId?: string
  location?: string
  nominalVoltageV?: number
  values: Record<string, number>
  labels?: Record<string, string>
  quality: Quality
}

export type FieldEventType = 'power_lost' | 'power_restored' | 'switch_opened' | 'switch_closed' | 'vtcd'

/** Something that happened in the field, once. */
export interface FieldEvent {
  deviceId: string
  eventId: string
  type: FieldEventType
  at: number
  receivedAt: number
  feederId?: string
  siteId?: string
  phases?: string
  cause?: string
  /** Of a `vtcd`: residual voltage of a sag or voltage of a swell, pu of the reference voltage. */
  magnitudePu?: number
  /** Of a `vtcd`: it lasted so long, and was over at `at`, s. */
  durationS?: number
  quality: Quality
}

/** A device's word about its own presence. */
export interface Presence {
  deviceId: string
  online: boolean
  at: number
  receivedAt: number
  /** It has no time of its own, and the broker brought it before or kept it: it may be the word that is known already. */
  repeated?: boolean
  firmware?: string
  capabilities?: string[]
}
