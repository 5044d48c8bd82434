import type { OfficialLine, OfficialRow } from '../../../platform/regulation/official-csv.ts'
import type { ElementKind } from './element.ts'
import { OfficialContentError, textOf, type Agent, type Conjunto } from './official-index.ts'

/** Why an interruption is not counted, as the regulator numbers it (to 2025) and words it (from 2026). */
const reasons = {
  none: { number: 0, words: 'Não houve Expurgo' },
  'unit-installation': { number: 1, words: 'Falha nas instalações da unidade consumidora sem afetar terceiros' },
  'unit-interest': { number: 2, words: 'Obras de interesse exclusivo do usuário' },
  'emergency-chi': { number: 3, words: 'Interrupção em Situação de Emergência (ISE) por meio de CHI' },
  'emergency-decree': { number: 3, words: 'Interrupção em Situação de Emergência (ISE) por meio de decreto' },
  suspension: { number: 4, words: 'Suspensão por inadimplemento do consumidor' },
  rationing: { number: 5, words: 'Interrupção vinculada a programa de racionamento instituído pela União' },
  'critical-day': { number: 6, words: 'Interrupção ocorrida em Dia Crítico' },
  'load-shedding': { number: 7, words: 'Interrupção oriunda de atuação de ERAC estabelecido pelo ONS' },
  'external-origin': { number: 8, words: 'Interrupção de origem externa ao sistema de distribuição' },
} as const
export type ReportedReason = keyof typeof reasons
export const reportedReasons = Object.keys(reasons) as readonly ReportedReason[]

const elementWords: Readonly<Record<ElementKind, string>> = {
  source: 'Fonte',
  switch: 'Chave',
  section: 'Trecho',
  transformer: 'Transformador',
  unit: 'Unidade consumidora',
}

/** Units of one conjunto (and municipality) that were without supply together: a line of the file. */
export interface ReportedInterruption {
  readonly interruptionId: string
  readonly eventId: string | null
  readonly occurrenceId: string | null
  readonly conjunto: Conjunto
  /** IBGE code. */
  readonly municipalityCode: number | null
  readonly feederId: string | null
  readonly substationId: string | null
  /** For which it counts. */
  readonly year: number
  /** 1 to 12; null: the layout does not say. */
  readonly month: number | null
  readonly programmed: boolean
  readonly origin: 'internal' | 'external'
  readonly reason: ReportedReason
  /** What the clocks of the conjunto showed, `YYYY-MM-DD HH:MM:SS`. */
  readonly from: string
  readonly until: string
  /** In the words of the regulator's list; null: not known. */
  readonly cause: string | null
  readonly detail: string | null
  /** V, to two decimals. */
  readonly voltageV: number | null
  readonly unitsOut: number
  readonly unitsOfConjunto: number
  readonly elementKind: ElementKind | null
}

/** Columns: 18 to 2025, 26 from then on. */
export type Layout = '18' | '26'
export const layoutOf = (year: number): Layout => (year < 2026 ? '18' : '26')

/** The layout that a file is in, by the names of its columns. */
export const layoutIn = (text: string): Layout => (/NumOrdemInterrupcao/.test(text.slice(0, 2_000)) ? '18' : '26')

/** What of an interruption a layout carries. */
export function carriedBy(layout: Layout, line: ReportedInterruption): ReportedInterruption {
  if (layout === '26') return line
  const reason = line.reason === 'emergency-chi' ? 'emergency-decree' : line.reason
  const [eventId, occurrenceId, municipalityCode, month, elementKind] = [null, null, null, null, null]
  return { ...line, reason, eventId, occurrenceId, municipalityCode, month, elementKind }
}

/** Rows of interruptions. @param generatedOn  civil day of the file, `YYYY-MM-DD` */
export function* interruptionRows(
  layout: Layout,
  agent: Agent,
  lines: Iterable<ReportedInterruption>,
  generatedOn: string,
): Generator<OfficialRow> {
  const rowOf = layout === '18' ? row18 : row26
  for (const line of lines) yield { DatGeracaoConjuntoDados: generatedOn, ...rowOf(agent, line) }
}

const originWords = { internal: 'Interna', external: 'Externa' } as const
const kindWords = (programmed: boolean): string => (programmed ? 'Programada' : 'Não Programada')
const notKnown = 'Não Identificada'
const between = ' - '

const row18 = ({ name, acronym, cnpj }: Agent, line: ReportedInterruption): OfficialRow => ({
  IdeConjuntoUnidadeConsumidora: line.conjunto.id,
  DscConjuntoUnidadeConsumidora: line.conjunto.name,
  DscAlimentadorSubestacao: line.feederId,
  DscSubestacaoDistribuicao: line.substationId,
  NumOrdemInterrupcao: line.interruptionId,
  DscTipoInterrupcao: kindWords(line.programmed),
  IdeMotivoInterrupcao: reasons[line.reason].number,
  DatInicioInterrupcao: line.from,
  DatFimInterrupcao: line.until,
  DscFatoGeradorInterrupcao: [
    originWords[line.origin],
    kindWords(line.programmed),
    line.cause ?? notKnown,
    ...(line.detail === null ? [] : [line.detail]),
  ].join(between),
  NumNivelTensao: line.voltageV,
  NumUnidadeConsumidora: line.unitsOut,
  NumConsumidorConjunto: line.unitsOfConjunto,
  NumAno: line.year,
  ...{ NomAgenteRegulado: name, SigAgente: acronym, NumCPFCNPJ: cnpj },
})

const row26 = ({ name, acronym, cnpj }: Agent, line: ReportedInterruption): OfficialRow => ({
  ...{ NumCNPJDistribuidora: cnpj, NomAgente: name, SigAgente: acronym },
  CodMunicipioIBGE: line.municipalityCode,
  CodInterrupcao: line.interruptionId,
  CodEvento: line.eventId,
  CodOcorrencia: line.occurrenceId,
  CodConjUnidadeConsumidora: line.conjunto.id,
  DscConjuntoUnidadeConsumidora: line.conjunto.name,
  CodAlimentador: line.feederId,
  CodSubestacao: line.substationId,
  AnoCompetencia: line.year,
  MesCompetencia: line.month,
  DscLocalizacaoInterrupcao: null,
  DscMotivoExpurgo: reasons[line.reason].words,
  DatInicioInterrupcao: line.from,
  DatFimInterrupcao: line.until,
  DscFatoGeradorOrigem: originWords[line.origin],
  DscFatoGeradorTipo: kindWords(line.programmed),
  DscFatoGeradorCausa: line.cause,
  DscFatoGeradorDetalhe: line.detail,
  NumNivelTensao: line.voltageV,
  QtdConsumidoresAfetados: line.unitsOut,
  QtdConsumidoresAtivos: line.unitsOfConjunto,
  DscTipoElementoInterrompido: line.elementKind && elementWords[line.elementKind],
})

/**
 * Interruptions of the rows of a file, in its order. Words are understood whatever their capitals and accents are.
 * @throws OfficialContentError by line: a word or number that is none of the regulator's, an end before the beginning
 */
export const readInterruptions = (layout: Layout, lines: readonly OfficialLine[]): ReportedInterruption[] =>
  lines.map((line) => {
    const read = layout === '18' ? read18(line) : read26(line)
    if (!(read.year >= 2000 && read.year <= 2199))
      throw new OfficialContentError(`line ${line.line}: ${read.year} is no year, 2000 to 2199`)
    if (read.until <= read.from)
      throw new OfficialContentError(`line ${line.line}: it ends at ${read.until}, and begins at ${read.from}`)
    return read
  })

function read18({ line, row }: OfficialLine): ReportedInterruption {
  const [origin, kind, cause, ...detail] = partsOf(textOf(row.DscFatoGeradorInterrupcao))
  const number = Number(row.IdeMotivoInterrupcao)
  const reason = reportedReasons.findLast((each) => reasons[each].number === number)
  if (!reason) throw new OfficialContentError(`line ${line}, IdeMotivoInterrupcao: ${number} is none of 0 to 8`)
  return {
    interruptionId: textOf(row.NumOrdemInterrupcao),
    ...{ eventId: null, occurrenceId: null, municipalityCode: null, month: null, elementKind: null },
    conjunto: { id: textOf(row.IdeConjuntoUnidadeConsumidora), name: textOf(row.DscConjuntoUnidadeConsumidora) },
    feederId: textOrNull(row.DscAlimentadorSubestacao),
    substationId: textOrNull(row.DscSubestacaoDistribuicao),
    year: Number(row.NumAno),
    programmed: programmedOf(line, 'DscTipoInterrupcao', textOf(row.DscTipoInterrupcao) || (kind ?? '')),
    origin: originOf(line, 'DscFatoGeradorInterrupcao', origin ?? ''),
    reason,
    ...{ from: textOf(row.DatInicioInterrupcao), until: textOf(row.DatFimInterrupcao) },
    cause: cause === undefined || isSame(cause, notKnown) ? null : cause,
    detail: detail.length > 0 ? detail.join(between) : null,
    voltageV: numberOrNull(row.NumNivelTensao),
    unitsOut: Number(row.NumUnidadeConsumidora),
    unitsOfConjunto: Number(row.NumConsumidorConjunto),
  }
}

function read26({ line, row }: OfficialLine): ReportedInterruption {
  const words = textOf(row.DscMotivoExpurgo)
  const reason = reportedReasons.find((each) => isSame(reasons[each].words, words))
  if (!reason)
    throw new OfficialContentError(`line ${line}, DscMotivoExpurgo: ${JSON.stringify(words)} is no known reason`)
  const element = textOf(row.DscTipoElementoInterrompido)
  const kinds = Object.keys(elementWords) as ElementKind[]
  const month = Number(row.MesCompetencia)
  if (month < 1 || month > 12)
    throw new OfficialContentError(`line ${line}, MesCompetencia: ${month} is no month, 1 to 12`)
  return {
    interruptionId: textOf(row.CodInterrupcao),
    eventId: textOrNull(row.CodEvento),
    occurrenceId: textOrNull(row.CodOcorrencia),
    conjunto: { id: textOf(row.CodConjUnidadeConsumidora), name: textOf(row.DscConjuntoUnidadeConsumidora) },
    municipalityCode: numberOrNull(row.CodMunicipioIBGE),
    feederId: textOrNull(row.CodAlimentador),
    substationId: textOrNull(row.CodSubestacao),
    ...{ year: Number(row.AnoCompetencia), month },
    programmed: programmedOf(line, 'DscFatoGeradorTipo', textOf(row.DscFatoGeradorTipo)),
    origin: originOf(line, 'DscFatoGeradorOrigem', textOf(row.DscFatoGeradorOrigem)),
    reason,
    ...{ from: textOf(row.DatInicioInterrupcao), until: textOf(row.DatFimInterrupcao) },
    cause: textOrNull(row.DscFatoGeradorCausa),
    detail: textOrNull(row.DscFatoGeradorDetalhe),
    voltageV: numberOrNull(row.NumNivelTensao),
    unitsOut: Number(row.QtdConsumidoresAfetados),
    unitsOfConjunto: Number(row.QtdConsumidoresAtivos),
    elementKind: kinds.find((kind) => isSame(elementWords[kind], element)) ?? null,
  }
}

/** Distributors part them in one of three ways: as they part the first one, which is one word. */
function partsOf(text: string): string[] {
  const [separator] = /;| - |\//.exec(text) ?? [between]
  return text.split(separator).map((part) => part.trim())
}

function programmedOf(line: number, column: string, words: string): boolean {
  if (isSame(words, 'Programada')) return true
  if (isSame(words, 'Não Programada')) return false
  throw new OfficialContentError(
    `line ${line}, ${column}: ${JSON.stringify(words)} is not Programada or Não Programada`,
  )
}

function originOf(line: number, column: string, words: string): 'internal' | 'external' {
  if (/^intern/i.test(words)) return 'internal'
  if (/^extern/i.test(words)) return 'external'
  throw new OfficialContentError(
    `line ${line}, ${column}: ${JSON.stringify(words)} does not begin with Interna or Externa`,
  )
}

const bare = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toUpperCase()
const isSame = (one: string, other: string): boolean => bare(one) === bare(other)
const textOrNull = (value: string | number | null | undefined): string | null => textOf(value) || null
const numberOrNull = (value: string | number | null | undefined): number | null =>
  value == null ? null : Number(value)
