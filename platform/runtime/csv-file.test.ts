import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { checkCells, columnsOf, faultAt, recordsOf, shown, type CsvRecord } from './csv-file.ts'

async function read(text: string): Promise<CsvRecord[]> {
  const records: CsvRecord[] = []
  for await (const record of recordsOf(Readable.from([Buffer.from(text)]))) records.push(record)
  return records
}

describe('a file of CSV', () => {
  it('is read with every line end, a byte order mark, quotation marks and empty lines', async () => {
    for (const end of ['\n', '\r\n', '\r'])
      assert.deepEqual(await read(`\uFEFF${['a, b', '"1, 2",3', '', '"x\ny",'].join(end)}`), [
        { line: 1, cells: ['a', 'b'] },
        { line: 2, cells: ['1, 2', '3'] },
        { line: 5, cells: ['x\ny', ''] },
      ])
  })

  it('says on which line it is none', async () => {
    await assert.rejects(read('a,b\n1,"2\n'), { name: 'FileError', message: /^line 2 is not CSV: / })
    await assert.rejects(read(`a\n${'x'.repeat(70_000)}\n`), { message: 'line 2 is longer than 65536 bytes' })
  })

  it('says why it cannot be read', async () => {
    const broken = new Readable({ read: () => broken.destroy(new Error('ENOENT')) })
    await assert.rejects(recordsOf(broken).next(), { name: 'FileError', message: 'cannot be read: ENOENT' })
  })
})

describe('columns of a file', () => {
  const header = (...cells: string[]): CsvRecord => ({ line: 1, cells })

  it('stand where they stand; what is not asked for is passed over', () => {
    const { count, index } = columnsOf(header('x', 'b', 'a'), ['a', 'b'], ['c'])
    assert.deepEqual([count, index], [3, { a: 2, b: 1 }])
  })

  for (const [cells, message] of [
    [['a', 'b'], 'line 1: the header "a,b" lacks the column c'],
    [['c', 'a', 'c'], 'line 1: the header "c,a,c" has the column c twice'],
    [['a;c'], /^line 1: the header "a;c" has semicolons: separate columns by commas/],
  ] as const)
    it(String(message), () =>
      assert.throws(() => columnsOf(header(...cells), ['c'], ['a']), { name: 'FileError', message }),
    )

  it('are as many in every row', () =>
    assert.throws(() => checkCells({ line: 7, cells: ['1'] }, 2), {
      message: 'line 7 has 1 cells where the header has 2',
    }))
})

describe('what is wrong with a value', () => {
  it('is one line, however long the value and whatever is in it', () => {
    assert.equal(faultAt(3, 'start', 'x\n', 'is no instant').message, 'line 3: start "x�" is no instant')
    assert.equal(faultAt(3, 'start', undefined, 'is missing').message, 'line 3: start "" is missing')
    assert.equal(shown('y'.repeat(100)).length, 81)
  })
})
