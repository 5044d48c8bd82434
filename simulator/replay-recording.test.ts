import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRecording } from './replay-recording.ts'

describe('a recording', () => {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-recording-'))
  after(() => rmSync(folder, { recursive: true }))
  let files = 0
  const fileOf = (text: string): string => {
    const path = join(folder, `${++files}.csv`)
    writeFileSync(path, text)
    return path
  }
  async function read(text: string) {
    const { header, decimalMark, rows } = await openRecording(fileOf(text))
    const read: unknown[] = []
    for await (const row of rows) read.push('cells' in row ? [row.line, ...row.cells] : [row.line, row.problem])
    return { header, decimalMark, rows: read }
  }

  for (const end of ['\n', '\r\n']) {
    it(`is read row by row, each with its line, whatever ends it: ${JSON.stringify(end)}`, async () => {
      assert.deepEqual(await read(['\ufefftimestamp,v', '2008,241.1', '', '2009 , "1"', ''].join(end)), {
        header: ['timestamp', 'v'],
        decimalMark: '.',
        rows: [
          [2, '2008', '241.1'],
          [4, '2009', '1'],
        ],
      })
    })
  }

  it('separated by semicolons writes decimals with a comma', async () => {
    assert.deepEqual(await read('t;"v, V";x\n1;2,5;\n'), {
      header: ['t', 'v, V', 'x'],
      decimalMark: ',',
      rows: [[2, '1', '2,5', '']],
    })
  })

  it('goes on after a row with too few or too many cells', async () => {
    const { rows } = await read('a,b\n1\n1,2,3\n1,2\n')
    assert.deepEqual(rows, [
      [2, 'has 1 cells where the header has 2'],
      [3, 'has 3 cells where the header has 2'],
      [4, '1', '2'],
    ])
  })

  it('says where it cannot be read any further', async () => {
    const { rows } = await read('a,b\n1,2\n1,"2\n3,4\n')
    assert.deepEqual(rows[0], [2, '1', '2'])
    assert.match(String((rows[1] as unknown[])[1]), /^is not CSV \(Quote Not Closed.*what follows it is not read$/)
    const long = await read(`a,b\n1,${'x'.repeat(70_000)}\n3,4\n`)
    assert.match(String((long.rows[0] as unknown[])[1]), /^is longer than 65536 bytes/)
  })

  it('that is not there, empty, or a folder: says so', async () => {
    await assert.rejects(openRecording(join(folder, 'none.csv')), {
      name: 'UsageError',
      message: /none.csv cannot be read: ENOENT/,
    })
    await assert.rejects(openRecording(fileOf('')), { name: 'UsageError', message: /is empty/ })
    await assert.rejects(openRecording(folder), { name: 'UsageError', message: /EISDIR/ })
  })

  it('larger than memory should hold is read as it is used', async () => {
    const path = fileOf(`t,v\n${'2008-01-01T00:00:00Z,241.1\n'.repeat(200_000)}`)
    const { rows } = await openRecording(path)
    for await (const row of rows) {
      assert.equal(row.line, 2)
      break
    }
  })
})
