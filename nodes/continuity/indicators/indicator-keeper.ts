import type { PoolClient } from 'pg'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import type { Clock } from '../../../platform/clock/clock.ts'
import { pause } from '../../../platform/clock/pause.ts'
import { regulationChoices } from '../../../platform/regulation/options.ts'
import { environment } from '../../../platform/runtime/environment.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { Follower } from '../../../platform/storage/follower.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { shiftMonth } from '../domain/month.ts'
import { continuityChanges, type ContinuityChange } from '../interruptions/change-log.ts'
import { changedTimes, strikeChanges } from '../interruptions/change-repository.ts'
import { zonesOfConjuntos } from './civil-repository.ts'
import { unitsOfConjuntos } from './conjunto-repository.ts'
import { parcelsOfUnits, writeConjuntoMonth, writeUnitMonths } from './indicator-repository.ts'
import {
  isRecomputationAsked,
  lastingUnits,
  moveConjunto,
  nextIndicatorChange,
  recomputationsLeft,
  recomputeDue,
  recomputeSums,
  recomputeSumsOfAll,
  recomputeUnits,
  takeConjunto,
  takeSums,
  takeUnits,
  unitsAfter,
  type UnitMonthKey,
} from './recomputation-repository.ts'
import { chainAfter, chainBefore } from './outage-chain.ts'
import { unitMonths } from './unit-months.ts'

export interface IndicatorKeeperOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** Told after each round that had something to do how many months are still to be computed. */
  progress(round: { readonly left: number }): void
  report(error: unknown): void
}

/** Name of its place among the commits of interruptions. */
export const consumerName = 'continuity-indicators'
const pace = { maxItems: 50_000, restMs: 250, restFactor: 1 }
const restMs = 250
/** What every consumer has taken of the log of interruptions is struck off after a week, looked for so often. */
const loggedMs = 7 * 86_400_000
const strikingRestMs = 3_600_000
/** Months of units in one transaction. */
const atOnce = 5_000
/** As long as some of what lasts took, so many times as long is left to what cannot wait: the list of outages. */
const refreshRestFactor = 0.5
/** What lasts is counted again so often, by the platform's clock. */
const refreshMs = 60_000
/** Conjuntos' months in one transaction, and after how many rounds of units they have their turn. */
const sumsAtOnce = 20
const roundsBetweenSums = 10

/**
 * Keeps what interruptions come to: months of units, and what those of a conjunto add up to. Commits of interruptions, and
 * triggers on all else that months are computed from, ask for months; the keeper takes some of what was asked for, computes them
 * from what is stored, and writes what differs, in one transaction. So nothing is lost or counted twice whatever is killed when,
 * and several keepers share the work.
 */
export class IndicatorKeeper {
  readonly #database: Database
  readonly #options: IndicatorKeeperOptions
  readonly #follower: Follower<ContinuityChange>
  readonly #closing = new AbortController()
  readonly #running: Promise<unknown>
  readonly #days = civilDaysIn(environment().TIME_ZONE)
  /** The month that it takes for the present one; the one before is over. */
  #month: string | undefined
  /** Sums have waited for so many rounds of units. */
  #roundsWithoutSums = 0

  constructor(database: Database, options: IndicatorKeeperOptions) {
    this.#database = database
    this.#options = options
    this.#follower = new Follower(database, continuityChanges, {
      name: consumerName,
      ...pace,
      take: (client, changes) => this.#ask(client, changes),
      progress: () => undefined,
      report: options.report,
    })
    const { clock, report } = options
    const { signal } = this.#closing
    const strike = () => strikeChanges(database, clock.now() - loggedMs, consumerName)
    this.#running = Promise.all([
      makeRounds(database, { restMs, round: () => this.#round(signal), report }, signal),
      makeRounds(database, { restMs: strikingRestMs, round: strike, report }, signal),
    ])
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#follower.close()
    await this.#running
  }

  /** Asks for the months of whatever commits touched. */
  async #ask(client: PoolClient, changes: readonly ContinuityChange[]): Promise<void> {
    const queries = queriesOf(client)
    const times = await changedTimes(queries, changes[0]!.position - 1, changes.at(-1)!.position)
    const now = this.#options.clock.now()
    const zones = [environment().TIME_ZONE, ...(await zonesOfConjuntos(queries))].map(civilDaysIn)
    // Of a hundred thousand units that lost supply at once there is one instant.
    const known = new Map<number, string[]>()
    const monthsAt = (instant: number): string[] => {
      const months = known.get(instant) ?? zones.map(({ dayOf }) => dayOf(instant).slice(0, 7)).sort()
      known.set(instant, months)
      return months
    }
    // What follows without a gap is of the same outage, which may reach into other months.
    const others = [...(await chainBefore(queries, times)), ...(await chainAfter(queries, times))]
    const asked = [...times, ...others].map(({ unitId, from, until }) => ({
      unitId,
      firstMonth: monthsAt(from)[0]!,
      lastMonth: monthsAt(Math.max(from, until ?? now)).at(-1)!,
    }))
    await recomputeUnits(queries, asked)
  }

  /** Computes what was asked for, until nothing is left; then some of what lasts. */
  async #round(signal: AbortSignal): Promise<void> {
    if (!this.#options.clockIsSet()) return
    await this.#endMonth()
    let done = false
    while (!signal.aborted && (await isRecomputationAsked(this.#database)) && (await this.#computeNext())) done = true
    while (!signal.aborted && (await this.#isRefreshDue())) {
      const began = performance.now()
      if (!(await this.#refresh())) break
      done = true
      await pause(refreshRestFactor * (performance.now() - began), signal)
    }
    if (done) this.#options.progress({ left: await recomputationsLeft(this.#database) })
  }

  /** Conjuntos have months without interruptions, too; what units they had in one that is over is known now. */
  async #endMonth(): Promise<void> {
    const present = this.#days.dayOf(this.#options.clock.now()).slice(0, 7)
    if (present === this.#month) return
    for (const month of [shiftMonth(present, -1), present]) await recomputeSumsOfAll(this.#database, month)
    await recomputeDue(this.#database, shiftMonth(present, -1), this.#days.startOf(`${present}-01`)!)
    this.#month = present
  }

  /** Units first, and now and then what those of a conjunto add up to. @returns whether there was anything to do */
  async #computeNext(): Promise<boolean> {
    if (
      this.#roundsWithoutSums < roundsBetweenSums &&
      ((await this.#computeUnits()) || (await this.#computeConjunto()))
    ) {
      this.#roundsWithoutSums++
      return true
    }
    const waited = this.#roundsWithoutSums === roundsBetweenSums
    this.#roundsWithoutSums = 0
    return (await this.#addUp()) || waited
  }

  #computeUnits(): Promise<boolean> {
    return this.#write(async (queries, changed) => {
      const taken = await takeUnits(queries, atOnce)
      await this.#computeMonths(queries, taken, changed)
      return taken.length > 0
    })
  }

  /** Some of the units of a conjunto that is to be computed again. */
  #computeConjunto(): Promise<boolean> {
    return this.#write(async (queries, changed) => {
      const taken = await takeConjunto(queries)
      if (!taken) return false
      const unitIds = await unitsAfter(queries, taken.conjuntoId, taken.afterUnit!, atOnce)
      const { month } = taken
      await this.#computeMonths(
        queries,
        unitIds.map((unitId) => ({ unitId, month })),
        changed,
      )
      await moveConjunto(queries, taken, unitIds.length < atOnce ? null : unitIds.at(-1)!)
      return true
    })
  }

  #addUp(): Promise<boolean> {
    return this.#write(async (queries, changed) => {
      const taken = await takeSums(queries, sumsAtOnce)
      const { 'continuity-nuc-day': day } = await regulationChoices(queries)
      for (const [month, conjuntos] of Map.groupBy(taken, (each) => each.month)) {
        const conjuntoIds = conjuntos.map(({ conjuntoId }) => conjuntoId)
        for (const { conjuntoId, units } of await unitsOfConjuntos(queries, `${month}-01`, day, conjuntoIds)) {
          const parcels = await parcelsOfUnits(queries, conjuntoId, month)
          await writeConjuntoMonth(queries, { conjuntoId, month, units, parcels }, changed, this.#options.clock.now())
        }
      }
      return taken.length > 0
    })
  }

  async #isRefreshDue(): Promise<boolean> {
    return (await lastingUnits(this.#database, this.#options.clock.now() - refreshMs, 1)).length > 0
  }

  /** What lasts longer now than it did a minute ago: the oldest first, some at a time. */
  #refresh(): Promise<boolean> {
    return this.#write(async (queries, changed) => {
      const now = this.#options.clock.now()
      const lasting = await lastingUnits(queries, now - refreshMs, atOnce)
      await this.#computeMonths(queries, lasting, changed)
      // What lasted to the end of its month goes on in the next.
      const present = this.#month!
      const begun = lasting.filter(({ month }) => month < present)
      await recomputeUnits(
        queries,
        begun.map(({ unitId, month }) => ({ unitId, firstMonth: shiftMonth(month, 1), lastMonth: present })),
      )
      return lasting.length > 0
    })
  }

  async #computeMonths(queries: Queries, keys: readonly UnitMonthKey[], changed: number): Promise<void> {
    const now = this.#options.clock.now()
    for (const [month, units] of Map.groupBy(keys, ({ month }) => month)) {
      const computed = await unitMonths(queries, { month, unitIds: units.map(({ unitId }) => unitId) }, undefined, now)
      await writeUnitMonths(queries, month, computed, changed, now)
      const conjuntoIds = new Set(computed.flatMap(({ conjuntoId }) => conjuntoId ?? []))
      await recomputeSums(queries, [...conjuntoIds], month)
    }
  }

  /** Writers of indicators take turns: what a later one reads, an earlier one has written. */
  #write(work: (queries: Queries, changed: number) => Promise<boolean>): Promise<boolean> {
    return this.#database.transaction(async (client) => {
      const changed = await nextIndicatorChange(client)
      return work(queriesOf(client), changed)
    })
  }
}
