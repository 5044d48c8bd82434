import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import fc from 'fast-check'
import { readRows, writeFile, writeRows } from './parts.ts'
import { reporter } from './reporter.ts'

describe('a part of a backup', () => {
  let folder: string
  before(() => (folder = mkdtempSync(join(tmpdir(), 'linha-viva-parts-'))))
  after(() => rmSync(folder, { recursive: true }))

  async function read(part: { file: string; bytes: number; sha256: string }): Promise<{ text: string; rows: number }> {
    const chunks: Buffer[] = []
    const target = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk)
        done()
      },
    })
    const rows = await readRows(folder, part, target, () => undefined)
    return { text: Buffer.concat(chunks).toString(), rows }
  }

  it('comes back as it went in, whatever it is made of and however it is cut (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' })), async (chunks) => {
        const text = chunks.join('')
        const source = Readable.from(chunks.map((chunk) => Buffer.from(chunk)))
        const part = await writeRows(folder, 'any.copy.gz', source, () => undefined)
        const lines = text.split('\n').length - 1
        assert.deepEqual([part.rows, await read(part)], [lines, { text, rows: lines }])
      }),
      { numRuns: 50 },
    )
  })

  it('can be compared with common tools: its checksum is that of the file', async () => {
    const part = await writeRows(folder, 'tables/t.copy.gz', Readable.from([Buffer.from('a\nb\n')]), () => undefined)
    const content = readFileSync(join(folder, part.file))
    assert.deepEqual(part, {
      file: 'tables/t.copy.gz',
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      rows: 2,
    })
  })

  it('is for its owner only', async () => {
    for (const { file } of [
      await writeRows(folder, 'p/r', Readable.from([]), () => undefined),
      await writeFile(folder, 'p/f', Buffer.from('secret')),
    ])
      assert.equal(statSync(join(folder, file)).mode & 0o077, 0)
  })

  it('that was changed or cut is named', async () => {
    const part = await writeRows(folder, 'd', Readable.from([Buffer.from('row\n'.repeat(1_000))]), () => undefined)
    const content = readFileSync(join(folder, 'd'))
    for (const damaged of [content.subarray(0, -5), Buffer.from(content).fill(0, 12, 16), Buffer.from('no gzip')]) {
      writeFileSync(join(folder, 'd'), damaged)
      await assert.rejects(read(part), { name: 'BadBackup', message: /d is damaged/ })
    }
  })
})

describe('the reporter of a long table', () => {
  it('says nothing of an empty one, and how many rows of another there were', () => {
    const lines: string[] = []
    const empty = reporter('empty', (line) => lines.push(line))
    empty.passed(0)
    empty.done(0)
    const full = reporter('full', (line) => lines.push(line), 1234)
    full.passed(5)
    full.done(1234)
    assert.deepEqual(lines, ['full: 1,234 rows'])
  })
})
