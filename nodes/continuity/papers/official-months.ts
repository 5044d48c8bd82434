import { regulationChoices } from '../../../platform/regulation/options.ts'
import { voltageClassOf } from '../../../platform/regulation/voltage-class.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { collectiveCodes, reportedMonth } from '../domain/official-collective.ts'
import {
  compensationIndexes,
  paymentsOf,
  reportedFor,
  unitGroupOf,
  unitGroups,
  type PaidCompensation,
  type PaidFor,
} from '../domain/official-compensation.ts'
import { indexesOf, type OfficialIndex } from '../domain/official-index.ts'
import { reportedService, serviceCodes } from '../domain/official-service.ts'
import { conjuntoMonths } from '../indicators/conjunto-months.ts'
import { unitMonths } from '../indicators/unit-months.ts'
import { emergencyServiceMonths } from '../registers/emergency-services.ts'
import { namedConjuntos, unitPlaces, type NamedConjunto } from './official-repository.ts'

/** DEC, FEC, their parcels and the units of every conjunto in a month. @param month  `YYYY-MM` */
export async function* collectiveValues(queries: Queries, month: string): AsyncGenerator<OfficialIndex> {
  const { 'continuity-dec-fec-rounding': rounding } = await regulationChoices(queries)
  const months = await conjuntoMonths(queries, { month })
  const byConjunto = new Map(months.map((each) => [each.conjuntoId, each]))
  for (const conjunto of await namedConjuntos(queries)) {
    const computed = byConjunto.get(conjunto.id)
    if (computed) yield* indexesOf([reportedMonth(nameOf(conjunto), computed, rounding)], collectiveCodes)
  }
}

/** What was paid to the units of every conjunto for a month, a conjunto at a time. @param month  `YYYY-MM` */
export async function* compensationValues(queries: Queries, month: string): AsyncGenerator<OfficialIndex> {
  for (const conjunto of await namedConjuntos(queries))
    yield* compensationIndexes(await paidIn(queries, conjunto, month))
}

async function paidIn(queries: Queries, conjunto: NamedConjunto, month: string): Promise<PaidCompensation[]> {
  const places = await unitPlaces(queries, conjunto.id)
  const groupOf = new Map(
    places.map(({ unitId, referenceV, area }) => [unitId, unitGroupOf(voltageClassOf(referenceV), area)]),
  )
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))]
  const sums = new Map<string, { cents: number; payments: number }>()
  for (const { unitId, compensation } of await unitMonths(queries, { month, conjuntoIds: [conjunto.id] })) {
    const group = groupOf.get(unitId)
    if (!compensation || group === undefined) continue
    for (const [kind, { cents, payments }] of Object.entries(paymentsOf(compensation))) {
      const sum = sums.get(`${group} ${kind}`) ?? { cents: 0, payments: 0 }
      sums.set(`${group} ${kind}`, { cents: sum.cents + cents, payments: sum.payments + payments })
    }
  }
  const present = new Set(groupOf.values())
  return unitGroups
    .filter((group) => present.has(group))
    .flatMap((group) =>
      reportedFor(group, year).map((kind: PaidFor) => ({
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
