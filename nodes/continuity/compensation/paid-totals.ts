import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { lastClose } from '../control/close-repository.ts'
import { closedUnits, type ClosedUnit } from '../control/closed-month.ts'
import type { Area } from '../domain/limit-tables.ts'
import { paidFor, paymentsOf, type PaidFor } from '../domain/official-compensation.ts'
import { unitMonths } from '../indicators/unit-months.ts'
import { unitsDue } from './due-repository.ts'

/** What is due to a unit, and what it is reported under. */
export type PaidUnit = ClosedUnit

/** What is due in a conjunto to units of a class and area, by what it is paid for. */
export interface PaidTotal {
  readonly conjuntoId: string | null
  readonly voltageClass: VoltageClass
  readonly area: Area | null
  readonly for: PaidFor
  readonly cents: number
  readonly payments: number
}

const kinds = Object.keys(paidFor) as PaidFor[]
/** So many units at a time. */
const pageUnits = 2_000

/** The version that a month was closed in last; null: it was not. */
export const closedVersion = async (queries: Queries, month: string): Promise<number | null> =>
  (await lastClose(queries, month))?.version ?? null

/**
 * Units to which something is due for a month, by name: as it was closed, in its newest version; else as it is now. A page at a
 * time, so that memory does not grow with their number.
 * @param month    `YYYY-MM`
 * @param version  null: as it is now
 */
export async function* paidUnits(
  queries: Queries,
  month: string,
  version: number | null,
  conjuntoId?: string,
): AsyncGenerator<PaidUnit> {
  if (version === null) return yield* paidNow(queries, month, conjuntoId)
  for await (const unit of closedUnits(queries, { month, version }))
    if (conjuntoId === undefined || unit.conjuntoId === conjuntoId) yield unit
}

async function* paidNow(queries: Queries, month: string, conjuntoId: string | undefined): AsyncGenerator<PaidUnit> {
  for (let after = ''; ;) {
    const due = await unitsDue(queries, { month, conjuntoId, pending: false }, null, { after, limit: pageUnits })
    if (due.length === 0) return
    const unitIds = due.map(({ unitId }) => unitId)
    for (const { compensation, ...unit } of await unitMonths(queries, { month, unitIds }))
      if (compensation) yield { ...unit, compensation }
    after = unitIds.at(-1)!
  }
}

/** What is due in all, by conjunto, class, area and what it is paid for: as it is reported. */
export async function paidTotals(units: AsyncIterable<PaidUnit>): Promise<PaidTotal[]> {
  const totals = new Map<string, PaidTotal & { cents: number; payments: number }>()
  for await (const { conjuntoId, voltageClass, area, compensation } of units)
    for (const [kind, payment] of Object.entries(paymentsOf(compensation))) {
      const key = JSON.stringify([conjuntoId, voltageClass, area, kinds.indexOf(kind as PaidFor)])
      const total = totals.get(key) ?? { conjuntoId, voltageClass, area, for: kind as PaidFor, cents: 0, payments: 0 }
      total.cents += payment.cents
      total.payments += payment.payments
      totals.set(key, total)
    }
  return [...totals.keys()].sort().map((key) => totals.get(key)!)
}
