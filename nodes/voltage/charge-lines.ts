import { identifier, quantity, Unusable, words, type CellKind } from '../../platform/network/import/cells.ts'
import { plural, readSheet, type Row } from '../../platform/network/import/csv-text.ts'
import { Faults } from '../../platform/network/import/faults.ts'
import type { Charge } from './charge-repository.ts'

/** A charge, and the line that says it. */
export interface ChargeLine extends Charge {
  readonly line: number
}

export const chargesFile = 'charges.csv'
/** So that a compensation, up to some twenty times as much, still is an amount that can be booked: `numeric(14, 2)`. */
export const mostEusdBrl = 9_999_999_999
const columns = ['unit_id', 'month', 'eusd_brl', 'source'] as const
type Column = (typeof columns)[number]

const monthKind: CellKind<string> = (text) =>
  /^(19|20|21)\d\d-(0[1-9]|1[0-2])$/.test(text) ? text : new Unusable('not a month (2026-11)')

const money: CellKind<number> = (text, reading) => {
  const value = quantity('R$', 0, mostEusdBrl)(text, reading)
  return value instanceof Unusable || isWholeCents(value) ? value : new Unusable('not an amount in whole cents')
}

export const isWholeCents = (brl: number): boolean => Math.abs(brl * 100 - Math.round(brl * 100)) < 1e-4

const kinds = { unit_id: identifier, month: monthKind, eusd_brl: money, source: words } as const

/**
 * Reads charges (EUSD) from CSV: `unit_id, month, eusd_brl, source`, separated by comma, or by semicolon with a decimal comma.
 * @throws ImportError naming every line that is wrong
 */
export function readCharges(csv: string): ChargeLine[] {
  const faults = new Faults([chargesFile])
  const sheet = readSheet({ name: chargesFile, bytes: new TextEncoder().encode(csv) }, faults)
  faults.check()
  const { header, headerLine, separator, rows } = sheet!
  const missing = columns.filter((column) => !header.includes(column))
  const unknown = header.filter((name) => !columns.includes(name as Column))
  const twice = columns.filter((name) => header.indexOf(name) !== header.lastIndexOf(name))
  const problem = [
    ...(missing.length > 0 ? [`${plural(missing.length, 'column')} missing: ${missing.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`the columns are ${columns.join(separator)}, not ${unknown.join(', ')}`] : []),
    ...(twice.length > 0 ? [`${twice.join(', ')} ${twice.length === 1 ? 'is' : 'are'} there twice`] : []),
  ].join('; ')
  if (problem) faults.add({ file: chargesFile, line: headerLine, problem })
  faults.check()
  const reading = { decimalMark: separator === ';' ? (',' as const) : ('.' as const), dayStart: () => undefined }
  const lines = rows.map((row) => readLine(row, header, reading, faults))
  checkTwice(lines, faults)
  faults.check()
  return lines
}

function readLine(
  { line, cells }: Row,
  header: readonly string[],
  reading: Parameters<CellKind<unknown>>[1],
  faults: Faults,
): ChargeLine {
  const cell = <T>(column: Column, kind: CellKind<T>): T => {
    const text = cells[header.indexOf(column)]!
    const value = text === '' ? new Unusable('empty') : kind(text, reading)
    if (value instanceof Unusable) faults.add({ file: chargesFile, line, column, value: text, problem: value.problem })
    return value as T
  }
  return {
    line,
    unitId: cell('unit_id', kinds.unit_id),
    month: cell('month', kinds.month),
    eusdBrl: cell('eusd_brl', kinds.eusd_brl),
    source: cell('source', kinds.source),
  }
}

function checkTwice(lines: readonly ChargeLine[], faults: Faults): void {
  const seen = new Map<string, number>()
  for (const { line, unitId, month } of lines) {
    const key = `${unitId} ${month}`
    const before = seen.get(key)
    if (before !== undefined)
      faults.add({ file: chargesFile, line, problem: `${unitId} has its charge of ${month} on line ${before} already` })
    else seen.set(key, line)
  }
}
