import type { Condition } from '../../platform/wire/condition.ts'

/** An interruption as it travels, when it begins, changes or ends: instants are UTC milliseconds. */
export interface InterruptionMessage {
  interruptionId: number
  eventId: number
  elementKind: 'source' | 'switch' | 'section' | 'transformer' | 'unit'
  elementId: string
  feederId: string | null
  startedAt: number
  /** Null: it lasts. */
  endedAt: number | null
  /** Units that it concerns. */
  units: number
  cause: string | null
  programmed: boolean
  origin: 'internal' | 'external'
  /** Nothing of it is left. */
  void: boolean
}

/** Interruptions that were written, for the first time or again, in the order of their commits. */
export interface InterruptionBatch {
  topic: 'continuity/interruptions'
  payload: readonly InterruptionMessage[]
}

/** What outages and indicators mean for limits, when it changes. */
export interface ContinuityConditions {
  topic: 'continuity/conditions'
  payload: readonly Condition[]
}

/** An outage that lasts, as it is listed: R$ by what is decided of it so far. Instants are UTC milliseconds. */
export interface ListedOutage {
  /** Whom to restore first, from 1. */
  rank: number
  interruptionId: number
  eventId: number
  elementId: string
  feederId: string | null
  startedAt: number
  unitsOut: number
  customerHours: number
  restoredAt: number
  laterAt: number
  /** Saved by restoring it as estimated and not later, R$. */
  avoidedBrl: number
  /** If it ends as estimated, R$. */
  costBrl: number
  /** Units whose limits or monetary base are not known: no R$ of them is in it. */
  pendingUnits: number
}

/** Whom to restore first, the first ones of all that last. */
export interface OutageList {
  topic: 'continuity/outages'
  payload: readonly ListedOutage[]
}

/** What a month of a unit has come to. Durations are milliseconds. */
export interface UnitIndicators {
  unitId: string
  conjuntoId: string | null
  feederId: string | null
  /** `YYYY-MM`. */
  month: string
  dicMs: number
  fic: number
  dmicMs: number
  /** By event of a critical day, and of a situation of emergency. */
  dicri: readonly { readonly interruptionId: number; readonly ms: number }[]
  dise: readonly { readonly interruptionId: number; readonly ms: number }[]
  /** By name of the parcel: what of it counts there. */
  parcels: Readonly<Record<string, { readonly ms: number; readonly count: number }>>
  /** Which of its limits the unit is above: DIC, FIC, DMIC, DICRI, DISE. */
  violated: readonly string[]
  /** Null: it cannot be said, for what `pending` says is missing. */
  compensationBrl: number | null
  pending: string | null
  /** An interruption lasts: it grows. */
  lasts: boolean
  /** Until when what lasts is counted, UTC milliseconds. */
  at: number
}

/** What a month of a conjunto has come to: customer-milliseconds and customer-interruptions by parcel. */
export interface ConjuntoIndicators {
  conjuntoId: string
  /** `YYYY-MM`. */
  month: string
  /** Consumer units (NUC). */
  units: number
  parcels: Readonly<Record<string, { readonly ms: number; readonly count: number }>>
  /** DEC and FEC as they are compared with the limit, hundredths; null: there are no units. */
  decHundredths: number | null
  fecHundredths: number | null
  /** UTC milliseconds. */
  at: number
}

/** Months that were written, for the first time or again, in the order of their commits. */
export type IndicatorBatch =
  | { topic: 'continuity/units'; payload: readonly UnitIndicators[] }
  | { topic: 'continuity/conjuntos'; payload: readonly ConjuntoIndicators[] }
