import { contains, type CountingRules, type OutagePart, type Span } from './outage-parts.ts'
import { comparableParcels, criticalParcels, type Parcel } from './parcels.ts'

/** Customer time and count of one parcel. */
export interface ParcelShare {
  readonly ms: number
  readonly count: number
}
export type ParcelShares = Readonly<Partial<Record<Parcel, ParcelShare>>>

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
  readonly parcels: ParcelShares
}

/** An event, named by its first interruption. */
export interface EventDuration {
  readonly interruptionId: number
  readonly ms: number
}

/** A part of an outage, and what of it is of the month. */
export interface CountedPart extends OutagePart {
  readonly durationMs: number
  /** Whether it is an occurrence of the month: one of FIC. */
  readonly counts: boolean
}

/** What of outages counts in the month, by the option `continuity-month-crossing`. */
export function countedIn(parts: readonly OutagePart[], { month, choices }: CountingRules): CountedPart[] {
  const crossing = choices['continuity-month-crossing']
  return parts.flatMap((part) => {
    const whole = { ...part, durationMs: part.until - part.from, counts: part.begins }
    if (crossing === 'start-month') return contains(month, part.outage.from) ? [whole] : []
    if (crossing === 'end-month') return contains(month, part.outage.until - 1) ? [whole] : []
    const durationMs = overlapMs(part, month)
    return durationMs > 0 ? [{ ...part, durationMs, counts: part.begins && contains(month, part.from) }] : []
  })
}

const overlapMs = (a: Span, b: Span): number => Math.max(0, Math.min(a.until, b.until) - Math.max(a.from, b.from))

/**
 * DIC, FIC, DMIC, DICRI and DISE of one unit and month, and its parcels of DEC and FEC (PRODIST Módulo 8 v14, items 173 to
 * 181).
 * @param parts  of the unit's outages: of `outageParts`
 */
export function unitMonthOf(unitId: string, parts: readonly OutagePart[], rules: CountingRules): UnitMonth {
  const shares: Partial<Record<Parcel, { ms: number; count: number }>> = {}
  const [longest, unannounced] = [{ ms: 0 }, { of: undefined as Span | undefined, ms: 0 }]
  for (const { parcel, durationMs, counts, announced, outage } of countedIn(parts, rules)) {
    const share = (shares[parcel] ??= { ms: 0, count: 0 })
    share.ms += durationMs
    if (counts) share.count++
    if (announced || !comparableParcels.includes(parcel)) continue
    if (unannounced.of !== outage) Object.assign(unannounced, { of: outage, ms: 0 })
    unannounced.ms += durationMs
    longest.ms = Math.max(longest.ms, unannounced.ms)
  }
  const counted = comparableParcels.map((parcel) => shares[parcel] ?? { ms: 0, count: 0 })
  return {
    unitId,
    dicMs: counted.reduce((sum, { ms }) => sum + ms, 0),
    fic: counted.reduce((sum, { count }) => sum + count, 0),
    dmicMs: longest.ms,
    ...eventsOf(parts, rules),
    parcels: shares,
  }
}

const withoutProgrammed: readonly Parcel[] = ['INC']

/** DICRI and DISE by event (items 180, 180-A and 181). */
function eventsOf(parts: readonly OutagePart[], rules: CountingRules): Pick<UnitMonth, 'dicri' | 'dise'> {
  if (rules.highVoltage) return { dicri: [], dise: [] }
  const ofDays = rules.choices['continuity-dicri-programmed'] === 'counts' ? criticalParcels : withoutProgrammed
  return {
    dicri: durationsOf(
      parts.filter(({ parcel }) => ofDays.includes(parcel)),
      rules,
    ),
    dise: durationsOf(
      parts.filter(({ parcel }) => parcel === 'INE'),
      rules,
    ),
  }
}

function durationsOf(parts: readonly OutagePart[], { month, choices }: CountingRules): EventDuration[] {
  const together = choices['continuity-event-duration'] === 'root-together'
  const events = new Map<Span | number, { interruptionId: number; ms: number; from: number; until: number }>()
  const crossing = choices['continuity-event-month-crossing']
  for (const part of parts) {
    const ms = crossing === 'split' ? overlapMs(part, month) : part.until - part.from
    if (ms === 0) continue
    const event = events.get(together ? part.eventId : part.outage)
    if (event) Object.assign(event, { ms: event.ms + ms, until: part.until })
    else events.set(together ? part.eventId : part.outage, { ...part, ms })
  }
  return [...events.values()]
    .filter(({ from, until }) => {
      if (crossing === 'split') return true
      return contains(month, crossing === 'start-month' ? from : until - 1)
    })
    .map(({ interruptionId, ms }) => ({ interruptionId, ms }))
}
