import type { OfficialLine, OfficialRow } from '../../../platform/regulation/official-csv.ts'
import { publishedPct, type Percentages } from './percentages.ts'

/** The distributor, as the regulator knows it. */
export interface Agent {
  /** As in the regulator's register of agents (SigAgente). */
  readonly acronym: string
  /** 14 characters, without marks. */
  readonly cnpj: string
}

export interface Quarter {
  readonly year: number
  /** 1 to 4. */
  readonly quarter: number
}

/** A drawn consumer unit: how many of its windows were precarious and critical, each in the phase that had most of them. */
export interface SampledUnit {
  readonly unitId: string
  readonly precarious: number
  readonly critical: number
}

/** What a distributor reports of a quarter. */
export interface QuarterIndicators extends Quarter {
  /** By unit. */
  readonly units: readonly SampledUnit[]
  /** Units with any critical window in 100 of the sample (ICC), %; null without a sample. */
  readonly iccPct: number | null
}

/** What was paid to the consumers of a conjunto for a month. */
export interface PaidCompensation {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  /** Null: of the whole distributor. */
  readonly conjunto: { readonly id: string; readonly name: string } | null
  /** In whole cents. */
  readonly paidBrl: number
}

/** A file that can be read and says what cannot be: names the line. */
export class OfficialContentError extends Error {
  override readonly name = 'OfficialContentError'
}

/** How the rows of a file are made. */
export interface ExportTerms {
  /** Civil day of the file, `YYYY-MM-DD`. */
  readonly generatedOn: string
  /** Valid windows of a measurement. */
  readonly windows: number
  readonly percentages: Percentages
}

/** Rows of the indicators of a quarter, by unit. */
export function* indicatorRows(
  { acronym, cnpj }: Agent,
  { year, quarter, units, iccPct }: QuarterIndicators,
  { generatedOn, windows, percentages }: ExportTerms,
): Generator<OfficialRow> {
  const row = (unitId: string | null, code: string, pct: number): OfficialRow => ({
    DatGeracaoConjuntoDados: generatedOn,
    ...{ SigAgente: acronym, NumCNPJ: cnpj, CodUndCnmSrt: unitId, SigIndicador: code },
    ...{ AnoIndice: year, NumPeriodoIndice: quarter, VlrIndiceEnviado: publishedPct(pct, percentages) },
  })
  for (const { unitId, precarious, critical } of units.toSorted(byUnit)) {
    yield row(unitId, 'DRP', (100 * precarious) / windows)
    yield row(unitId, 'DRC', (100 * critical) / windows)
  }
  if (iccPct !== null) yield row(null, 'ICC', iccPct)
}

/** What a file of indicators says. */
export interface ReadIndicators {
  readonly agents: readonly Agent[]
  /** Oldest first; `iccPct` to two decimals. */
  readonly quarters: readonly QuarterIndicators[]
  /** Rows of indicators that are none of ours, by code: passed over. */
  readonly others: Readonly<Record<string, number>>
}

/**
 * Indicators of the rows of a file. Two decimals of a percentage tell every count of 1,008 windows apart, so the counts come
 * back as they were, whether the percentages were cut or rounded.
 * @param windows  of a measurement
 * @throws OfficialContentError by line: a value that no count of windows has, a second value of the same, half a unit
 */
export function readIndicators(lines: readonly OfficialLine[], windows: number): ReadIndicators {
  const agents = new Map<string, Agent>()
  const others: Record<string, number> = {}
  const quarters = new Map<string, OpenQuarter>()
  for (const line of lines) {
    const { row } = line
    const code = String(row.SigIndicador).trim()
    const field = fields[code]
    if (!field && code !== 'ICC') {
      others[code] = (others[code] ?? 0) + 1
      continue
    }
    const agent = { acronym: String(row.SigAgente).trim(), cnpj: wholeCnpj(String(row.NumCNPJ)) }
    agents.set(`${agent.acronym} ${agent.cnpj}`, agent)
    const quarter = quarterOf(line, quarters)
    if (field) take(line, field, quarter, windows)
    else if (quarter.iccPct === null) quarter.iccPct = Number(row.VlrIndiceEnviado)
    else throw new OfficialContentError(`line ${line.line}: a second ICC of ${quarter.year}/${quarter.quarter}`)
  }
  const closed = [...quarters.values()].map(({ units, ...quarter }) => ({ ...quarter, units: closedUnits(units) }))
  return { agents: [...agents.values()], quarters: closed.toSorted(byQuarter), others }
}

/** Rows of what was paid. @param generatedOn  civil day, `YYYY-MM-DD` */
export function* compensationRows(
  { acronym, cnpj }: Agent,
  paid: Iterable<PaidCompensation>,
  generatedOn: string,
): Generator<OfficialRow> {
  for (const { year, month, conjunto, paidBrl } of paid)
    yield {
      DatGeracaoConjuntoDados: generatedOn,
      ...{ IdeConjUndConsumidoras: conjunto?.id ?? null, DscConjUndConsumidoras: conjunto?.name ?? null },
      ...{ SigAgente: acronym, NumCNPJ: cnpj, SigIndicador: 'COMPCONF' },
      ...{ AnoIndice: year, NumPeriodoIndice: month, VlrIndiceEnviado: paidBrl },
    }
}

/** What a file of compensation says was paid, in the order of the file; rows of other codes are passed over. */
export function readCompensation(lines: readonly OfficialLine[]): PaidCompensation[] {
  return lines
    .filter(({ row }) => String(row.SigIndicador).trim() === 'COMPCONF')
    .map(({ line, row }) => {
      const [year, month] = [Number(row.AnoIndice), Number(row.NumPeriodoIndice)]
      if (month < 1 || month > 12)
        throw new OfficialContentError(`line ${line}, NumPeriodoIndice: ${month} is no month, 1 to 12`)
      const id = row.IdeConjUndConsumidoras
      const conjunto = id == null ? null : { id: String(id), name: String(row.DscConjUndConsumidoras ?? '').trim() }
      return { year, month, conjunto, paidBrl: Number(row.VlrIndiceEnviado) }
    })
}

const fields: Readonly<Record<string, 'precarious' | 'critical'>> = {
  DRP: 'precarious',
  DRPt: 'precarious',
  DRC: 'critical',
  DRCt: 'critical',
}

type OpenUnit = { precarious?: number; critical?: number; readonly line: number }
interface OpenQuarter extends Quarter {
  iccPct: number | null
  readonly units: Map<string, OpenUnit>
}

function quarterOf({ line, row }: OfficialLine, quarters: Map<string, OpenQuarter>): OpenQuarter {
  const [year, quarter] = [Number(row.AnoIndice), Number(row.NumPeriodoIndice)]
  if (quarter < 1 || quarter > 4)
    throw new OfficialContentError(`line ${line}, NumPeriodoIndice: ${quarter} is no quarter, 1 to 4`)
  const known = quarters.get(`${year} ${quarter}`)
  if (known) return known
  const begun: OpenQuarter = { year, quarter, iccPct: null, units: new Map() }
  quarters.set(`${year} ${quarter}`, begun)
  return begun
}

function take(
  { line, row }: OfficialLine,
  field: 'precarious' | 'critical',
  quarter: OpenQuarter,
  windows: number,
): void {
  const unitId = row.CodUndCnmSrt
  if (unitId == null) throw new OfficialContentError(`line ${line}, CodUndCnmSrt: it must not be empty`)
  const unit = quarter.units.get(String(unitId)) ?? { line }
  if (unit[field] !== undefined)
    throw new OfficialContentError(
      `line ${line}: a second ${row.SigIndicador} of unit ${unitId} in ${quarter.year}/${quarter.quarter}`,
    )
  unit[field] = countOf(Number(row.VlrIndiceEnviado), windows, line)
  quarter.units.set(String(unitId), unit)
}

/** The count of windows whose percentage this is, cut or rounded to two decimals. */
function countOf(pct: number, windows: number, line: number): number {
  const count = Math.round((pct / 100) * windows)
  if (count < 0 || count > windows || Math.abs((100 * count) / windows - pct) >= 0.01)
    throw new OfficialContentError(`line ${line}, VlrIndiceEnviado: ${pct} is no share of ${windows} windows in %`)
  return count
}

const closedUnits = (units: OpenQuarter['units']): SampledUnit[] =>
  [...units]
    .map(([unitId, { precarious, critical, line }]) => {
      if (precarious === undefined || critical === undefined)
        throw new OfficialContentError(
          `line ${line}: unit ${unitId} has a ${precarious === undefined ? 'DRC and no DRP' : 'DRP and no DRC'}`,
        )
      return { unitId, precarious, critical }
    })
    .toSorted(byUnit)

const byUnit = (one: { unitId: string }, other: { unitId: string }): number => (one.unitId < other.unitId ? -1 : 1)
const byQuarter = (one: Quarter, other: Quarter): number => one.year - other.year || one.quarter - other.quarter

/** Published as a number it has lost the zeros in front. */
const wholeCnpj = (text: string): string => text.replaceAll(/[\s./-]/g, '').padStart(14, '0')
