import { BreakSteps, type BreakStep } from '../domain/break-steps.ts'
import { outageCases, type OutageCase } from '../domain/outage-course.ts'
import { costCents } from '../domain/outlook.ts'
import type { ServiceCounts } from '../domain/restoration-ranking.ts'
import type { Standing } from '../domain/standing.ts'
import type { Breather } from './breather.ts'
import { coursesOf, UnitCursor, type OpenOutage } from './open-outage.ts'
import type { UnitProfiles } from './unit-profiles.ts'

/** When it is asked what an outage costs: now, restored as estimated, restored later. UTC milliseconds. */
export interface OutageEnds {
  readonly now: number
  readonly restored: number
  readonly later: number
}

/** What an outage costs if it ends now, as estimated, and later: cents. */
export interface CostByEnd {
  readonly now: number
  readonly restored: number
  readonly later: number
}

/** A unit among those that restoring now saves most. */
export interface GreatestUnit {
  readonly unitId: string
  readonly avoidedCents: number
  readonly laterCents: number
}

/** What an outage costs, and what restoring it saves. */
export interface OutageMoney {
  readonly ends: OutageEnds
  /** As what the most of its units count so far. */
  readonly standing: Standing
  /** By what is decided so far, unit by unit. */
  readonly asItStands: CostByEnd
  readonly cases: Readonly<Record<OutageCase, CostByEnd>>
  readonly avoidedCents: number
  /** Units that it costs anything if it ends later. */
  readonly unitsWithCost: number
  /** Units of which limits or the monetary base are not known. */
  readonly pendingUnits: number
  readonly greatest: readonly GreatestUnit[]
}

/** Units that are named of an outage, those with most. */
const mostNamed = 5

/** What an outage costs. */
export async function moneyOf(
  outage: OpenOutage,
  profiles: UnitProfiles,
  ends: OutageEnds,
  breather: Breather,
): Promise<OutageMoney> {
  const cases = { ordinary: sums(), criticalDay: sums(), emergency: sums() }
  const standing = sums()
  const byStanding = new Map<Standing, number>()
  const greatest = new Greatest()
  let [avoidedCents, unitsWithCost, pendingUnits] = [0, 0, outage.unknown]
  const { choices } = profiles.basis
  const growsOnly = ![choices['continuity-month-crossing'], choices['continuity-event-month-crossing']].includes(
    'end-month',
  )
  for (const group of outage.groups) {
    const courses = coursesOf(group, outage.interruption, profiles, ends.now)
    const month = group.calendar.monthOf(ends.now)
    const cursor = new UnitCursor(profiles, group)
    byStanding.set(group.standing, (byStanding.get(group.standing) ?? 0) + group.units.length)
    for (let index = 0; index < group.units.length; index++) {
      if (breather.isDue) await breather.rest()
      const unit = cursor.moveTo(index)
      if (unit.terms(month) === null) {
        pendingUnits++
        continue
      }
      for (const outageCase of outageCases) {
        const course = courses[outageCase]
        const later = costCents(unit, course, ends.later)
        // Most units are far from their limits: what costs nothing later costs nothing sooner.
        if (later === 0 && growsOnly) continue
        const now = costCents(unit, course, ends.now)
        const restored = costCents(unit, course, ends.restored)
        add(cases[outageCase], now, restored, later)
        if (outageCase !== group.standing) continue
        add(standing, now, restored, later)
        // No order of work is drawn from money that waiting would save: an outage may cost less in the month that comes.
        const avoided = Math.max(0, later - restored)
        avoidedCents += avoided
        if (later > 0) unitsWithCost++
        if (avoided > 0 || later > 0) greatest.offer(group.units[index]!, avoided, later)
      }
    }
  }
  return {
    ...{ ends, standing: mostOf(byStanding), asItStands: standing, cases },
    ...{ avoidedCents, unitsWithCost, pendingUnits },
    greatest: greatest.named(profiles),
  }
}

/** When the units of an outage break their limits if it goes on, in each case. */
export async function stepsOf(
  outage: OpenOutage,
  profiles: UnitProfiles,
  now: number,
  breather: Breather,
): Promise<Readonly<Record<OutageCase, readonly BreakStep[]>>> {
  const steps = { ordinary: new BreakSteps(), criticalDay: new BreakSteps(), emergency: new BreakSteps() }
  for (const group of outage.groups) {
    const courses = coursesOf(group, outage.interruption, profiles, now)
    const cursor = new UnitCursor(profiles, group)
    for (let index = 0; index < group.units.length; index++) {
      if (breather.isDue) await breather.rest()
      const unit = cursor.moveTo(index)
      for (const outageCase of outageCases) steps[outageCase].add(unit, courses[outageCase])
    }
  }
  return Object.fromEntries(outageCases.map((one) => [one, steps[one].sorted()])) as Record<OutageCase, BreakStep[]>
}

/** What is listed of an outage that lasts. */
export interface OutageOutlook extends OutageMoney {
  readonly outage: OpenOutage
  readonly unitsOut: number
  readonly services: ServiceCounts
  /** Null until they are found, some tenths of a second after the money. */
  readonly steps: Readonly<Record<OutageCase, readonly BreakStep[]>> | null
}

const sums = () => ({ now: 0, restored: 0, later: 0 })

function add(sum: ReturnType<typeof sums>, now: number, restored: number, later: number): void {
  sum.now += now
  sum.restored += restored
  sum.later += later
}

const mostOf = (units: ReadonlyMap<Standing, number>): Standing =>
  [...units].reduce((most, one) => (one[1] > most[1] ? one : most), ['ordinary', 0] as const)[0] as Standing

/** The units with most, of very many. */
class Greatest {
  #units: { number: number; avoided: number; later: number }[] = []

  offer(number: number, avoided: number, later: number): void {
    const last = this.#units[mostNamed - 1]
    if (last && (avoided < last.avoided || (avoided === last.avoided && later <= last.later))) return
    this.#units.push({ number, avoided, later })
    this.#units.sort((a, b) => b.avoided - a.avoided || b.later - a.later || a.number - b.number)
    this.#units.length = Math.min(this.#units.length, mostNamed)
  }

  named(profiles: UnitProfiles): GreatestUnit[] {
    return this.#units.map(({ number, avoided, later }) => ({
      ...{ unitId: profiles.unitIdOf(number), avoidedCents: avoided, laterCents: later },
    }))
  }
}
