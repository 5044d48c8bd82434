import type { CompensationTerms } from '../domain/compensation.ts'
import { courseOf, outageCases, type OutageCase, type OutageCourse } from '../domain/outage-course.ts'
import type { OutageUnit } from '../domain/outlook.ts'
import type { PriorityService } from '../domain/restoration-policy.ts'
import type { ServiceCounts } from '../domain/restoration-ranking.ts'
import { standingOf, type Standing } from '../domain/standing.ts'
import type { Breather } from './breather.ts'
import { calendarIn, type CivilCalendar } from './civil-calendar.ts'
import type { ListedInterruption, UnitsOut } from './outage-repository.ts'
import type { UnitProfiles } from './unit-profiles.ts'

/** Units of an open interruption whose outage began together, and is counted alike. */
export interface UnitGroup {
  readonly from: number
  /** Among those of the profiles; -1: none. */
  readonly conjunto: number
  readonly calendar: CivilCalendar
  readonly standing: Standing
  /** Their numbers among the profiles, in their order. */
  readonly units: Int32Array
  /** By month, in the order of `units`; made when first asked for. */
  readonly terms: Map<string, (CompensationTerms | null | undefined)[]>
}

/** An interruption that lasts, and who is out in it. */
export interface OpenOutage {
  readonly interruption: ListedInterruption
  readonly groups: readonly UnitGroup[]
  readonly unitsOut: number
  /** Of them, those that the profiles do not know yet. */
  readonly unknown: number
  readonly services: ServiceCounts
}

interface GatheredUnits {
  readonly from: number
  readonly conjunto: number
  readonly standing: Standing
  readonly units: number[]
}

/** @param timeZone  of units without a conjunto, and of conjuntos that have none */
export async function openOutage(
  interruption: ListedInterruption,
  unitsOut: readonly UnitsOut[],
  profiles: UnitProfiles,
  timeZone: string,
  breather: Breather,
): Promise<OpenOutage> {
  const gathered = new Map<string, GatheredUnits>()
  const services: Record<PriorityService, number> = { safety: 0, life_support: 0, essential: 0 }
  const named = new Set(interruption.exclusions.flatMap(({ unitId }) => unitId ?? []))
  let [all, unknown] = [0, 0]
  const standing = standingBy(interruption, profiles, timeZone)
  for (const { from, unitIds } of unitsOut) {
    // Of units without an exclusion of their own; by conjunto.
    const common = new Map<number, GatheredUnits>()
    for (const unitId of unitIds) {
      if (breather.isDue) await breather.rest()
      all++
      const number = profiles.numberOf(unitId)
      if (number === undefined) {
        unknown++
        continue
      }
      const service = profiles.serviceOf(number)
      if (service) services[service]++
      const conjunto = profiles.conjuntoOf(number)
      const isNamed = named.has(unitId)
      let group = isNamed ? undefined : common.get(conjunto)
      if (!group) {
        const its = standing(unitId, conjunto, from)
        const key = `${from} ${conjunto} ${its}`
        group = gathered.get(key) ?? { from, conjunto, standing: its, units: [] }
        gathered.set(key, group)
        if (!isNamed) common.set(conjunto, group)
      }
      group.units.push(number)
    }
  }
  const groups = [...gathered.values()].map(({ units, ...group }) => ({
    ...{ ...group, calendar: calendarOf(profiles, group.conjunto, timeZone) },
    ...{ units: Int32Array.from(units).sort(), terms: new Map() },
  }))
  return { interruption, groups, unitsOut: all, unknown, services }
}

export const calendarOf = ({ basis }: UnitProfiles, conjunto: number, timeZone: string): CivilCalendar =>
  calendarIn(basis.conjuntos[conjunto]?.timeZone ?? timeZone)

function standingBy(interruption: ListedInterruption, profiles: UnitProfiles, timeZone: string) {
  const { conjuntos, choices } = profiles.basis
  return (unitId: string, conjunto: number, from: number): Standing => {
    const day = calendarOf(profiles, conjunto, timeZone).days.dayOf(from)
    const onCriticalDay = conjuntos[conjunto]?.criticalDays.includes(day) ?? false
    return standingOf(interruption, unitId, onCriticalDay, choices['continuity-emergency-on-critical-day'])
  }
}

const hourMs = 3_600_000

/** How the outage of a group will be counted, in each case. */
export function coursesOf(
  { from, calendar }: UnitGroup,
  { startedAt, programmed, announced }: ListedInterruption,
  profiles: UnitProfiles,
  now: number,
): Readonly<Record<OutageCase, OutageCourse>> {
  const { choices } = profiles.basis
  const inTime =
    programmed &&
    announced !== null &&
    startedAt >= announced.from &&
    announced.warnedAt <= announced.from - choices['continuity-programmed-warning-hours'] * hourMs
  const outage = { from, announcedUntil: inTime ? announced.until : null }
  const [months, day] = [calendar.monthsFrom(from, now), calendar.dayAt(from)]
  const course = (outageCase: OutageCase): OutageCourse =>
    courseOf(outage, outageCase, months, calendar.monthOf(now), day, choices)
  return Object.fromEntries(outageCases.map((one) => [one, course(one)])) as Record<OutageCase, OutageCourse>
}

/** One unit of a group after the other, as money is asked for: nothing is made for each. */
export class UnitCursor implements OutageUnit {
  readonly #profiles: UnitProfiles
  readonly #group: UnitGroup
  #index = 0

  constructor(profiles: UnitProfiles, group: UnitGroup) {
    this.#profiles = profiles
    this.#group = group
  }

  /** From now on it is this unit of the group. */
  moveTo(index: number): this {
    this.#index = index
    return this
  }

  before(month: string) {
    return this.#profiles.beforeOf(this.#group.units[this.#index]!, month)
  }

  terms(month: string): CompensationTerms | null {
    const { terms, units } = this.#group
    let ofMonth = terms.get(month)
    if (!ofMonth) terms.set(month, (ofMonth = []))
    const found = ofMonth[this.#index]
    if (found !== undefined) return found
    return (ofMonth[this.#index] = this.#profiles.termsOf(units[this.#index]!, month))
  }
}
