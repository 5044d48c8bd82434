import type { ApprovalEffect } from '../../../platform/approval/approval.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Hypothesis } from '../domain/hypothesis.ts'
import type { UnitOutage } from '../domain/interruption.ts'
import { conjuntoMonths } from '../indicators/conjunto-months.ts'
import { unitMonths, type ComputedMonth } from '../indicators/unit-months.ts'
import { ChangeSum } from './change-sum.ts'
import { conjuntosOfUnits } from './control-repository.ts'
import { conjuntosAtOnce, slicesOf, unitsAtOnce } from './slices.ts'

/** Whose indicators a hypothesis may change: units by name, or all of conjuntos. */
export interface Touched {
  /** `YYYY-MM` */
  readonly months: readonly string[]
  readonly unitIds?: readonly string[]
  readonly conjuntoIds?: readonly string[]
}

/**
 * What would change if a hypothesis were so: units' months and what is due to them, and DEC and FEC of their conjuntos.
 * @param now  until when what lasts is counted, UTC milliseconds
 */
export async function hypothesisEffect(
  queries: Queries,
  { months, unitIds, conjuntoIds }: Touched,
  hypothesis: Hypothesis,
  now: number,
): Promise<ApprovalEffect> {
  const sum = new ChangeSum()
  const scopes: readonly Pick<Touched, 'unitIds' | 'conjuntoIds'>[] = unitIds
    ? slicesOf(unitIds, unitsAtOnce).map((part) => ({ unitIds: part }))
    : [{ conjuntoIds: conjuntoIds ?? [] }]
  for (const month of months)
    for (const scope of scopes) {
      const before = await unitMonths(queries, { month, ...scope }, undefined, now)
      const after = await unitMonths(queries, { month, ...scope }, within(hypothesis, scope), now)
      addPairs(sum, before, after)
    }
  const ofUnits = unitIds ? await conjuntosOfUnits(queries, unitIds) : (conjuntoIds ?? [])
  for (const month of months)
    for (const some of slicesOf(ofUnits, conjuntosAtOnce)) {
      const scope = { month, conjuntoIds: some }
      const after = new Map(
        (await conjuntoMonths(queries, scope, hypothesis, now)).map((each) => [each.conjuntoId, each]),
      )
      for (const before of await conjuntoMonths(queries, scope, undefined, now))
        sum.addConjunto(before, after.get(before.conjuntoId) ?? before)
    }
  return sum.effect()
}

/** Supposed outages of other units are left out: they may be many. */
function within(hypothesis: Hypothesis, { unitIds }: { readonly unitIds?: readonly string[] }): Hypothesis {
  const { outages } = hypothesis
  if (!outages || !unitIds) return hypothesis
  const own = unitIds.flatMap((unitId): [string, readonly UnitOutage[]][] => {
    const supposed = outages.get(unitId)
    return supposed ? [[unitId, supposed]] : []
  })
  return { ...hypothesis, outages: new Map(own) }
}

/** A unit may have a month on one side only: without interruptions there is nothing of it, and nothing due. */
function addPairs(sum: ChangeSum, before: readonly ComputedMonth[], after: readonly ComputedMonth[]): void {
  const afterOf = new Map(after.map((month) => [month.unitId, month]))
  for (const month of before) {
    sum.addUnit(month, afterOf.get(month.unitId) ?? without(month))
    afterOf.delete(month.unitId)
  }
  for (const month of afterOf.values()) sum.addUnit(without(month), month)
}

const without = (month: ComputedMonth): ComputedMonth => ({
  ...month,
  ...{ dicMs: 0, fic: 0, dmicMs: 0, dicri: [], dise: [], parcels: {}, compensation: null, pending: null },
})
