import assert from 'node:assert/strict'
import { rowsOf, type FileRow } from './cells.ts'
import { fileOf } from './row.fixture.ts'

type Name = 'a' | 'b'
async function rows(...lines: string[]): Promise<FileRow<Name>[]> {
  const all: FileRow<Name>[] = []
  for await (const row of rowsOf<Name>(fileOf(...lines), ['a'], ['b'])) all.push(row)
  return all
}
const cell = async (text: string): Promise<FileRow<Name>> => (await rows('x,a', `,${text}`))[0]!

describe('rows of a file', () => {
  it('have their line, and no text where there is no column', async () => {
    const all = await rows('b,a', '1,2', '', '3,')
    assert.deepEqual(
      all.map((row) => [row.line, row.text('a'), row.text('b')]),
      [
        [2, '2', '1'],
        [4, '', '3'],
      ],
    )
    assert.equal((await cell('2')).text('b'), '')
  })

  for (const [lines, message] of [
    [[], 'is empty: its first line names the columns'],
    [['b'], 'line 1: the header "b" lacks the column a'],
    [['a', '1', '1,2'], 'line 3 has 2 cells where the header has 1'],
  ] as const)
    it(message, () => assert.rejects(rows(...lines), { name: 'FileError', message }))
})

describe('a value of a row', () => {
  it('is what it says, or nothing', async () => {
    assert.equal((await cell('2026-03-01T00:00:00-03:00')).instant('a'), Date.UTC(2026, 2, 1, 3))
    assert.equal((await cell('1772334000000')).instant('a'), 1_772_334_000_000)
    assert.equal((await cell('12.5')).number('a'), 12.5)
    assert.deepEqual([(await cell('true')).flag('a'), (await cell('false')).flag('a')], [true, false])
    assert.equal((await cell('x')).choice('a', ['x', 'y']), 'x')
    const empty = await cell('')
    assert.deepEqual(
      [empty.instant('a'), empty.number('a'), empty.flag('a'), empty.choice('a', ['x'])],
      [null, null, false, null],
    )
  })

  for (const [text, read, problem] of [
    ['', (row) => row.named('a'), 'is empty'],
    ['y'.repeat(201), (row) => row.named('a'), 'is longer than 200 characters'],
    ['2026-03-01T00:00:00', (row) => row.instant('a'), /is neither ISO 8601 with an offset .* nor epoch milliseconds/],
    ['2026-02-30T00:00:00Z', (row) => row.instant('a'), /is neither ISO 8601/],
    ['99999999999999999', (row) => row.instant('a'), /is neither ISO 8601/],
    ['yes', (row) => row.flag('a'), 'is not true or false'],
    ['z', (row) => row.choice('a', ['x', 'y']), 'is not x or y'],
    ['-1', (row) => row.number('a'), 'is not a number from 0 on'],
    ['1e3', (row) => row.number('a'), 'is not a number from 0 on'],
    ['0', (row) => row.number('a', { above0: true }), 'is not a number above 0'],
    ['1.5', (row) => row.number('a', { whole: true }), 'is not a whole number from 0 on'],
  ] as [string, (row: FileRow<Name>) => unknown, string | RegExp][])
    it(`"${text.slice(0, 30)}" ${String(problem)}`, async () => {
      const row = await cell(text)
      const expected = typeof problem === 'string' ? new RegExp(`^line 2: a ".*" ${problem}$`) : problem
      assert.throws(() => read(row), { name: 'FileError', message: expected })
    })
})
