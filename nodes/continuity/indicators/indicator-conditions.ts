import type { CivilDays } from '../../../platform/clock/civil-day.ts'
import { standingConditions } from '../../../platform/conditions/standing-conditions.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import { conjuntoConditions, conjuntoGone, unitCondition, type SaidOfConjunto } from '../domain/indicator-conditions.ts'
import { shiftMonth } from '../domain/month.ts'
import { conjuntoYears } from './conjunto-years.ts'
import { conjuntoMonthsChanged, endedViolations, violationsChanged } from './indicator-change-repository.ts'

/** Conditions in one message. */
const atOnce = 500

/**
 * What commits of indicators mean for limits: units that are above one in the present month, or are so no more, and conjuntos
 * whose year has used so much of its limit. What is said of conjuntos is remembered here only: after a restart it is said again, and
 * what stands as an alarm and holds no more is taken back, with the first look: after and up to 0 is one before any commit.
 */
export class IndicatorConditions {
  readonly #days: CivilDays
  readonly #raiseShare: number
  readonly #said = new Map<string, SaidOfConjunto>()
  #month: string | undefined

  /**
   * @param days        of the installation: say which month is present
   * @param raiseShare  from where on of its yearly limit a conjunto is worth saying, of 1
   */
  constructor(days: CivilDays, raiseShare: number) {
    this.#days = days
    this.#raiseShare = raiseShare
  }

  /**
   * What is to be said after the commits after one position up to another, some at a time.
   * @param now  UTC milliseconds
   */
  async *after(queries: Queries, position: number, upTo: number, now: number): AsyncGenerator<Condition[]> {
    const month = this.#days.dayOf(now).slice(0, 7)
    const isFirst = this.#month === undefined
    if (month !== this.#month) yield* this.#monthEnded(queries, month, now)
    this.#month = month
    const units = (await violationsChanged(queries, month, position, upTo)).map(unitCondition)
    for (let first = 0; first < units.length; first += atOnce) yield units.slice(first, first + atOnce)
    const conjuntos = await this.#conjuntos(queries, position, upTo, now, isFirst)
    for (let first = 0; first < conjuntos.length; first += atOnce) yield conjuntos.slice(first, first + atOnce)
  }

  /** A new month is within its limits, whatever was in the one before. */
  async *#monthEnded(queries: Queries, month: string, now: number): AsyncGenerator<Condition[]> {
    const monthBefore = shiftMonth(month, -1)
    // Of months that nothing ran through.
    const standing = (await standingConditions(queries, 'continuity', ['unit-limit'])) ?? []
    const old = standing.filter(({ text }) => String(text.parameters['month']) < monthBefore)
    for (let first = 0; first < old.length; first += atOnce)
      yield old
        .slice(first, first + atOnce)
        .map(({ subject, feederId = null }) =>
          unitCondition({ unitId: subject, feederId, month, violated: [], compensationBrl: null, at: now }),
        )
    for (let afterUnit = ''; ;) {
      const ended = await endedViolations(queries, monthBefore, month, { afterUnit, most: atOnce })
      if (ended.length === 0) return
      yield ended.map((unit) => unitCondition({ ...unit, month, violated: [], compensationBrl: null, at: now }))
      afterUnit = ended.at(-1)!.unitId
    }
  }

  async #conjuntos(
    queries: Queries,
    position: number,
    upTo: number,
    now: number,
    isFirst: boolean,
  ): Promise<Condition[]> {
    const year = this.#days.dayOf(now).slice(0, 4)
    const changed = await conjuntoMonthsChanged(queries, position, upTo)
    const standing = isFirst
      ? ((await standingConditions(queries, 'continuity', ['dec-limit', 'fec-limit'])) ?? [])
      : []
    const conjuntoIds = [
      ...new Set([
        ...changed.filter(({ month }) => month.startsWith(year)).map((each) => each.conjuntoId),
        ...standing.map(({ subject }) => subject),
      ]),
    ]
    if (conjuntoIds.length === 0) return []
    const { years } = await conjuntoYears(queries, Number(year), { conjuntoIds })
    const known = new Set(years.map(({ conjuntoId }) => conjuntoId))
    const gone = standing.filter(({ subject }) => !known.has(subject)).map((condition) => conjuntoGone(condition, now))
    const conditions = years.flatMap((each) => {
      const { conditions, said } = conjuntoConditions(
        each,
        this.#said.get(each.conjuntoId) ?? {},
        this.#raiseShare,
        now,
      )
      this.#said.set(each.conjuntoId, said)
      return conditions
    })
    return [...gone, ...conditions]
  }
}
