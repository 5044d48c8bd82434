import { regulationChoices } from '../../../platform/regulation/options.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { ExclusionReason } from '../domain/exclusions.ts'
import { countedIn, unitMonthOf } from '../domain/individual.ts'
import { outageParts, type Span } from '../domain/outage-parts.ts'
import type { Parcel } from '../domain/parcels.ts'
import { violatedLimits } from '../domain/violations.ts'
import { judgedOutages } from './judged-outages.ts'
import { dueIn, type ComputedMonth } from './unit-months.ts'

/** A stretch without supply, and what becomes of it in a month. Instants are UTC milliseconds. */
export interface AccountedPart {
  readonly interruptionId: number
  readonly eventId: number
  readonly from: number
  /** Null: it lasts. */
  readonly until: number | null
  /** Null: it counts nowhere. */
  readonly parcel: Parcel | null
  /** What counts of it in the month. */
  readonly durationMs: number
  /** Whether it is an occurrence of the month. */
  readonly counts: boolean
  readonly announced: boolean
  readonly onCriticalDay: boolean
  /** Why it is left out of DIC and FIC. */
  readonly exclusions: readonly ExclusionReason[]
}

/** A unit's month with what it is made up of. */
export interface UnitAccount extends ComputedMonth {
  readonly violated: readonly string[]
  readonly parts: readonly AccountedPart[]
}

/**
 * A unit's month as of `now` (UTC milliseconds), with all its outages that touch the month, also those that do not count.
 * Undefined where there is no such unit.
 * @throws RangeError for what is no month
 */
export async function unitAccount(
  queries: Queries,
  unitId: string,
  month: string,
  now: number,
): Promise<UnitAccount | undefined> {
  const choices = await regulationChoices(queries)
  const { units, facts } = await judgedOutages(queries, { month, unitIds: [unitId] }, choices, now)
  const [unit] = units
  if (!unit) return undefined
  const { rules, outages, conjuntoId, voltageClass, area, limits } = unit
  const parts = outageParts(unitId, outages, facts, rules)
  const unitMonth = unitMonthOf(unitId, parts, rules)
  const counted = countedIn(parts, rules)
  const lasting = new Set(outages.flatMap(({ interruptionId, until }) => (until === null ? interruptionId : [])))
  const exclusionsOf = (interruptionId: number): ExclusionReason[] =>
    (facts.get(interruptionId)?.exclusions ?? [])
      .filter((exclusion) => exclusion.unitId === null || exclusion.unitId === unitId)
      .map(({ reason }) => reason)
  const touches = ({ from, until }: Span): boolean => from < rules.month.until && until > rules.month.from
  const uncounted = outages.flatMap(({ interruptionId, from, until }): AccountedPart[] => {
    const isCounted = counted.some(
      (part) => part.interruptionId === interruptionId && part.from >= from && part.until <= (until ?? now),
    )
    const known = facts.get(interruptionId)
    if (isCounted || !known || !touches({ from, until: until ?? now })) return []
    return [
      {
        ...{ interruptionId, eventId: known.eventId, from, until, parcel: null, durationMs: 0, counts: false },
        ...{ announced: false, onCriticalDay: false, exclusions: exclusionsOf(interruptionId) },
      },
    ]
  })
  return {
    ...{ ...unitMonth, conjuntoId, voltageClass, area, limits, month, ...dueIn(unit, month, unitMonth, choices) },
    lasts: now < rules.month.until && lasting.size > 0,
    violated: limits ? violatedLimits(unitMonth, limits) : [],
    parts: [
      ...counted.map(
        ({ interruptionId, eventId, from, until, parcel, durationMs, counts, announced, onCriticalDay }) => ({
          ...{ interruptionId, eventId, from, parcel, durationMs, counts, announced, onCriticalDay },
          until: lasting.has(interruptionId) && until === now ? null : until,
          exclusions: exclusionsOf(interruptionId),
        }),
      ),
      ...uncounted,
    ].sort((one, other) => one.from - other.from),
  }
}
