import { exclusionRules, type ExclusionReason } from './exclusions.ts'
import { countedIn } from './individual.ts'
import type { InterruptionFacts, UnitOutage } from './interruption.ts'
import { contains, outageParts, type CountingRules, type Span } from './outage-parts.ts'
import { outagesOf } from './outages.ts'
import type { ReportedReason } from './official-interruption.ts'
import type { Parcel } from './parcels.ts'

/** A stretch without supply of one unit, as it is reported of the month: with its true beginning and end. */
export interface ReportedPart extends Span {
  readonly interruptionId: number
  readonly reason: ReportedReason
}

/** What an emergency rests on, by interruption. */
export type EmergencyBases = ReadonlyMap<number, 'decree' | 'chi'>

/**
 * What is reported of one unit for the month: what counts in it, by the same options as its indicators, and what is the user's
 * own matter. What lasts is not reported yet.
 */
export function reportedParts(
  unitId: string,
  pieces: readonly UnitOutage[],
  facts: ReadonlyMap<number, InterruptionFacts>,
  rules: CountingRules,
  bases: EmergencyBases,
): ReportedPart[] {
  const open = new Set(pieces.filter(({ until }) => until === null).map(({ interruptionId }) => interruptionId))
  const counted = countedIn(outageParts(unitId, pieces, facts, rules), rules).map(
    ({ interruptionId, parcel, from, until }) => ({
      ...{ interruptionId, from, until },
      reason: reasonOf(parcel, facts.get(interruptionId)!, unitId, bases),
    }),
  )
  return [...counted, ...ownMatters(unitId, pieces, facts, rules)].filter(
    ({ interruptionId }) => !open.has(interruptionId),
  )
}

/** What is nobody's interruption but the user's own (item 178 a, b, d): in no parcel, and reported with its reason. */
function ownMatters(
  unitId: string,
  pieces: readonly UnitOutage[],
  facts: ReadonlyMap<number, InterruptionFacts>,
  { month, choices, now }: CountingRules,
): ReportedPart[] {
  const own = pieces.filter(({ interruptionId }) => ownReason(facts.get(interruptionId), unitId) !== undefined)
  const atEnd = choices['continuity-month-crossing'] === 'end-month'
  const isHere = ({ from, until }: Span): boolean =>
    choices['continuity-month-crossing'] === 'split'
      ? from < month.until && until > month.from
      : contains(month, atEnd ? until - 1 : from)
  return outagesOf(own, now, choices)
    .flatMap((outage) => outage.pieces)
    .filter(isHere)
    .map(({ interruptionId, from, until }) => ({
      ...{ interruptionId, from, until, reason: ownReason(facts.get(interruptionId), unitId)! },
    }))
}

function ownReason(facts: InterruptionFacts | undefined, unitId: string): ReportedReason | undefined {
  const reasons = facts ? reasonsFor(facts, unitId) : []
  return reasons.find((reason) => exclusionRules[reason].parcel === 'none') as ReportedReason | undefined
}

const reasonsFor = ({ exclusions }: InterruptionFacts, of: string): ExclusionReason[] =>
  exclusions.filter(({ unitId }) => unitId === null || unitId === of).map(({ reason }) => reason)

function reasonOf(parcel: Parcel, facts: InterruptionFacts, unitId: string, bases: EmergencyBases): ReportedReason {
  switch (parcel) {
    case 'IP':
    case 'IND':
      return 'none'
    case 'IPC':
    case 'INC':
      return 'critical-day'
    case 'INE':
      return bases.get(facts.interruptionId) === 'chi' ? 'emergency-chi' : 'emergency-decree'
    case 'INO':
      return reasonsFor(facts, unitId).includes('load-shedding') ? 'load-shedding' : 'rationing'
    case 'XP':
    case 'XN':
    case 'XPC':
    case 'XNC':
      return 'external-origin'
  }
}
