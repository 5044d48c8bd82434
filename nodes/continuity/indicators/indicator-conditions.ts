import type { CivilDays } from '../../../platform/clock/civil-day.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import { conjuntoConditions, unitCondition, type SaidOfConjunto } from '../domain/indicator-conditions.ts'
import { shiftMonth } from '../domain/month.ts'
import { conjuntoYears } from './conjunto-years.ts'
import { conjuntoMonthsChanged, endedViolations, violationsChanged } from './indicator-change-repository.ts'

/** Conditions in one message. */
const atOnce = 500

/**
 * What commits of indicators mean for limits: units that are above one in the present month, or are so no more, and conjuntos
 * whose year has used so much of its limit. What is said of conjuntos is remembered here only: after a restart it is said again.
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
    if (month !== this.#month) yield* this.#monthEnded(queries, month, now)
    this.#month = month
    const units = (await violationsChanged(queries, month, position, upTo)).map(unitCondition)
    for (let first = 0; first < units.length; first += atOnce) yield units.slice(first, first + atOnce)
    const conjuntos = await this.#conjuntos(queries, position, upTo, now)
    for (let first = 0; first < conjuntos.length; first += atOnce) yield conjuntos.slice(first, first + atOnce)
  }

  /** A new month is within its limits, whatever was in the one before. */
  async *#monthEnded(queries: Queries, month: string, now: number): AsyncGenerator<Condition[]> {
    for (let afterUnit = ''; ;) {
      const ended = await endedViolations(queries, shiftMonth(month, -1), month, { afterUnit, most: atOnce })
      if (ended.length === 0) return
      yield ended.map((unit) => unitCondition({ ...unit, month, violated: [], compensationBrl: null, at: now }))
      afterUnit = ended.at(-1)!.unitId
    }
  }

  async #conjuntos(queries: Queries, position: number, upTo: number, now: number): Promise<Condition[]> {
    const year = this.#days.dayOf(now).slice(0, 4)
    const changed = await conjuntoMonthsChanged(queries, position, upTo)
    const conjuntoIds = [
      ...new Set(changed.filter(({ month }) => month.startsWith(year)).map((each) => each.conjuntoId)),
    ]
    if (conjuntoIds.length === 0) return []
    const { years } = await conjuntoYears(queries, Number(year), { conjuntoIds })
    return years.flatMap((each) => {
      const { conditions, said } = conjuntoConditions(
        each,
        this.#said.get(each.conjuntoId) ?? {},
        this.#raiseShare,
        now,
      )
      this.#said.set(each.conjuntoId, said)
      return conditions
    })
  }
}
