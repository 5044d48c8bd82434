import { oneOf } from '../../../platform/network/import/cells.ts'
import { plural, readSheet, type ImportFile } from '../../../platform/network/import/csv-text.ts'
import type { Faults } from '../../../platform/network/import/faults.ts'
import { officialText } from '../../../platform/regulation/official-csv.ts'
import { hundredths, name, year, type RegisterColumn } from './columns.ts'
import { readLines, type RegisterLine } from './read-rows.ts'

/** The columns that are taken of the regulator's file, by their names in lower case. A row is one indicator of one year. */
const columns: Readonly<Record<string, RegisterColumn>> = {
  ideconjundconsumidoras: name('Conjunto', '12345'),
  sigindicador: { ...name('Indicator', 'DEC'), kind: oneOf('dec', 'fec') },
  anolimitequalidade: year('Year'),
  vlrlimite: hundredths('Limit'),
}

/** Whether a file is the regulator's own (`indicadores-continuidade-coletivos-limite`), by its first line. */
export const isOfficialLimits = ({ bytes }: ImportFile): boolean =>
  /ideconjundconsumidoras/i.test(Buffer.from(bytes.subarray(0, 2_000)).toString('latin1').split('\n', 1)[0] ?? '')

/**
 * Reads limits as the regulator publishes them: one line an indicator, semicolons, decimal comma, UTF-8 or Latin-1. The file is of
 * the whole country.
 * Faults: besides cells, a year of a conjunto that has the limit of one indicator only, or two of one.
 * @param isOurs  whether a conjunto is one of this distributor: others are passed over
 * @returns rows of `conjunto-limits`, each at the line of its DEC; and how many lines were passed over
 */
export function readOfficialLimits(
  file: ImportFile,
  isOurs: (conjuntoId: string) => boolean,
  faults: Faults,
): { lines: RegisterLine[]; passedOver: number } {
  const utf8 = { name: file.name, bytes: Buffer.from(officialText(file.bytes, encodingOf(file.bytes))) }
  const sheet = readSheet(utf8, faults)
  if (!sheet) return { lines: [], passedOver: 0 }
  const missing = Object.keys(columns).filter((column) => !sheet.header.includes(column))
  if (missing.length > 0) {
    const problem = `${plural(missing.length, 'column')} missing: ${missing.join(', ')}`
    faults.add({ file: file.name, line: sheet.headerLine, problem })
    return { lines: [], passedOver: 0 }
  }
  const place = sheet.header.indexOf('ideconjundconsumidoras')
  const ours = sheet.rows.filter(({ cells }) => isOurs(cells[place]!))
  const lines = paired(file.name, readLines(columns, file.name, { ...sheet, rows: ours }, faults), faults)
  return { lines, passedOver: sheet.rows.length - ours.length }
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'iso-8859-1' {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return 'utf-8'
  } catch (error) {
    if (error instanceof TypeError) return 'iso-8859-1'
    throw error
  }
}

interface Pair {
  readonly conjunto_id: string
  readonly year: number
  readonly dec?: RegisterLine
  readonly fec?: RegisterLine
}

function paired(file: string, lines: readonly RegisterLine[], faults: Faults): RegisterLine[] {
  const pairs = new Map<string, Pair>()
  for (const one of lines) {
    const { ideconjundconsumidoras: id, sigindicador: indicator, anolimitequalidade: year, vlrlimite } = one.row
    // Faulty cells are told already.
    if (id == null || indicator == null || year == null || vlrlimite == null) continue
    const pair = pairs.get(`${id} ${year}`) ?? { conjunto_id: id as string, year: year as number }
    const before = pair[indicator as 'dec' | 'fec']
    const problem = `${String(indicator).toUpperCase()} of conjunto ${id} in ${year} is on line ${before?.line} already`
    if (before) faults.add({ file, line: one.line, problem })
    pairs.set(`${id} ${year}`, { ...pair, [indicator as string]: before ?? one })
  }
  return [...pairs.values()].flatMap(({ conjunto_id, year, dec, fec }) => {
    if (dec && fec) {
      const row = { conjunto_id, year, dec: dec.row['vlrlimite']!, fec: fec.row['vlrlimite']! }
      return [{ line: dec.line, row }]
    }
    const [has, lacks] = dec ? ['DEC', 'FEC'] : ['FEC', 'DEC']
    const problem = `conjunto ${conjunto_id} has a limit of ${has} in ${year}, and none of ${lacks}`
    faults.add({ file, line: (dec ?? fec)!.line, problem })
    return []
  })
}
