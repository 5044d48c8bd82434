import type { Queries } from '../../../platform/storage/queries.ts'
import type { Collective } from '../domain/collective.ts'
import {
  continuityCompensationOf,
  type CompensationChoices,
  type ContinuityCompensation,
} from '../domain/compensation.ts'
import type { UnitMonth } from '../domain/individual.ts'
import {
  individualLimitsOf,
  type EnteredRow,
  type IndividualLimits,
  type MissingLimits,
} from '../domain/individual-limits.ts'
import { yearLimits } from './conjunto-repository.ts'
import type { UnitOutages } from './judged-outages.ts'
import { enteredRows } from './unit-repository.ts'

/** What a unit's month is held against, and what is due for it. */
export interface UnitMoney {
  readonly limits: IndividualLimits | null
  readonly compensation: ContinuityCompensation | null
  /** Why there is no compensation yet, in a line; null where there is. */
  readonly pending: string | null
}

/** Limits and compensation of units in one month: what many of them share is read and decided once. */
export class MonthMoney {
  readonly #month: string
  readonly #choices: CompensationChoices
  readonly #rows: readonly EnteredRow[]
  readonly #conjuntos: ReadonlyMap<string, Collective>
  readonly #shared = new Map<string, IndividualLimits | MissingLimits>()

  private constructor(
    month: string,
    choices: CompensationChoices,
    rows: readonly EnteredRow[],
    conjuntos: ReadonlyMap<string, Collective>,
  ) {
    this.#month = month
    this.#choices = choices
    this.#rows = rows
    this.#conjuntos = conjuntos
  }

  /** @param month  `YYYY-MM` */
  static async of(queries: Queries, month: string, choices: CompensationChoices): Promise<MonthMoney> {
    const rows = await enteredRows(queries, `${month}-01`)
    const conjuntos = await yearLimits(queries, Number(month.slice(0, 4)))
    return new MonthMoney(month, choices, rows, new Map(conjuntos.map((limit) => [limit.conjuntoId, limit])))
  }

  /** @throws NoRule where none is known for the month */
  of(unit: UnitOutages, unitMonth: UnitMonth): UnitMoney {
    const limits = this.#limitsOf(unit)
    if ('missing' in limits) return { limits: null, compensation: null, pending: limits.missing }
    const { vrcBrl, voltageClass } = unit
    if (vrcBrl === null)
      return { limits, compensation: null, pending: `the monetary base (VRC) of ${this.#month} is not known` }
    const basis = { month: this.#month, voltageClass, limits, vrcBrl, choices: this.#choices }
    return { limits, compensation: continuityCompensationOf({ ...basis, unitMonth }), pending: null }
  }

  #limitsOf({ voltageClass, area, conjuntoId, own }: UnitOutages): IndividualLimits | MissingLimits {
    const conjuntoLimit = (conjuntoId !== null && this.#conjuntos.get(conjuntoId)) || null
    const facts = { month: this.#month, voltageClass, area, conjuntoId, conjuntoLimit, own }
    if (own) return individualLimitsOf(facts, this.#rows)
    const key = `${voltageClass} ${area} ${conjuntoId}`
    const limits = this.#shared.get(key) ?? individualLimitsOf(facts, this.#rows)
    this.#shared.set(key, limits)
    return limits
  }
}
