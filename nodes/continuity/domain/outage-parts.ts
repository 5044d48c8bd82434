import type { InterruptionFacts, UnitOutage } from './interruption.ts'
import { outagesOf, type Outage, type OutageChoices } from './outages.ts'
import { comparableParcels, criticalParcels, parcelOf, type OnBoth, type Parcel } from './parcels.ts'

const hourMs = 3_600_000

/** A stretch of time, its end not included, UTC milliseconds. */
export interface Span {
  readonly from: number
  readonly until: number
}

/** How what is uncertain in counting is decided: options of these names. */
export interface CountingChoices extends OutageChoices {
  readonly 'continuity-month-crossing': 'split' | 'start-month' | 'end-month'
  readonly 'continuity-event-month-crossing': 'split' | 'start-month' | 'end-month'
  readonly 'continuity-event-duration': 'each-interruption' | 'root-together'
  readonly 'continuity-dicri-programmed': 'counts' | 'left-out'
  readonly 'continuity-critical-day-crossing': 'start' | 'split'
  readonly 'continuity-emergency-on-critical-day': OnBoth
  readonly 'continuity-programmed-warning-hours': number
}

/** What a unit's outages are judged by. */
export interface CountingRules {
  /** The month in the civil time of the unit's conjunto. */
  readonly month: Span
  /** Critical days of the conjunto, in the order of time. */
  readonly criticalDays: readonly Span[]
  /** DICRI and DISE are of units of low and medium voltage (item 181). */
  readonly highVoltage: boolean
  readonly choices: CountingChoices
  /** Until when what lasts is counted, UTC milliseconds. */
  readonly now: number
}

/** A stretch of an outage that is of one interruption and one parcel. */
export interface OutagePart extends Span {
  readonly interruptionId: number
  readonly eventId: number
  readonly parcel: Parcel
  readonly onCriticalDay: boolean
  /** Programmed, of which the consumer was warned, and within the announced window: not in DMIC (item 179). */
  readonly announced: boolean
  /** The first of its outage that counts where it counts: DIC and FIC, DICRI, DISE, or a parcel apart. */
  readonly begins: boolean
  readonly outage: Span
}

/**
 * A unit's outages of three minutes or more, cut where one interruption follows another, and at critical days where the option
 * says so. What is nobody's interruption but the user's own is left out.
 * @param pieces  of one unit, also those of before and after the month that go on in it
 * @param facts   by interruption; pieces of others are left out
 */
export function outageParts(
  unitId: string,
  pieces: readonly UnitOutage[],
  facts: ReadonlyMap<number, InterruptionFacts>,
  rules: CountingRules,
): OutagePart[] {
  const known = pieces.filter(({ interruptionId }) => facts.has(interruptionId))
  return outagesOf(known, rules.now, rules.choices).flatMap((outage) => partsOf(outage, unitId, facts, rules))
}

function partsOf(
  outage: Outage,
  unitId: string,
  facts: ReadonlyMap<number, InterruptionFacts>,
  { criticalDays, choices }: CountingRules,
): OutagePart[] {
  const begun = new Set<string>()
  const parts: OutagePart[] = []
  for (const piece of outage.pieces) {
    const interruption = facts.get(piece.interruptionId)!
    for (const { onCriticalDay, from, until } of cutAtDays(piece, outage, criticalDays, choices)) {
      const parcel = parcelOf(interruption, unitId, onCriticalDay, choices['continuity-emergency-on-critical-day'])
      if (parcel === null) continue
      const where = countsIn(parcel)
      parts.push({
        ...{ interruptionId: piece.interruptionId, eventId: interruption.eventId, parcel, onCriticalDay, from, until },
        announced: wasAnnounced(interruption, piece, choices['continuity-programmed-warning-hours']),
        begins: !begun.has(where),
        outage,
      })
      begun.add(where)
    }
  }
  return parts
}

/** Where a parcel counts: an outage of several parcels is one occurrence in each of these places. */
function countsIn(parcel: Parcel): string {
  if (comparableParcels.includes(parcel)) return 'DIC'
  if (criticalParcels.includes(parcel)) return 'DICRI'
  return parcel.slice(0, 1) === 'X' ? `X${parcel.slice(2)}` : parcel
}

function cutAtDays(
  piece: Span,
  outage: Span,
  criticalDays: readonly Span[],
  choices: CountingChoices,
): (Span & { readonly onCriticalDay: boolean })[] {
  if (choices['continuity-critical-day-crossing'] === 'start')
    return [{ ...piece, onCriticalDay: criticalDays.some((day) => contains(day, outage.from)) }]
  const cuts: (Span & { onCriticalDay: boolean })[] = []
  let at = piece.from
  for (const day of criticalDays) {
    if (day.until <= at || day.from >= piece.until) continue
    if (day.from > at) cuts.push({ from: at, until: day.from, onCriticalDay: false })
    const [from, until] = [Math.max(at, day.from), Math.min(piece.until, day.until)]
    cuts.push({ from, until, onCriticalDay: true })
    at = until
  }
  if (at < piece.until) cuts.push({ from: at, until: piece.until, onCriticalDay: false })
  return cuts
}

export const contains = (span: Span, instant: number): boolean => span.from <= instant && instant < span.until

function wasAnnounced({ programmed, announced, startedAt }: InterruptionFacts, piece: Span, hours: number): boolean {
  if (!programmed || announced === null) return false
  const inTime = announced.warnedAt <= announced.from - hours * hourMs
  return inTime && startedAt >= announced.from && piece.until <= announced.until
}
