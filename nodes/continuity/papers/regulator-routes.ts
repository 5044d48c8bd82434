import { Type } from '@sinclair/typebox'
import { platformClock } from '../../../platform/clock/clock.ts'
import { civilTimesIn, type CivilTimes } from '../../../platform/clock/civil-time.ts'
import { Nullable } from '../../../platform/http/fields.ts'
import { Keyset, serialKey } from '../../../platform/http/pages.ts'
import { badField } from '../../../platform/http/problem.ts'
import { defineRoute, type ApiRoute, type ScopedKey } from '../../../platform/http/route.ts'
import type { Services } from '../../../platform/http/services.ts'
import { publicCause } from '../domain/causes.ts'
import type { UnitsOut } from '../domain/outage-map.ts'
import { momentOfRegulator, regulatorMoment } from '../domain/regulator-moment.ts'
import { interruptionsUnderWay, unitsOutAt, unitsServed, type InterruptionUnderWay } from './out-repository.ts'

const tag = 'regulator'
const dayMs = 86_400_000
/** As long back as the regulator may ask: it wants seven days. */
const recoverableDays = 31
const mostInterruptions = 1_000
/** The regulator asks by the clocks of Brasília, wherever the distributor is. */
const brasilia = civilTimesIn('America/Sao_Paulo')

const key: ScopedKey = {
  scope: 'regulator',
  description: 'A key that an admin made for the regulator (`POST /api/api-keys`)',
}
const momentPattern = '^\\d{2}/\\d{2}/\\d{4} \\d{2}:\\d{2}$'
const moment = (description: string) =>
  Type.String({ description, pattern: momentPattern, examples: ['21/11/2026 14:30'] })
const number = (description: string) => Type.Integer({ minimum: 0, description })
const ideMunicipio = Nullable(Type.Integer({ description: 'IBGE code; null: the registry does not say' }))
const ideConjunto = Nullable(
  Type.Union([Type.Integer(), Type.String()], {
    description: 'Number of the conjunto; null: the registry does not say',
  }),
)
const recovery = {
  dthRecuperacao: Type.Optional(
    moment(
      `The instant that is asked for, by the clocks of Brasília, ${recoverableDays} days back at most; now unless given`,
    ),
  ),
}
const status = {
  idcStatusRequisicao: Type.Integer({ description: '1: it went well. What did not comes as a problem (RFC 9457)' }),
  emailIndisponibilidade: Type.String({ description: 'To whom to write when this does not answer' }),
  mensagem: Type.String({ description: 'Empty' }),
}
const Amounts = Type.Object(
  {
    ...status,
    interrupcaoFornecimento: Type.Array(
      Type.Object({
        ideConjuntoUnidadeConsumidora: ideConjunto,
        ideMunicipio,
        qtdUCsAtendidas: number('Units of the conjunto in the municipality'),
        qtdOcorrenciaProgramada: number('Of these, units in a programmed interruption'),
        qtdOcorrenciaNaoProgramada: number('Of these, units in another interruption'),
      }),
    ),
  },
  { $id: 'QuantitativoInterrupcoesAtivas' },
)
const UnderWay = Type.Object(
  {
    ...status,
    dthReferencia: moment('The instant that this is of, by the clocks of Brasília'),
    interrupcoes: Type.Array(
      Type.Object({
        ideInterrupcao: Type.Integer(),
        ideEvento: Type.Integer({ description: 'The same for interruptions of one root' }),
        ideMunicipio,
        ideConjuntoUnidadeConsumidora: ideConjunto,
        dscConjuntoUnidadeConsumidora: Nullable(Type.String()),
        dscAlimentador: Nullable(Type.String()),
        dscFusoHorario: Type.String({ description: 'Zone of the conjunto, whose clocks the moments are of' }),
        dthInicio: moment('When the first of the units lost supply'),
        dthPrevisaoRestabelecimento: Nullable(moment('When it is expected back, as somebody said; null: nobody has')),
        idcProgramada: Type.Boolean(),
        dscCausa: Nullable(Type.String({ description: 'In official words; null: not known yet', examples: ['Vento'] })),
        qtdUCsInterrompidas: number('Units without supply'),
      }),
      { description: 'By number, each once for every municipality and conjunto' },
    ),
    totais: Type.Object(
      {
        qtdUCsInterrompidas: number('Units without supply'),
        qtdUCsProgramada: number('Of these, in a programmed interruption'),
        qtdUCsNaoProgramada: number('Of these, in another'),
        municipios: Type.Array(Type.Object({ ideMunicipio, qtdUCsInterrompidas: number('Units without supply') })),
      },
      { description: 'Of all that was asked for, whatever the page' },
    ),
    nextCursor: Nullable(Type.String({ description: 'To be given as `cursor` for what follows; null: nothing does' })),
  },
  { $id: 'InterrupcoesAtivas' },
)
const numbers = new Keyset(Type.Object({ interruptionId: serialKey }))

/** What the regulator asks of a distributor: by its key, read only, in its own words and forms. */
export const regulatorRoutes = ({ database, environment }: Services): readonly ApiRoute[] => {
  const answered = { idcStatusRequisicao: 1, emailIndisponibilidade: environment.REGULATOR_EMAIL ?? '', mensagem: '' }
  return [
    defineRoute({
      method: 'GET',
      path: '/api/aneel/quantitativointerrupcoesativas',
      operationId: 'quantitativoInterrupcoesAtivas',
      summary: 'Units in interruptions under way, by conjunto and municipality',
      description:
        'As Ofício Circular 14/2025 of ANEEL has it, and REN 1.137/2025, art. 113. Sources: docs/continuity-papers.md.',
      ...{ tag, right: 'read' as const, key },
      query: Type.Object(recovery),
      answers: { 200: { description: 'The numbers', schema: Amounts } },
      async handle({ query: { dthRecuperacao } }) {
        const out = await unitsOutAt(database, instantOf(dthRecuperacao))
        const served = await unitsServed(database, [...new Set(out.map(({ conjuntoId }) => conjuntoId))])
        const atOnce = new Map(served.map((area) => [areaKey(area), area.units]))
        const items = [...Map.groupBy(out, areaKey)].map(([area, those]) => ({
          ideConjuntoUnidadeConsumidora: numberOf(those[0]!.conjuntoId),
          ideMunicipio: those[0]!.municipalityCode,
          qtdUCsAtendidas: atOnce.get(area) ?? 0,
          qtdOcorrenciaProgramada: sumOf(those.filter(({ programmed }) => programmed)),
          qtdOcorrenciaNaoProgramada: sumOf(those.filter(({ programmed }) => !programmed)),
        }))
        return { body: { ...answered, interrupcaoFornecimento: items.toSorted(byArea) } }
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/aneel/interrupcoesativas',
      operationId: 'interrupcoesAtivas',
      summary: 'Interruptions under way, one by one, and their totals',
      description: 'REN 1.137/2025, art. 113: its form is ours, for the regulator has published none.',
      ...{ tag, right: 'read' as const, key },
      query: Type.Object({
        ...recovery,
        ideMunicipio: Type.Optional(Type.Integer({ minimum: 1_000_000, maximum: 9_999_999, description: 'IBGE code' })),
        cursor: Type.Optional(
          Type.String({ minLength: 1, maxLength: 500, description: '`nextCursor` of the page before' }),
        ),
      }),
      answers: { 200: { description: `${mostInterruptions} interruptions a page`, schema: UnderWay } },
      async handle({ query: { dthRecuperacao, ideMunicipio: municipalityCode = null, cursor } }) {
        const at = instantOf(dthRecuperacao)
        const after = numbers.after(cursor)?.interruptionId ?? 0
        const scope = { at, municipalityCode, after, interruptions: mostInterruptions + 1 }
        const [rows, out] = await Promise.all([interruptionsUnderWay(database, scope), unitsOutAt(database, at)])
        const ids = [...new Set(rows.map(({ interruptionId }) => interruptionId))]
        const { items, nextCursor } = numbers.page(ids, mostInterruptions, (interruptionId) => ({ interruptionId }))
        const last = items.at(-1) ?? 0
        const asked = out.filter((one) => municipalityCode === null || one.municipalityCode === municipalityCode)
        return {
          body: {
            ...answered,
            dthReferencia: regulatorMoment(brasilia.textOf(at)),
            interrupcoes: rows
              .filter(({ interruptionId }) => interruptionId <= last)
              .map(shownIn(environment.TIME_ZONE)),
            totais: totalsOf(asked),
            nextCursor,
          },
        }
      },
    }),
  ]
}

/** @throws Problem 400 for what is no moment, or is of the future, or too long ago */
function instantOf(text: string | undefined): number {
  const now = platformClock.now()
  if (text === undefined) return now
  const written = momentOfRegulator(text)
  const instant = written === undefined ? undefined : brasilia.instantOf(written)
  if (instant === undefined) throw badField('query.dthRecuperacao', text, 'must be a moment such as 21/11/2026 14:30')
  if (instant > now || instant < now - recoverableDays * dayMs)
    throw badField('query.dthRecuperacao', text, `must be of the last ${recoverableDays} days`)
  return instant
}

const areaKey = ({ municipalityCode, conjuntoId }: Pick<UnitsOut, 'municipalityCode' | 'conjuntoId'>): string =>
  JSON.stringify([municipalityCode, conjuntoId])
const sumOf = (those: readonly { readonly units: number }[]): number => those.reduce((sum, { units }) => sum + units, 0)

/** The regulator's numbers of conjuntos are numbers; what somebody else calls one stays a text. */
const numberOf = (conjuntoId: string | null): number | string | null =>
  conjuntoId !== null && /^\d{1,9}$/.test(conjuntoId) ? Number(conjuntoId) : conjuntoId

type Area = { ideMunicipio: number | null; ideConjuntoUnidadeConsumidora: number | string | null }
const byArea = (one: Area, other: Area): number =>
  (one.ideMunicipio ?? Infinity) - (other.ideMunicipio ?? Infinity) ||
  String(one.ideConjuntoUnidadeConsumidora).localeCompare(String(other.ideConjuntoUnidadeConsumidora), 'en', {
    numeric: true,
  })

function shownIn(installationZone: string) {
  const clocks = new Map<string, CivilTimes>()
  const clockOf = (zone: string): CivilTimes => {
    const clock = clocks.get(zone) ?? civilTimesIn(zone)
    clocks.set(zone, clock)
    return clock
  }
  return ({ interruptionId, eventId, timeZone, since, restoredBy, ...one }: InterruptionUnderWay) => {
    const zone = timeZone ?? installationZone
    const momentOf = (instant: number): string => regulatorMoment(clockOf(zone).textOf(instant))
    return {
      ...{ ideInterrupcao: interruptionId, ideEvento: eventId, ideMunicipio: one.municipalityCode },
      ideConjuntoUnidadeConsumidora: numberOf(one.conjuntoId),
      dscConjuntoUnidadeConsumidora: one.conjuntoName,
      dscAlimentador: one.feederId,
      dscFusoHorario: zone,
      dthInicio: momentOf(since),
      dthPrevisaoRestabelecimento: restoredBy === null ? null : momentOf(restoredBy),
      ...{ idcProgramada: one.programmed, dscCausa: publicCause(one.cause), qtdUCsInterrompidas: one.units },
    }
  }
}

function totalsOf(out: readonly UnitsOut[]) {
  const byMunicipality = [...Map.groupBy(out, ({ municipalityCode }) => municipalityCode)]
  return {
    qtdUCsInterrompidas: sumOf(out),
    qtdUCsProgramada: sumOf(out.filter(({ programmed }) => programmed)),
    qtdUCsNaoProgramada: sumOf(out.filter(({ programmed }) => !programmed)),
    municipios: byMunicipality
      .map(([ideMunicipio, those]) => ({ ideMunicipio, qtdUCsInterrompidas: sumOf(those) }))
      .toSorted((one, other) => (one.ideMunicipio ?? Infinity) - (other.ideMunicipio ?? Infinity)),
  }
}
