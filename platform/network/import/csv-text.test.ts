import assert from 'node:assert/strict'
import fc from 'fast-check'
import { file, told } from './csv.fixture.ts'
import { mostBytes, mostRows, readSheet } from './csv-text.ts'
import { Faults } from './faults.ts'

function read(bytes: Uint8Array | string): { sheet: ReturnType<typeof readSheet>; faults: string[] } {
  const faults = new Faults()
  const sheet = readSheet(
    { name: 'a.csv', bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes },
    faults,
  )
  return { sheet, faults: told(faults) }
}

const rows = (text: string) => read(text).sheet?.rows.map(({ line, cells }) => [line, ...cells])

describe('a CSV file', () => {
  it('is separated by what separates its header', () => {
    assert.equal(read('a,b;c,d\n').sheet?.separator, ',')
    assert.equal(read('a;b;c\n1;2,5;3').sheet?.separator, ';')
    assert.deepEqual(rows('a;b\n1,5;2'), [[2, '1,5', '2']])
    assert.equal(read('"a;x;y",b\n1,2').sheet?.separator, ',')
  })

  it('is read with and without byte order mark, with every kind of line end', () => {
    const expected = [
      [2, '1', '2'],
      [3, '3', 'ç'],
    ]
    for (const end of ['\n', '\r\n', '\r']) {
      for (const mark of ['', '\uFEFF']) {
        assert.deepEqual(rows(`${mark}a,b${end}1,2${end}3,ç${end}`), expected)
        assert.deepEqual(read(`${mark}a,b${end}`).sheet?.header, ['a', 'b'])
      }
    }
  })

  it('keeps its line numbers over empty lines and cells of several lines', () => {
    const text = 'a,b\r\n\r\n"x\r\ny",1\r\n , \r\n2,3\n'
    assert.deepEqual(rows(text), [
      [3, 'x\ny', '1'],
      [6, '2', '3'],
    ])
  })

  it('may have the empty columns that spreadsheets leave behind', () => {
    assert.deepEqual(read('A; b ;;\n1;2;;\n').sheet?.header, ['a', 'b'])
    assert.deepEqual(rows('a;b;;\n1;2;;\n3;4\n'), [
      [2, '1', '2'],
      [3, '3', '4'],
    ])
  })

  it('is told from one that is not UTF-8, by line', () => {
    const latin1 = Buffer.from('a,b\n1,2\ncaf\u00e9,3\n', 'latin1')
    assert.deepEqual(read(latin1).faults, ['a.csv line 3: is not UTF-8: save the file as "CSV UTF-8"'])
    assert.match(read(Buffer.from('\ufeffa,b\n1,2', 'utf16le')).faults[0]!, /line 1: is not UTF-8/)
  })

  it('has as many cells in each row as in the header', () => {
    assert.deepEqual(read('a,b,c\n1,2\n1,2,3\n1,2,3,4\n').faults, [
      'a.csv line 2: has 2 cells where the header has 3',
      'a.csv line 4: has 4 cells where the header has 3',
    ])
  })

  it('is read up to where its quotation marks are wrong', () => {
    for (const [text, fault] of [
      ['a,b\n1,2\n"x,3\n4,5', /^a\.csv line 3: .*never closed; what follows/],
      ['a,b\n1,2\n3,4"5\n', /^a\.csv line 3: .*within a cell/],
      ['a,b\n1,2\n"3"x,4\n', /^a\.csv line 3: .*followed by more text/],
    ] as const) {
      const { sheet, faults } = read(text)
      assert.match(faults.join(), fault)
      assert.deepEqual(sheet?.rows, [{ line: 2, cells: ['1', '2'] }])
      assert.equal(sheet.complete, false)
    }
  })

  it('is not empty', () => {
    for (const text of ['', '\n\n', ' \n', '\uFEFF']) assert.match(read(text).faults.join(), /is empty/)
  })

  it('has its bounds', () => {
    assert.match(read(new Uint8Array(mostBytes + 1)).faults.join(), /too large: 65 MiB, and 64 MiB/)
    assert.match(read(`a\n${'1\n'.repeat(mostRows + 1)}`).faults.join(), /more than 500000 rows/)
    assert.deepEqual(read(`a\n${'1\n'.repeat(mostRows)}`).faults, [])
  }).timeout(20_000)

  it('of any content is read or told wrong, and never throws (property)', () => {
    const mess = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(fc.constantFrom('a', 'b', ',', ';', '"', '\n', '\r', ' ', '\uFEFF', 'é', '\u0000'))
        .map((parts) => file('', parts.join('')).bytes),
    )
    fc.assert(
      fc.property(mess, (bytes) => {
        const { sheet, faults } = read(bytes)
        assert.ok(sheet || faults.length > 0)
        for (const { cells } of sheet?.rows ?? []) assert.equal(cells.length, sheet!.header.length)
      }),
      { numRuns: 500 },
    )
  })
})
