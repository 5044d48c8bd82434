import assert from 'node:assert/strict'
import { Type } from '@sinclair/typebox'
import fc from 'fast-check'
import { parse } from 'csv-parse/sync'
import { describe, it } from 'mocha'
import { csvColumnsOf, csvLines, type CsvColumn } from './csv.ts'
import { Nullable } from './fields.ts'

const columns: CsvColumn[] = [
  { name: 'id', kind: 'text' },
  { name: 'kw', kind: 'number' },
]

async function csvOf(rows: Iterable<unknown>, of = columns): Promise<string> {
  let csv = ''
  for await (const line of csvLines(of, rows)) csv += line
  return csv
}

describe('CSV', () => {
  it('begins with the names, and ends each line with CRLF', async () => {
    assert.equal(await csvOf([]), 'id,kw\r\n')
    assert.equal(await csvOf([{ id: 'a', kw: 1.5 }]), 'id,kw\r\na,1.5\r\n')
  })

  it('quotes what would be taken for the end of a cell', async () => {
    assert.equal(await csvOf([{ id: 'a,"b"\nc', kw: 0 }]), 'id,kw\r\n"a,""b""\nc",0\r\n')
  })

  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://evil.example")']) {
    it(`makes ${JSON.stringify(text)} harmless as a text`, async () => {
      const [, row] = parse(await csvOf([{ id: text, kw: 0 }])) as string[][]
      assert.equal(row![0], `'${text}`)
    })
  }

  it('writes a number as it is, a negative one and one that came as text too', async () => {
    assert.equal(
      await csvOf([
        { id: 'a', kw: -2.5 },
        { id: 'b', kw: '-2.50' },
      ]),
      'id,kw\r\na,-2.5\r\nb,-2.50\r\n',
    )
  })

  it('leaves empty what is absent, writes instants in ISO 8601 and takes values where the column says', async () => {
    const at: CsvColumn = { name: 'at', kind: 'text', value: ({ when }: { when: Date | null }) => when }
    assert.equal(
      await csvOf([{ when: new Date(0) }, { when: null }, {}], [at, columns[1]!]),
      'at,kw\r\n1970-01-01T00:00:00.000Z,\r\n,\r\n,\r\n',
    )
  })

  it('has a column for each field of a schema: a number where it is one or null', () =>
    assert.deepEqual(
      csvColumnsOf(
        Type.Object({
          ...{ unitId: Type.String(), windows: Type.Integer(), drpPct: Nullable(Type.Number()) },
          ...{ reason: Nullable(Type.String()), violated: Type.Boolean(), band: Type.Optional(Type.String()) },
        }),
      ).map(({ name, kind }) => `${name} ${kind}`),
      ['unitId text', 'windows number', 'drpPct number', 'reason text', 'violated text', 'band text'],
    ))

  it('is read again as it was written, whatever the text (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), async (texts) => {
        const read = parse(await csvOf(texts.map((id) => ({ id, kw: 1 }))), { record_delimiter: '\r\n' }) as string[][]
        const expected = texts.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text))
        assert.deepEqual(
          read.slice(1).map(([id]) => id),
          expected,
        )
      }),
    )
  })
})
