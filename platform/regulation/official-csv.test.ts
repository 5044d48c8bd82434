import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  officialCsv,
  OfficialCsvError,
  type OfficialEncoding,
  type OfficialRow,
  type OfficialShape,
  officialText,
  readOfficialCsv,
} from './official-csv.ts'

const shape: OfficialShape = {
  resource: 'a-data-set',
  separator: ';',
  encoding: 'iso-8859-1',
  columns: [
    { name: 'DatGeracaoConjuntoDados', kind: 'day', optional: true },
    { name: 'DscConjUndConsumidoras', kind: 'text' },
    { name: 'NumPeriodoIndice', kind: 'integer' },
    { name: 'VlrIndiceEnviado', kind: 'decimal', decimals: 2 },
  ],
  source: 'made up',
  doubts: [],
}
const row = (changes: OfficialRow = {}): OfficialRow => ({
  ...{ DatGeracaoConjuntoDados: '2026-11-21', DscConjUndConsumidoras: 'São João', NumPeriodoIndice: 3 },
  ...{ VlrIndiceEnviado: 8.03, ...changes },
})

async function bytesOf(rows: Iterable<OfficialRow>, of: OfficialShape = shape): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of officialCsv(of, rows)) parts.push(part)
  return Buffer.concat(parts)
}

const head = 'DatGeracaoConjuntoDados;DscConjUndConsumidoras;NumPeriodoIndice;VlrIndiceEnviado'
const readRows = (text: string): OfficialRow[] => readOfficialCsv(shape, text).map((line) => line.row)

describe('an official file', () => {
  it('has a decimal comma, Latin-1 letters and CRLF', async () => {
    assert.equal((await bytesOf([row()])).toString('latin1'), `${head}\r\n2026-11-21;São João;3;8,03\r\n`)
    assert.equal(
      (await bytesOf([row({ VlrIndiceEnviado: 0 })])).toString('latin1').split(/\r\n/)[1]!.slice(-5),
      ';0,00',
    )
  })

  it('quotes what would fall apart, and nothing else', async () => {
    const [, ...lines] = (await bytesOf([row({ DscConjUndConsumidoras: 'a;b "c"' })])).toString('latin1').split('\r\n')
    assert.deepEqual(lines, ['2026-11-21;"a;b ""c""";3;8,03', ''])
  })

  for (const text of ['=1+1', '+55 11', '-x', '@sum', "'=1", "''-"])
    it(`keeps ${text} from being a formula, and gives it back`, async () => {
      const written = (await bytesOf([row({ DscConjUndConsumidoras: text })])).toString('latin1')
      assert.ok(written.includes(`;'${text};`), written)
      assert.equal(readRows(written)[0]!.DscConjUndConsumidoras, text)
    })

  for (const [changes, why] of [
    [{ VlrIndiceEnviado: 8.0357 }, /row 1, VlrIndiceEnviado: 8.0357 has more than 2 decimals/],
    [{ VlrIndiceEnviado: Infinity }, /is no number/],
    [{ VlrIndiceEnviado: '8,03' }, /is no number/],
    [{ NumPeriodoIndice: 1.5 }, /row 1, NumPeriodoIndice: 1.5 has more than 0 decimals/],
    [{ DscConjUndConsumidoras: null }, /DscConjUndConsumidoras: null is nothing, and it must not be empty/],
    [{ DscConjUndConsumidoras: 'a – b' }, /has "–", which iso-8859-1 cannot carry/],
    [{ DscConjUndConsumidoras: 'a\nb' }, /has "\\n"/],
    [{ DatGeracaoConjuntoDados: '2026-02-30' }, /is no day/],
  ] as const)
    it(`is not written with ${JSON.stringify(changes)}`, () =>
      assert.rejects(bytesOf([row(changes)]), (error) => error instanceof OfficialCsvError && why.test(error.message)))

  it('is read as the regulator writes it: any order, more columns, quotes, no zero before the comma, other days', () => {
    const text =
      '"VlrIndiceEnviado";"NumPeriodoIndice";"Outra";"DscConjUndConsumidoras";"DatGeracaoConjuntoDados"\n",5";"3";"x";"São João ";"21-11-2026"\n'
    assert.deepEqual(readRows(text), [row({ VlrIndiceEnviado: 0.5, DscConjUndConsumidoras: 'São João ' })])
  })

  it('has moments, as the regulator writes them', async () => {
    const moments: OfficialShape = { ...shape, columns: [{ name: 'DatInicioInterrupcao', kind: 'moment' }] }
    const read = (text: string) =>
      readOfficialCsv(moments, `DatInicioInterrupcao\n${text}\n`)[0]!.row.DatInicioInterrupcao
    const written = await bytesOf([{ DatInicioInterrupcao: '2017-11-29 08:18:37' }], moments)
    assert.equal(written.toString('latin1'), 'DatInicioInterrupcao\r\n2017-11-29 08:18:37\r\n')
    for (const text of ['2017-11-29 08:18:37', '2017-11-29T08:18:37.999', '29/11/2017 08:18:37', '29-11-2017 08:18:37'])
      assert.equal(read(text), '2017-11-29 08:18:37')
    assert.equal(read('29/11/2017 08:18'), '2017-11-29 08:18:00')
    for (const text of ['2017-11-29', '2017-02-29 08:18:37', '2017-11-29 24:00:00', '2017-11-29 08:60:00'])
      assert.throws(() => read(text), /line 2, DatInicioInterrupcao: .* it takes a moment/)
    await assert.rejects(bytesOf([{ DatInicioInterrupcao: '2017-11-29' }], moments), /is no moment/)
  })

  it('may do without an optional column', () => {
    const [read] = readRows('DscConjUndConsumidoras;NumPeriodoIndice;VlrIndiceEnviado\nA;1;2,00\n')
    assert.equal(read!.DatGeracaoConjuntoDados, null)
  })

  for (const [text, why] of [
    ['', /the file is empty/],
    ['DscConjUndConsumidoras\nA\n', /line 1: there is no column NumPeriodoIndice/],
    [`${head}\n;A;1\n`, /line 2: has 3 cells where the first line has 4/],
    [
      `${head}\n;A;1;2,00\n\n;B;1;2.00\n`,
      /line 4, VlrIndiceEnviado: "2.00" cannot be read: it takes a number such as 1,25/,
    ],
    [`${head}\n;A;1;1.234,00\n`, /line 2, VlrIndiceEnviado/],
    [`${head}\n;A;1;\n`, /line 2, VlrIndiceEnviado: "" cannot be read: it must not be empty/],
    [`${head}\n;;1;2,00\n`, /line 2, DscConjUndConsumidoras/],
    [`${head}\n31-02-2026;A;1;2,00\n`, /line 2, DatGeracaoConjuntoDados/],
    [`${head}\n;"A;1;2,00\n`, /line 2: its quotation marks are wrong/],
  ] as const)
    it(`that is ${JSON.stringify(text.slice(0, 100))} is refused by line`, () =>
      assert.throws(
        () => readRows(text),
        (error) => error instanceof OfficialCsvError && why.test(error.message),
      ))

  it('is UTF-8 where it says so', () => {
    assert.equal(officialText(Buffer.from('\uFEFFSão', 'utf8'), 'iso-8859-1'), 'São')
    assert.equal(officialText(Buffer.from('S\xe3o \x96', 'latin1'), 'iso-8859-1'), 'São –')
    assert.throws(() => officialText(Buffer.from('S\xe3o', 'latin1'), 'utf-8'), OfficialCsvError)
  })

  const latin1 = fc.string({
    unit: fc.oneof(fc.constantFrom('=', '+', '-', '@', "'", '"', ';', ',', ' ', 'ã', 'ÿ'), letters(0xff)),
    minLength: 1,
  })
  const unicode = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/\p{Cc}|\ufeff|\p{Cs}/u.test(text))
  const cents = fc.integer({ min: -1e12, max: 1e12 }).map((units) => units / 100 + 0)

  for (const [encoding, text] of [
    ['iso-8859-1', latin1],
    ['utf-8', unicode],
  ] as [OfficialEncoding, fc.Arbitrary<string>][])
    for (const separator of [';', ','] as const)
      it(`in ${encoding} with ${separator} reads back as what was written (property)`, () =>
        fc.assert(
          fc.asyncProperty(fc.array(fc.record({ text, cents, period: fc.integer() })), async (items) => {
            const of = { ...shape, encoding, separator }
            const rows = items.map(({ text, cents, period }) =>
              row({ DscConjUndConsumidoras: text, VlrIndiceEnviado: cents, NumPeriodoIndice: period }),
            )
            const read = readOfficialCsv(of, officialText(await bytesOf(rows, of), encoding))
            assert.deepEqual(
              read,
              rows.map((written, index) => ({ line: index + 2, row: written })),
            )
          }),
        ))
})

/** Letters that a line can carry, up to a code point. */
function letters(last: number): fc.Arbitrary<string> {
  return fc
    .integer({ min: 0x20, max: last })
    .filter((code) => code < 0x7f || code > 0x9f)
    .map((code) => String.fromCodePoint(code))
}
