import fc from 'fast-check'
import {
  officialCsv,
  officialText,
  readOfficialCsv,
  type OfficialLine,
  type OfficialRow,
  type OfficialShape,
} from '../../../platform/regulation/official-csv.ts'
import type { Agent, Conjunto } from '../domain/official-index.ts'

export const agent: Agent = { name: 'SÃO JOÃO ENERGIA', acronym: 'SÃO JOÃO', cnpj: '12ABC34501DE35' }
export const generatedOn = '2026-04-15'

/** Text as official files hold it: letters of Latin-1, nothing at its ends. */
export const wordsArbitrary = fc.stringMatching(/^[A-ZÀ-Ý][A-Za-zÀ-ÿ ';"=]{0,30}[a-zà-ÿ]$/)
export const conjuntoArbitrary: fc.Arbitrary<Conjunto> = fc.record(
  { id: fc.integer({ min: 1, max: 20_000 }).map(String), name: wordsArbitrary },
  { noNullPrototype: true },
)

/** What is read of a file that rows were written to. */
export async function readBack(shape: OfficialShape, rows: Iterable<OfficialRow>): Promise<OfficialLine[]> {
  const parts: Uint8Array[] = []
  for await (const part of officialCsv(shape, rows)) parts.push(part)
  return readOfficialCsv(shape, officialText(Buffer.concat(parts), shape.encoding))
}
