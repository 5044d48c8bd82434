import type { OfficialLine, OfficialRow } from '../../../platform/regulation/official-csv.ts'

/** The distributor, as the regulator knows it. */
export interface Agent {
  readonly name: string
  /** As in the regulator's register of agents (SigAgente). */
  readonly acronym: string
  /** 14 characters, without marks. */
  readonly cnpj: string
}

export interface Conjunto {
  readonly id: string
  readonly name: string
}

/** One value of a data set of indicators: all of them have this form. */
export interface OfficialIndex {
  readonly conjunto: Conjunto
  readonly year: number
  /** 1 to 12; null: of the year. */
  readonly month: number | null
  /** SigIndicador, as DECIP. */
  readonly code: string
  /** In hundredths: two decimals are what a file carries. */
  readonly hundredths: number
}

/** What is reported of a conjunto and month. */
export interface ReportedMonth {
  readonly conjunto: Conjunto
  readonly year: number
  readonly month: number
  /** By code. */
  readonly hundredths: Readonly<Record<string, number>>
}

/** The values of reported months, those of each in the order of the codes. */
export function* indexesOf(months: Iterable<ReportedMonth>, codes: readonly string[]): Generator<OfficialIndex> {
  for (const { conjunto, year, month, hundredths } of months)
    for (const code of codes)
      if (hundredths[code] !== undefined) yield { conjunto, year, month, code, hundredths: hundredths[code] }
}

/** A file that can be read and says what cannot be: names the line. */
export class OfficialContentError extends Error {
  override readonly name = 'OfficialContentError'
}

/** What a file of indicators says. */
export interface ReadIndexes {
  readonly indexes: readonly OfficialIndex[]
  /** Rows of other indicators, by code: passed over. */
  readonly others: Readonly<Record<string, number>>
}

/** Lines of one distributor, told by its CNPJ: published files have those of all. */
export function linesOfAgent(
  lines: readonly OfficialLine[],
  { cnpj }: Pick<Agent, 'cnpj'>,
): { readonly lines: readonly OfficialLine[]; readonly ofOthers: number } {
  const own = lines.filter(
    ({ row }) => wholeCnpj(textOf(row.NumCNPJ ?? row.NumCPFCNPJ ?? row.NumCNPJDistribuidora)) === cnpj,
  )
  return { lines: own, ofOthers: lines.length - own.length }
}

/** Rows of indicators by month. @param generatedOn  civil day of the file, `YYYY-MM-DD` */
export function* indexRows(
  agent: Agent,
  indexes: Iterable<OfficialIndex>,
  generatedOn: string,
): Generator<OfficialRow> {
  for (const { conjunto, year, month, code, hundredths } of indexes)
    yield {
      ...common(agent, conjunto, generatedOn),
      ...{ SigIndicador: code, AnoIndice: year, NumPeriodoIndice: month, VlrIndiceEnviado: hundredths / 100 },
    }
}

/** Rows of yearly limits. @param generatedOn  civil day of the file, `YYYY-MM-DD` */
export function* limitRows(
  agent: Agent,
  indexes: Iterable<OfficialIndex>,
  generatedOn: string,
): Generator<OfficialRow> {
  for (const { conjunto, year, code, hundredths } of indexes)
    yield {
      ...common(agent, conjunto, generatedOn),
      ...{ SigIndicador: code, AnoLimiteQualidade: year, VlrLimite: hundredths / 100 },
    }
}

const common = ({ acronym, cnpj }: Agent, { id, name }: Conjunto, generatedOn: string) => ({
  DatGeracaoConjuntoDados: generatedOn,
  ...{ IdeConjUndConsumidoras: id, DscConjUndConsumidoras: name, SigAgente: acronym, NumCNPJ: cnpj },
})

/**
 * Indicators of the rows of a file, in its order.
 * @param codes  those that are meant, as they are written here: capitals do not matter in a file
 * @throws OfficialContentError by line: no month, no year, a second value of the same
 */
export function readIndexes(lines: readonly OfficialLine[], codes: Iterable<string>): ReadIndexes {
  const written = new Map(Array.from(codes, (code) => [code.toUpperCase(), code]))
  const others: Record<string, number> = {}
  const indexes = new Map<string, OfficialIndex>()
  for (const { line, row } of lines) {
    const named = textOf(row.SigIndicador)
    const code = written.get(named.toUpperCase())
    if (code === undefined) {
      others[named] = (others[named] ?? 0) + 1
      continue
    }
    const index = { ...indexOf(line, row), code }
    const key = keyOf(index)
    if (indexes.has(key)) throw new OfficialContentError(`line ${line}: a second ${whatIs(index)}`)
    indexes.set(key, index)
  }
  return { indexes: [...indexes.values()], others }
}

function indexOf(line: number, row: OfficialRow): Omit<OfficialIndex, 'code'> {
  const conjunto = { id: textOf(row.IdeConjUndConsumidoras), name: textOf(row.DscConjUndConsumidoras) }
  const year = Number(row.AnoIndice ?? row.AnoLimiteQualidade)
  const month = row.NumPeriodoIndice == null ? null : Number(row.NumPeriodoIndice)
  if (year < 2000 || year > 2199) throw new OfficialContentError(`line ${line}: ${year} is no year, 2000 to 2199`)
  if (month !== null && (month < 1 || month > 12))
    throw new OfficialContentError(`line ${line}, NumPeriodoIndice: ${month} is no month, 1 to 12`)
  return { conjunto, year, month, hundredths: Math.round(Number(row.VlrIndiceEnviado ?? row.VlrLimite) * 100) }
}

/** A value that is not the same in a file and here, each null where it is absent. */
export interface IndexDifference {
  readonly conjuntoId: string
  readonly year: number
  readonly month: number | null
  readonly code: string
  readonly file: number | null
  readonly here: number | null
}

export interface IndexComparison {
  /** Values of the file. */
  readonly values: number
  readonly equal: number
  readonly differences: readonly IndexDifference[]
}

/**
 * A file's values beside those of here, both ways.
 * @param here  of the periods of the file
 */
export function compareIndexes(file: Iterable<OfficialIndex>, here: Iterable<OfficialIndex>): IndexComparison {
  const ofHere = new Map(Array.from(here, (index) => [keyOf(index), index]))
  const differences: IndexDifference[] = []
  let [values, equal] = [0, 0]
  for (const index of file) {
    values++
    const other = ofHere.get(keyOf(index))
    ofHere.delete(keyOf(index))
    if (other?.hundredths === index.hundredths) equal++
    else differences.push(differenceOf(index, index.hundredths, other?.hundredths ?? null))
  }
  for (const index of ofHere.values()) differences.push(differenceOf(index, null, index.hundredths))
  return { values, equal, differences }
}

const differenceOf = (
  { conjunto, year, month, code }: OfficialIndex,
  file: number | null,
  here: number | null,
): IndexDifference => ({
  ...{ conjuntoId: conjunto.id, year, month, code },
  ...{ file: file === null ? null : file / 100, here: here === null ? null : here / 100 },
})

const keyOf = ({ conjunto, year, month, code }: OfficialIndex): string =>
  JSON.stringify([conjunto.id, year, month, code])
const whatIs = ({ conjunto, year, month, code }: OfficialIndex): string =>
  `${code} of conjunto ${conjunto.id} in ${month === null ? year : `${year}/${month}`}`

/** Published texts may be filled up with spaces. */
export const textOf = (value: string | number | null | undefined): string => String(value ?? '').trim()

/** Published as a number it has lost the zeros in front. */
const wholeCnpj = (text: string): string => text.replaceAll(/[\s./-]/g, '').padStart(14, '0')
