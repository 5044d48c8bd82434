import { holdsOn, ruleOn, type Regulated } from '../../../platform/regulation/regulated.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import { criticalDayLimits, emergencyLimits, limitTables, type Area, type EventLimits } from './limit-tables.ts'

/** Most that one unit may be without supply before it is compensated. */
export interface IndividualLimits {
  /** Hours and interruptions of a month, longest interruption of a month in hours. */
  readonly dicH: number
  readonly fic: number
  readonly dmicH: number
  /** Hours of one event of a critical day, and of one of a situation of emergency; null where there is no such limit. */
  readonly dicriH: number | null
  readonly diseH: number | null
  /** Where they are written, and how sure that is. */
  readonly source: string
}

/** Limits that the distributor entered; null: as the norm has them in general. */
export type EnteredLimits = IndividualLimits

/** A row of the norm's tables that the distributor entered. */
export interface EnteredRow extends EnteredLimits {
  readonly voltageClass: VoltageClass
  /** Null: both. */
  readonly area: Area | null
  /** Yearly limit of the conjunto up to which it holds, itself included; null: above all others. */
  readonly upToHundredths: number | null
  /** First month, `YYYY-MM`: rows of one class and area that begin together replace those before. */
  readonly fromMonth: string
}

/** What says which limits hold for a unit. */
export interface LimitFacts {
  /** `YYYY-MM` */
  readonly month: string
  /** Null: not known, as the three that follow. */
  readonly voltageClass: VoltageClass | null
  readonly area: Area | null
  readonly conjuntoId: string | null
  /** Yearly limits of its conjunto. */
  readonly conjuntoLimit: { readonly decHundredths: number; readonly fecHundredths: number } | null
  /** Those of the unit alone that hold in the month. */
  readonly own: EnteredLimits | null
}

/** Why no limits can be said: one line that names what is missing. */
export interface MissingLimits {
  readonly missing: string
}

/**
 * The limits of one unit and month: its own, else those of a row that the distributor entered, else those of Anexo 8.B as far as
 * they are known here. DIC, DMIC, DICRI and DISE go by the conjunto's yearly limit of DEC, FIC by that of FEC (PRODIST Módulo 8
 * v14, item 216).
 * @param entered  rows of all classes and months
 */
export function individualLimitsOf(
  facts: LimitFacts,
  entered: readonly EnteredRow[],
): IndividualLimits | MissingLimits {
  const { month, voltageClass, area, conjuntoId, conjuntoLimit, own } = facts
  if (voltageClass === null) return { missing: 'the voltage of the unit is not known' }
  if (own) return withEventLimits(own, voltageClass, area, month)
  if (conjuntoId === null) return { missing: 'the unit is of no conjunto' }
  if (conjuntoLimit === null)
    return { missing: `the limits of DEC and FEC of conjunto ${conjuntoId} for ${month.slice(0, 4)} are not known` }
  if (area === null && voltageClass !== 'AT')
    return { missing: 'whether the unit is urban or non_urban (its area) is not known' }
  const byDec = rowFor(voltageClass, area, conjuntoLimit.decHundredths, month, entered)
  const byFec = rowFor(voltageClass, area, conjuntoLimit.fecHundredths, month, entered)
  for (const [row, name, hundredths] of [
    [byDec, 'DEC', conjuntoLimit.decHundredths],
    [byFec, 'FEC', conjuntoLimit.fecHundredths],
  ] as const)
    if (!row) return { missing: rowMissing(voltageClass, area, name, hundredths, month) }
  const source = byDec!.source === byFec!.source ? byDec!.source : `${byDec!.source}; FIC: ${byFec!.source}`
  return withEventLimits({ ...byDec!, fic: byFec!.fic, source }, voltageClass, area, month)
}

type Row = EnteredLimits

function rowFor(
  voltageClass: VoltageClass,
  area: Area | null,
  hundredths: number,
  month: string,
  entered: readonly EnteredRow[],
): Row | undefined {
  const rows = rowsInForce(voltageClass, area, month, entered)
  if (rows.length > 0)
    return rows
      .filter(({ upToHundredths }) => hundredths <= (upToHundredths ?? Infinity))
      .reduce<EnteredRow | undefined>((least, row) => (least && bound(least) <= bound(row) ? least : row), undefined)
  for (const { source, value, ...period } of limitTables) {
    if (value.voltageClass !== voltageClass || value.area !== area) continue
    if (!holdsOn({ ...period, source, value }, `${month}-01`)) continue
    const found = value.rows.find(({ range }) => range && hundredths > range[0] && hundredths <= range[1])
    if (found) return { ...found, source }
  }
  return undefined
}

const bound = ({ upToHundredths }: EnteredRow): number => upToHundredths ?? Infinity

/** The newest rows of a class that have begun; those of its area go before those of both. */
function rowsInForce(
  voltageClass: VoltageClass,
  area: Area | null,
  month: string,
  entered: readonly EnteredRow[],
): readonly EnteredRow[] {
  const begun = entered.filter((row) => row.voltageClass === voltageClass && row.fromMonth <= month)
  const ofArea = begun.filter((row) => row.area !== null && row.area === area)
  const candidates = ofArea.length > 0 ? ofArea : begun.filter((row) => row.area === null)
  const newest = candidates.reduce((latest, { fromMonth }) => (fromMonth > latest ? fromMonth : latest), '')
  return candidates.filter(({ fromMonth }) => fromMonth === newest)
}

/** What is said of events in general stands in for what a row does not say. */
function withEventLimits(
  { dicH, fic, dmicH, dicriH, diseH, source }: EnteredLimits,
  voltageClass: VoltageClass,
  area: Area | null,
  month: string,
): IndividualLimits | MissingLimits {
  const general = {
    dicri: ruleOn('DICRI', criticalDayLimits, `${month}-01`),
    dise: ruleOn('DISE', emergencyLimits, `${month}-01`),
  }
  const dicri = eventLimit(dicriH, general.dicri, voltageClass, area)
  const dise = eventLimit(diseH, general.dise, voltageClass, area)
  for (const [name, limit] of [
    ['DICRI', dicri],
    ['DISE', dise],
  ] as const)
    if (limit === undefined)
      return {
        missing: `the limit of ${name} for ${said(voltageClass, area)} in ${month} is not known: enter it in the row`,
      }
  const sources = [
    source,
    ...(dicriH === null && dicri !== null ? [`DICRI: ${general.dicri.source}`] : []),
    ...(diseH === null && dise !== null ? [`DISE: ${general.dise.source}`] : []),
  ]
  return { dicH, fic, dmicH, dicriH: dicri!, diseH: dise!, source: sources.join('; ') }
}

/** @returns null where the class has no such limit, undefined where it is not known */
function eventLimit(
  entered: number | null,
  { value }: Regulated<EventLimits>,
  voltageClass: VoltageClass,
  area: Area | null,
): number | null | undefined {
  const byArea = value[voltageClass]
  if (!byArea) return null
  return entered ?? (area === null ? undefined : byArea[area])
}

const said = (voltageClass: VoltageClass, area: Area | null): string =>
  area ? `${voltageClass} ${area}` : voltageClass

const rowMissing = (
  voltageClass: VoltageClass,
  area: Area | null,
  name: string,
  hundredths: number,
  month: string,
): string =>
  `no row of Anexo 8.B is known for ${said(voltageClass, area)} with a yearly limit of ${name} of ${(hundredths / 100).toFixed(2)} in ${month}: enter it`
