import { Type } from '@sinclair/typebox'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { csvColumnsOf } from '../../../platform/http/csv.ts'
import { IdentifierParameter, Name, Nullable, roundedOrNull } from '../../../platform/http/fields.ts'
import { notFound } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { parcelHundredths, type Collective, type ConjuntoMonth, type Rounding } from '../domain/collective.ts'
import { parcels, type Parcel } from '../domain/parcels.ts'
import { byDgc } from '../domain/ranking.ts'
import { isConjunto } from './conjunto-repository.ts'
import { conjuntoYears, distributorYear, type ConjuntoYear } from './conjunto-years.ts'
import { count, Month, MonthParameter, YearParameter } from './indicator-fields.ts'

const conjuntoId = Name('The conjunto', '12345')
const dec = (what: string) =>
  Nullable(Type.Number({ description: `DEC ${what}, hours in hundredths; null: there are no units` }))
const fec = (what: string) =>
  Nullable(Type.Number({ description: `FEC ${what}, in hundredths; null: there are no units` }))
const limit = (what: string) =>
  Nullable(Type.Number({ description: `Limit of ${what} for the year; null: none is entered` }))
const usedPct = (what: string) =>
  Nullable(Type.Number({ description: `What the year so far uses of the limit of ${what}, %; null: there is none` }))
const dgc = Nullable(
  Type.Number({
    description: 'DGC: mean of DEC and FEC of the year so far over their limits; null: a limit is missing',
  }),
)

const parcelFields = Object.fromEntries(
  parcels.flatMap((parcel) => [
    [`dec${parcel}`, dec(`of the parcel ${parcel}`)],
    [`fec${parcel}`, fec(`of the parcel ${parcel}`)],
  ]),
)
const monthFields = {
  month: Month,
  units: count('Consumer units (NUC)'),
  ...{ dec: dec('of the month, as compared with the limit (IP + IND)'), fec: fec('of the month, the same') },
}
const yearFields = {
  ...{ decYear: dec('of the year so far'), fecYear: fec('of the year so far') },
  ...{ decLimit: limit('DEC'), fecLimit: limit('FEC'), decUsedPct: usedPct('DEC'), fecUsedPct: usedPct('FEC') },
}
const ConjuntoRow = Type.Object(
  { conjuntoId, ...monthFields, ...yearFields, ...parcelFields },
  { $id: 'ContinuityConjunto' },
)
const MonthRow = Type.Object({ ...monthFields, ...parcelFields })
const Year = Type.Object(
  { conjuntoId, year: Type.Integer(), ...yearFields, dgc, months: Type.Array(MonthRow) },
  { $id: 'ContinuityConjuntoYear' },
)
const RankedConjunto = Type.Object(
  { rank: Nullable(count('Place, the best first; null: a limit is missing')), conjuntoId, ...yearFields, dgc },
  { $id: 'ContinuityRank' },
)
const Ranking = Type.Object(
  {
    year: Type.Integer(),
    distributor: Nullable(Type.Object({ ...yearFields, dgc }, { description: 'All conjuntos together' })),
    conjuntos: Type.Array(RankedConjunto),
  },
  { $id: 'ContinuityRanking' },
)
const tag = 'continuity'

/** DEC and FEC of conjuntos by month and year, and how conjuntos rank. */
export const continuityConjuntoRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const days = civilDaysIn(environment.TIME_ZONE)
  const presentMonth = (): string => days.dayOf(platformClock.now()).slice(0, 7)
  const presentYear = (): number => Number(presentMonth().slice(0, 4))
  return [
    defineRoute({
      method: 'GET',
      path: '/api/quality/continuity/conjuntos',
      operationId: 'listContinuityConjuntos',
      summary: 'DEC and FEC of all conjuntos in a month, with their parcels, and of the year up to it',
      ...{ tag, right: 'read' },
      query: Type.Object({ month: Type.Optional(MonthParameter) }),
      answers: { 200: { description: 'Conjuntos, by identifier', schema: Type.Array(ConjuntoRow) } },
      csv: csvColumnsOf(ConjuntoRow),
      async handle({ query: { month = presentMonth() } }) {
        const { years, rounding } = await conjuntoYears(database, Number(month.slice(0, 4)), { upTo: month })
        return {
          body: years.flatMap((year) =>
            year.months
              .filter((each) => each.month === month)
              .map((each) => ({ conjuntoId: year.conjuntoId, ...shownMonth(each, rounding), ...shownYear(year) })),
          ),
        }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/quality/continuity/conjuntos/{conjuntoId}',
      operationId: 'getContinuityConjunto',
      summary: 'A year of a conjunto, month by month',
      ...{ tag, right: 'read' },
      params: Type.Object({ conjuntoId: IdentifierParameter('The conjunto', '12345') }),
      query: Type.Object({ year: Type.Optional(YearParameter) }),
      answers: { 200: { description: 'The year as far as it is known', schema: Year } },
      async handle({ params: { conjuntoId }, query: { year = presentYear() } }) {
        if (!(await isConjunto(database, conjuntoId))) throw notFound('conjunto', 'path.conjuntoId', conjuntoId)
        const { years, rounding } = await conjuntoYears(database, year, { conjuntoIds: [conjuntoId] })
        const [found = withoutMonths(conjuntoId, year)] = years
        const months = found.months.map((month) => shownMonth(month, rounding))
        return { body: { conjuntoId, year, ...shownYear(found), dgc: roundedOrNull(found.dgc), months } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/quality/continuity/ranking',
      operationId: 'getContinuityRanking',
      summary: 'Conjuntos by DGC, the best first, and that of all of them together',
      description: 'DGC of the year so far against the limits of the whole year: it grows from month to month.',
      ...{ tag, right: 'read' },
      query: Type.Object({ year: Type.Optional(YearParameter) }),
      answers: { 200: { description: 'The ranking', schema: Ranking } },
      async handle({ query: { year = presentYear() } }) {
        const { years } = await conjuntoYears(database, year)
        const all = await distributorYear(database, year, years)
        return {
          body: {
            year,
            distributor: all && { ...shownYear(all), dgc: roundedOrNull(all.dgc) },
            conjuntos: byDgc(years).map((each, index) => ({
              ...{ rank: each.dgc === null ? null : index + 1, conjuntoId: each.conjuntoId },
              ...{ ...shownYear(each), dgc: roundedOrNull(each.dgc) },
            })),
          },
        }
      },
    }),
  ]
}

const withoutMonths = (conjuntoId: string, year: number): ConjuntoYear => ({
  ...{ conjuntoId, year, months: [], soFar: null, limit: null, decShare: null, fecShare: null, dgc: null },
})

const inUnits = (hundredths: number | undefined): number | null =>
  hundredths === undefined ? null : Math.round(hundredths) / 100

const shownYear = ({ soFar, limit, decShare, fecShare }: ConjuntoYear) => ({
  ...{ decYear: inUnits(soFar?.decHundredths), fecYear: inUnits(soFar?.fecHundredths) },
  ...{ decLimit: inUnits(limit?.decHundredths), fecLimit: inUnits(limit?.fecHundredths) },
  decUsedPct: roundedOrNull(decShare && decShare * 100, 2),
  fecUsedPct: roundedOrNull(fecShare && fecShare * 100, 2),
})

function shownMonth(month: ConjuntoMonth & { readonly collective: Collective | null }, rounding: Rounding) {
  const each = (parcel: Parcel) =>
    parcelHundredths(month.parcels[parcel] ?? { ms: 0, count: 0 }, month.units, rounding) ?? undefined
  return {
    ...{ month: month.month, units: month.units },
    ...{ dec: inUnits(month.collective?.decHundredths), fec: inUnits(month.collective?.fecHundredths) },
    ...Object.fromEntries(
      parcels.flatMap((parcel) => [
        [`dec${parcel}`, inUnits(each(parcel)?.decHundredths)],
        [`fec${parcel}`, inUnits(each(parcel)?.fecHundredths)],
      ]),
    ),
  }
}
