import { regulationChoices } from '../../../platform/regulation/options.ts'
import { voltageClassOf, type VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { lastClose } from '../control/close-repository.ts'
import { closedConjuntos, closedUnits } from '../control/closed-month.ts'
import type { ContinuityCompensation } from '../domain/compensation.ts'
import { collectiveCodes, reportedMonth } from '../domain/official-collective.ts'
import {
  compensationIndexes,
  paymentsOf,
  reportedFor,
  unitGroupOf,
  unitGroups,
  type PaidCompensation,
  type PaidFor,
  type UnitGroup,
} from '../domain/official-compensation.ts'
import { indexesOf, type OfficialIndex, type ReportedMonth } from '../domain/official-index.ts'
import { reportedService, serviceCodes } from '../domain/official-service.ts'
import { conjuntoMonths } from '../indicators/conjunto-months.ts'
import { unitMonths } from '../indicators/unit-months.ts'
import { emergencyServiceMonths } from '../registers/emergency-services.ts'
import { namedConjuntos, unitPlaces, type NamedConjunto } from './official-repository.ts'

/** Of which figures a file is: of those that were frozen when the month was closed, where it was, or of those of now. */
export type Figures = 'closed' | 'now'

/** A month whose file is asked for. */
export interface FiledMonth {
  /** `YYYY-MM`. */
  readonly month: string
  readonly figures: Figures
}

/** DEC, FEC, their parcels and the units of every conjunto in a month. */
export async function* collectiveValues(queries: Queries, filed: FiledMonth): AsyncGenerator<OfficialIndex> {
  const close = filed.figures === 'closed' ? await lastClose(queries, filed.month) : undefined
  const months = close ? await closedConjuntos(queries, close) : await conjuntosNow(queries, filed.month)
  const byConjunto = new Map(months.map((each) => [each.conjunto.id, each]))
  // Those first that are there now, in their order; then what is there no more.
  for (const { id } of await namedConjuntos(queries)) {
    const month = byConjunto.get(id)
    byConjunto.delete(id)
    if (month) yield* indexesOf([month], collectiveCodes)
  }
  yield* indexesOf(byConjunto.values(), collectiveCodes)
}

async function conjuntosNow(queries: Queries, month: string): Promise<ReportedMonth[]> {
  const { 'continuity-dec-fec-rounding': rounding } = await regulationChoices(queries)
  const names = new Map((await namedConjuntos(queries)).map((conjunto) => [conjunto.id, nameOf(conjunto)]))
  const months = await conjuntoMonths(queries, { month })
  return months.flatMap((computed) => {
    const conjunto = names.get(computed.conjuntoId)
    return conjunto ? [reportedMonth(conjunto, computed, rounding)] : []
  })
}

/**
 * What was paid to the units of every conjunto for a month: those of the conjunto as the registry has them now.
 * @throws NoRule where no rule of compensation is known for it
 */
export async function* compensationValues(queries: Queries, filed: FiledMonth): AsyncGenerator<OfficialIndex> {
  const close = filed.figures === 'closed' ? await lastClose(queries, filed.month) : undefined
  const frozen = new Map<string | null, Due[]>()
  if (close)
    for await (const { unitId, conjuntoId, compensation } of closedUnits(queries, close))
      listIn(frozen, conjuntoId).push(dueOf(unitId, compensation))
  for (const conjunto of await namedConjuntos(queries)) {
    const due = close ? (frozen.get(conjunto.id) ?? []) : await dueNow(queries, conjunto, filed.month)
    yield* compensationIndexes(await paidIn(queries, conjunto, filed.month, due))
  }
}

function listIn<K, T>(lists: Map<K, T[]>, key: K): T[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}

/** What is due to a unit, by what it is for. */
interface Due {
  readonly unitId: string
  readonly voltageClass: VoltageClass
  readonly payments: ReturnType<typeof paymentsOf>
}

const dueOf = (unitId: string, compensation: ContinuityCompensation): Due => ({
  unitId,
  voltageClass: compensation.items[0]!.money.inputs['class'] as VoltageClass,
  payments: paymentsOf(compensation),
})

async function dueNow(queries: Queries, { id }: NamedConjunto, month: string): Promise<Due[]> {
  const months = await unitMonths(queries, { month, conjuntoIds: [id] })
  return months.flatMap(({ unitId, compensation }) =>
    compensation && compensation.items.length > 0 ? [dueOf(unitId, compensation)] : [],
  )
}

async function paidIn(
  queries: Queries,
  conjunto: NamedConjunto,
  month: string,
  due: readonly Due[],
): Promise<PaidCompensation[]> {
  const places = new Map((await unitPlaces(queries, conjunto.id)).map((place) => [place.unitId, place]))
  const sums = new Map<string, { cents: number; payments: number }>()
  const present = new Set<UnitGroup>(
    Array.from(places.values(), ({ referenceV, area }) => unitGroupOf(voltageClassOf(referenceV), area)),
  )
  for (const { unitId, voltageClass, payments } of due) {
    const group = unitGroupOf(voltageClass, places.get(unitId)?.area ?? null)
    present.add(group)
    for (const [kind, paid] of Object.entries(payments)) {
      const sum = sums.get(`${group} ${kind}`) ?? { cents: 0, payments: 0 }
      sums.set(`${group} ${kind}`, { cents: sum.cents + paid.cents, payments: sum.payments + paid.payments })
    }
  }
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))]
  return unitGroups
    .filter((group) => present.has(group))
    .flatMap((group) =>
      reportedFor(group, month).map((kind: PaidFor) => ({
        ...{ conjunto: nameOf(conjunto), year, month: number, holder: 'consumer' as const, group, for: kind },
        ...(sums.get(`${group} ${kind}`) ?? { cents: 0, payments: 0 }),
      })),
    )
}

/** The emergency service of every conjunto in a month. @param month  `YYYY-MM` */
export async function* serviceValues(queries: Queries, month: string): AsyncGenerator<OfficialIndex> {
  const services = await emergencyServiceMonths(queries, { month })
  const byConjunto = new Map(services.map((each) => [each.conjuntoId, each]))
  for (const conjunto of await namedConjuntos(queries)) {
    const service = byConjunto.get(conjunto.id)
    const at = { conjunto: nameOf(conjunto), year: Number(month.slice(0, 4)), month: Number(month.slice(5)) }
    if (service) yield* indexesOf([reportedService(at, service)], serviceCodes)
  }
}

const nameOf = ({ id, name }: NamedConjunto) => ({ id, name })
