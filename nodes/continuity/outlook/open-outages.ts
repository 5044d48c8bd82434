import type { Queries } from '../../../platform/storage/queries.ts'
import { judgeCustomerHours } from '../domain/emergency-situation.ts'
import type { RestorationPolicy } from '../domain/restoration-policy.ts'
import type { CivilMonth } from '../domain/outage-course.ts'
import { rankOutages, tierOf } from '../domain/restoration-ranking.ts'
import { leastOutageMs } from '../domain/outages.ts'
import { lastChange } from '../interruptions/change-repository.ts'
import type { Breather } from './breather.ts'
import { calendarIn } from './civil-calendar.ts'
import { monthsAround } from './load-profiles.ts'
import { monthsBefore, type UnitOut } from './months-before.ts'
import { calendarOf, openOutage, type OpenOutage } from './open-outage.ts'
import { moneyOf, stepsOf, type OutageMoney, type OutageOutlook } from './outage-money.ts'
import {
  customerTimes,
  interruptionsChangedAfter,
  interruptionsSince,
  unitsOut,
  type CustomerTime,
  type ListedInterruption,
} from './outage-repository.ts'
import { customerHoursOf, type EndedInterruption, type EventChi, type Outlook } from './outlook.ts'
import type { RestorationEstimate } from './policy-repository.ts'
import { lastChanges, lastIndicatorChange, monthsChangedAfter } from './profile-repository.ts'
import type { UnitProfiles } from './unit-profiles.ts'

/** What ended is shown so long. */
const endedShownMs = 3_600_000
/** Units whose months are computed at a time. */
const chunk = 2_000
const minuteMs = 60_000

interface Kept {
  readonly outage: OpenOutage
  money?: OutageMoney
  steps?: OutageOutlook['steps']
  /** What its steps were found for. */
  stepsOf?: string | undefined
  estimate?: RestorationEstimate | undefined
}

/** The interruptions that last, with all that their money is computed from. */
export class OpenOutages {
  readonly #timeZone: string
  #profiles: UnitProfiles | undefined
  /** Those that open outages have the numbers of their units from. */
  #numbering: UnitProfiles | undefined
  /** Undefined: nothing has been taken yet. */
  #position: number | undefined
  #indicatorChange = 0
  #open = new Map<number, Kept>()
  #ended = new Map<number, EndedInterruption>()
  #events = new Map<number, readonly CustomerTime[]>()
  /** Units that were out when they were read: what their month had come to before has to be computed. */
  #unsettled = new Map<string, UnitOut>()
  /** Of these it was known by profiles before, and may have changed meanwhile. */
  #againUnsettled = new Map<string, UnitOut>()

  constructor(timeZone: string) {
    this.#timeZone = timeZone
  }

  /** From now on by these profiles: everything is taken again. */
  use(profiles: UnitProfiles): void {
    if (this.#profiles) for (const { unitId } of this.#unitsOut()) profiles.takeOver(unitId, this.#profiles)
    this.#profiles = profiles
    this.#indicatorChange = profiles.basis.indicatorChange
    this.forget()
  }

  get profiles(): UnitProfiles | undefined {
    return this.#profiles
  }

  get settlesAgain(): number {
    return this.#againUnsettled.size
  }

  /** Units that are out, of which it is not known yet what the month had come to before. */
  get unsettled(): number {
    return this.#unsettled.size
  }

  forget(): void {
    this.#position = undefined
  }

  /** Whether anything was written since the last time. */
  async isBehind(queries: Queries): Promise<boolean> {
    if (this.#position === undefined) return true
    const { changed, indicatorChange } = await lastChanges(queries)
    return changed !== this.#position || indicatorChange !== this.#indicatorChange
  }

  /**
   * Takes what was written since the last time, in a transaction of one instant.
   * @returns whether interruptions were
   */
  async take(queries: Queries, now: number, breather: Breather): Promise<boolean> {
    const profiles = this.#profiles
    if (!profiles) return false
    await this.#takeMonths(queries, profiles)
    const position = await lastChange(queries)
    if (position === this.#position) return false
    if (this.#position === undefined) await this.#takeAll(queries, profiles, now, breather)
    else
      for (const interruption of await interruptionsChangedAfter(queries, this.#position))
        await this.#takeOne(queries, profiles, interruption, breather)
    await this.#takeTimes(queries)
    this.#position = position
    return true
  }

  /** What months have come to meanwhile: what lasts is priced by it when it is refreshed. */
  async #takeMonths(queries: Queries, profiles: UnitProfiles): Promise<void> {
    const change = await lastIndicatorChange(queries)
    if (change === this.#indicatorChange) return
    profiles.takeMonths(await monthsChangedAfter(queries, monthsAround(profiles.basis.month), this.#indicatorChange))
    this.#indicatorChange = change
  }

  async #takeAll(queries: Queries, profiles: UnitProfiles, now: number, breather: Breather): Promise<void> {
    const known = new Map<string, number>()
    for (const { unitId, from } of this.#unitsOut()) if (!this.#unsettled.has(unitId)) known.set(unitId, from)
    this.#open.clear()
    this.#ended.clear()
    this.#events.clear()
    this.#unsettled.clear()
    this.#againUnsettled.clear()
    this.#numbering = profiles
    for (const interruption of await interruptionsSince(queries, now - endedShownMs))
      await this.#takeOne(queries, profiles, interruption, breather)
    for (const unit of this.#unitsOut()) {
      const to = known.get(unit.unitId) === unit.from ? this.#againUnsettled : this.#unsettled
      to.set(unit.unitId, unit)
    }
  }

  /** Units that are out, and since when: joined with what their outage continues. Those without a profile are missing. */
  *#unitsOut(): Iterable<UnitOut> {
    for (const { outage } of this.#open.values())
      for (const { from, units } of outage.groups)
        for (const number of units) yield { unitId: this.#numbering!.unitIdOf(number), from }
  }

  async #takeOne(
    queries: Queries,
    profiles: UnitProfiles,
    interruption: ListedInterruption,
    breather: Breather,
  ): Promise<void> {
    const { interruptionId, endedAt } = interruption
    this.#events.delete(interruption.eventId)
    this.#open.delete(interruptionId)
    this.#ended.delete(interruptionId)
    if (interruption.void) return
    if (endedAt !== null) return void this.#ended.set(interruptionId, { ...interruption, endedAt, customerHours: 0 })
    const out = await unitsOut(queries, interruption, joinsAcross(profiles))
    const outage = await openOutage(interruption, out, profiles, this.#timeZone, breather)
    this.#open.set(interruptionId, { outage })
  }

  async #takeTimes(queries: Queries): Promise<void> {
    const all = [...[...this.#open.values()].map(({ outage }) => outage.interruption), ...this.#ended.values()]
    const asked = new Set(all.map(({ eventId }) => eventId))
    for (const eventId of this.#events.keys()) if (!asked.has(eventId)) this.#events.delete(eventId)
    const missing = [...asked].filter((eventId) => !this.#events.has(eventId))
    if (missing.length === 0) return
    for (const eventId of missing) this.#events.set(eventId, [])
    for (const time of await customerTimes(queries, missing))
      this.#events.set(time.eventId, [...this.#events.get(time.eventId)!, time])
  }

  /**
   * What outages cost if they end now, as estimated, or later.
   * @param which  all of them, or those of which it is not known yet
   */
  async price(
    which: 'all' | 'new',
    now: number,
    policy: RestorationPolicy,
    estimates: ReadonlyMap<number, RestorationEstimate>,
    breather: Breather,
  ): Promise<void> {
    if (!this.#profiles) return
    for (const [interruptionId, kept] of this.#open) {
      if (which === 'new' && kept.money) continue
      const estimate = estimates.get(interruptionId)
      // What should have ended by now is as uncertain as what nobody has estimated.
      kept.estimate = estimate && estimate.restoredBy > now ? estimate : undefined
      const restored = kept.estimate?.restoredBy ?? now + policy.estimateMinutes * minuteMs
      const ends = { now, restored, later: restored + policy.laterMinutes * minuteMs }
      kept.money = await moneyOf(kept.outage, this.#profiles, ends, breather)
    }
  }

  /** When limits break: anew where units came or went, or another month began. @returns whether any were found */
  async findSteps(now: number, breather: Breather): Promise<boolean> {
    let found = false
    for (const kept of this.#open.values()) {
      const months = kept.outage.groups.map(({ calendar }) => calendar.monthOf(now)).join()
      if (!this.#profiles || kept.stepsOf === months) continue
      kept.steps = await stepsOf(kept.outage, this.#profiles, now, breather)
      kept.stepsOf = months
      found = true
    }
    return found
  }

  /** Finds what the month had come to before, for units that were out when they were read: some thousand at a time. */
  settle(queries: Queries, now: number): Promise<void> {
    return this.#settle(this.#unsettled, queries, now)
  }

  async settleAgain(queries: Queries, now: number): Promise<void> {
    await this.#settle(this.#againUnsettled, queries, now)
    // Their limits may break at other times.
    if (this.#againUnsettled.size === 0) for (const kept of this.#open.values()) kept.stepsOf = undefined
  }

  async #settle(waiting: Map<string, UnitOut>, queries: Queries, now: number): Promise<void> {
    const profiles = this.#profiles
    if (!profiles) return
    const scopes = new Map<string, { month: CivilMonth; units: UnitOut[] }>()
    for (const unit of firstOf(waiting.values(), chunk)) {
      waiting.delete(unit.unitId)
      const number = profiles.numberOf(unit.unitId)
      if (number === undefined) continue
      const conjunto = profiles.conjuntoOf(number)
      const calendar = calendarOf(profiles, conjunto, this.#timeZone)
      for (const month of calendar.monthsFrom(unit.from, now).slice(0, -1)) {
        const key = `${month.month} ${month.from}`
        const scope = scopes.get(key) ?? { month, units: [] }
        scopes.set(key, scope)
        scope.units.push(unit)
      }
    }
    for (const { month, units } of scopes.values())
      if (monthsAround(profiles.basis.month).includes(month.month))
        profiles.takeMonths(await monthsBefore(queries, month, units))
  }

  /** As it is now, ranked. */
  outlook(now: number, policy: RestorationPolicy): Omit<Outlook, 'tookMs'> {
    const priced = [...this.#open.values()].flatMap(({ outage, money, steps = null, estimate }) => {
      if (!money) return []
      const { interruption, unitsOut: units, services } = outage
      const { interruptionId, startedAt } = interruption
      return [{ ...money, outage, steps, estimate, interruptionId, startedAt, unitsOut: units, services }]
    })
    const outages = rankOutages(priced, policy).map(({ estimate, ...one }, index) => ({
      ...one,
      ...{ rank: index + 1, tier: tierOf(one.services, policy) },
      estimatedBy: estimate?.estimatedBy ?? null,
      customerHours: this.#hoursOf(one.outage.interruption, now),
      event: this.#chiOf(one.outage.interruption.eventId, now),
    }))
    for (const [interruptionId, { endedAt }] of this.#ended)
      if (endedAt < now - endedShownMs) this.#ended.delete(interruptionId)
    const ended = [...this.#ended.values()].map((one) => ({ ...one, customerHours: this.#hoursOf(one, now) }))
    return { at: now, policy, outages, ended, unitsOutByConjunto: this.#unitsOutByConjunto() }
  }

  #unitsOutByConjunto(): Map<string, number> {
    const units = new Map<string, number>()
    for (const { outage } of this.#open.values())
      for (const group of outage.groups) {
        const conjunto = this.#profiles?.basis.conjuntos[group.conjunto]
        if (conjunto) units.set(conjunto.conjuntoId, (units.get(conjunto.conjuntoId) ?? 0) + group.units.length)
      }
    return units
  }

  #hoursOf({ eventId, interruptionId }: ListedInterruption, now: number): number {
    return customerHoursOf(
      this.#events.get(eventId)?.find((time) => time.interruptionId === interruptionId),
      now,
    )
  }

  #chiOf(eventId: number, now: number): EventChi {
    const times = this.#events.get(eventId) ?? []
    const chiH = times.reduce((sum, time) => sum + customerHoursOf(time, now), 0)
    const units = this.#profiles?.basis.distributorUnits ?? 0
    if (units < 1) return { eventId, chiH, judgement: null, reachesAt: null }
    const day = calendarIn(this.#timeZone).days.dayOf(now)
    const judgement = judgeCustomerHours(chiH, units, day)
    const open = times.reduce((sum, time) => sum + time.open, 0)
    const leftMs = open > 0 ? ((judgement.limitH - chiH) / open) * 3_600_000 : Infinity
    const reachesAt = judgement.reached || !Number.isFinite(leftMs) ? null : Math.ceil(now + leftMs)
    return { eventId, chiH, judgement, reachesAt }
  }
}

function firstOf<T>(values: Iterable<T>, most: number): T[] {
  const found: T[] = []
  for (const value of values) if (found.push(value) === most) break
  return found
}

/** By the options: which pause parts two outages. */
function joinsAcross({ basis: { choices } }: UnitProfiles): number | null {
  if (choices['continuity-restored-briefly'] === 'joined') return leastOutageMs - 1
  return choices['continuity-short-outages'] === 'contiguous-whole' ? 0 : null
}
