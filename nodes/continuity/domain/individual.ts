import type { InterruptionFacts } from './interruption.ts'
import { comparableParcels, parcelOf, type Parcel } from './parcels.ts'

/** A unit's time without supply within one month, once it is decided what of it belongs there. */
export interface CountedOutage {
  readonly unitId: string
  readonly interruption: InterruptionFacts
  /** What counts of it in the month, ms. */
  readonly durationMs: number
  /** Whether its beginning counts in the month: one interruption of FIC. */
  readonly begins: boolean
  readonly onCriticalDay: boolean
  /** UTC milliseconds; null: it lasts. */
  readonly from: number
  readonly until: number | null
}

/** Customer time and count of one parcel. */
export interface ParcelShare {
  readonly ms: number
  readonly count: number
}

/** What a month came to for one unit. Durations are milliseconds: hours are made of them at the edge. */
export interface UnitMonth {
  readonly unitId: string
  readonly dicMs: number
  readonly fic: number
  readonly dmicMs: number
  /** By event of a critical day. */
  readonly dicri: readonly EventDuration[]
  /** By event of a situation of emergency. */
  readonly dise: readonly EventDuration[]
  readonly parcels: Readonly<Partial<Record<Parcel, ParcelShare>>>
}

export interface EventDuration {
  readonly interruptionId: number
  readonly ms: number
}

/**
 * DIC, FIC, DMIC, DICRI and DISE of one unit and month, and its parcels of DEC and FEC (PRODIST Módulo 8 v14, items 173 to
 * 181). What was shorter than three minutes must have been left out before (item 177).
 */
export function unitMonthOf(unitId: string, outages: readonly CountedOutage[]): UnitMonth {
  const shares = new Map<Parcel, { ms: number; count: number }>()
  const longest = { ms: 0 }
  const events = { dicri: [] as EventDuration[], dise: [] as EventDuration[] }
  for (const outage of outages) {
    const parcel = parcelOf(outage.interruption, unitId, outage.onCriticalDay)
    if (parcel === null) continue
    const share = shares.get(parcel) ?? { ms: 0, count: 0 }
    shares.set(parcel, { ms: share.ms + outage.durationMs, count: share.count + (outage.begins ? 1 : 0) })
    const event = { interruptionId: outage.interruption.interruptionId, ms: outage.durationMs }
    if (parcel === 'INE') events.dise.push(event)
    if (parcel === 'INC' || parcel === 'IPC') events.dicri.push(event)
    if (comparableParcels.includes(parcel) && !wasAnnounced(outage)) longest.ms = Math.max(longest.ms, event.ms)
  }
  const counted = comparableParcels.map((parcel) => shares.get(parcel) ?? { ms: 0, count: 0 })
  return {
    unitId,
    dicMs: counted.reduce((sum, { ms }) => sum + ms, 0),
    fic: counted.reduce((sum, { count }) => sum + count, 0),
    dmicMs: longest.ms,
    ...events,
    parcels: Object.fromEntries(shares),
  }
}

/** Programmed, of which the consumer was warned, and within the announced window: not in DMIC (item 179). */
const wasAnnounced = ({ interruption: { programmed, announced, startedAt }, until }: CountedOutage): boolean =>
  programmed &&
  announced !== null &&
  announced.warnedAt < announced.from &&
  startedAt >= announced.from &&
  until !== null &&
  until <= announced.until
