import type { CompensationBasis, MonthIndicators } from '../domain/compensation.ts'
import { explainedCost, type ExplainedCost } from '../domain/explained-cost.ts'
import type { IndividualLimits } from '../domain/individual-limits.ts'
import type { OutageCase } from '../domain/outage-course.ts'
import { breakableLimits, breakOf, costCents, type BreakableLimit } from '../domain/outlook.ts'
import type { PriorityService } from '../domain/restoration-policy.ts'
import type { Standing } from '../domain/standing.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import { coursesOf, UnitCursor, type OpenOutage, type UnitGroup } from './open-outage.ts'
import type { CostByEnd, OutageEnds } from './outage-money.ts'
import type { UnitProfiles } from './unit-profiles.ts'

/** A unit that is out, with what it brings along and what its outage does. */
export interface UnitOutlook {
  readonly unitId: string
  readonly conjuntoId: string | null
  readonly since: number
  readonly service: PriorityService | null
  readonly standing: Standing
  readonly voltageClass: VoltageClass
  readonly limits: IndividualLimits | null
  readonly vrcBrl: number | null
  /** What the month had come to before the outage. */
  readonly before: MonthIndicators
  /** When the outage breaks which limit if it goes on, as it stands; those that it does not are missing. UTC milliseconds. */
  readonly breaks: Readonly<Partial<Record<BreakableLimit, number>>>
  /** As it stands, cents; null where limits or the monetary base are not known. */
  readonly cost: CostByEnd | null
  readonly avoidedCents: number
}

/**
 * Units of an outage by their place among the profiles.
 * @param after  the unit before the first; undefined: from the beginning
 */
export function unitsOfOutage(
  outage: OpenOutage,
  profiles: UnitProfiles,
  ends: OutageEnds,
  after: string | undefined,
  most: number,
): UnitOutlook[] {
  const first = after === undefined ? 0 : (profiles.numberOf(after) ?? profiles.size) + 1
  const places = outage.groups.flatMap((group) => placesIn(group, first, most))
  places.sort((a, b) => a.number - b.number)
  return places.slice(0, most).map(({ group, index }) => unitOutlook(outage, group, index, profiles, ends))
}

function placesIn(group: UnitGroup, first: number, most: number) {
  const found: { group: UnitGroup; index: number; number: number }[] = []
  // They stand in the order of their numbers.
  for (let index = lowerBound(group.units, first); index < group.units.length && found.length < most; index++)
    found.push({ group, index, number: group.units[index]! })
  return found
}

function lowerBound(numbers: Int32Array, first: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! < first) low = middle + 1
    else high = middle
  }
  return low
}

function unitOutlook(
  outage: OpenOutage,
  group: UnitGroup,
  index: number,
  profiles: UnitProfiles,
  ends: OutageEnds,
): UnitOutlook {
  const { standing, from, calendar } = group
  const number = group.units[index]!
  const unit = new UnitCursor(profiles, group).moveTo(index)
  const month = calendar.monthOf(ends.now)
  const course =
    standing === 'uncounted' ? undefined : coursesOf(group, outage.interruption, profiles, ends.now)[standing]
  const priced = course !== undefined && unit.terms(month) !== null
  const breaks = breakableLimits.flatMap((limit) => {
    const at = priced ? breakOf(unit, course, limit) : undefined
    return at === undefined ? [] : [[limit, at] as const]
  })
  const cost = priced
    ? {
        now: costCents(unit, course, ends.now),
        restored: costCents(unit, course, ends.restored),
        later: costCents(unit, course, ends.later),
      }
    : standing === 'uncounted'
      ? { now: 0, restored: 0, later: 0 }
      : null
  return {
    unitId: profiles.unitIdOf(number),
    conjuntoId: profiles.basis.conjuntos[group.conjunto]?.conjuntoId ?? null,
    ...{ since: from, service: profiles.serviceOf(number) ?? null, standing },
    ...{ voltageClass: profiles.classOf(number), limits: profiles.limitsOf(number), vrcBrl: profiles.vrcOf(number) },
    ...{ before: unit.before(month), breaks: Object.fromEntries(breaks), cost },
    avoidedCents: cost ? Math.max(0, cost.later - cost.restored) : 0,
  }
}

/** What a unit's outage costs in one case if it ends at `end`, with all its reasons; null where that is not known. */
export function explainedUnit(
  outage: OpenOutage,
  profiles: UnitProfiles,
  unitId: string,
  outageCase: OutageCase,
  now: number,
  end: number,
): ExplainedCost | null {
  const number = profiles.numberOf(unitId)
  for (const group of outage.groups) {
    const index = number === undefined ? -1 : group.units.indexOf(number)
    if (index < 0) continue
    const [limits, vrcBrl] = [profiles.limitsOf(number!), profiles.vrcOf(number!)]
    if (!limits || vrcBrl === null) return null
    const basis: Omit<CompensationBasis, 'month'> = {
      ...{ limits, vrcBrl, voltageClass: profiles.classOf(number!), choices: profiles.basis.choices },
    }
    const course = coursesOf(group, outage.interruption, profiles, now)[outageCase]
    const unit = new UnitCursor(profiles, group).moveTo(index)
    return explainedCost(unit, basis, course, outage.interruption.interruptionId, end)
  }
  return null
}
