import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mostBytes } from './csv-text.ts'
import { ImportError } from './faults.ts'
import { readImportFiles } from './files.ts'

describe('files to import', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'linha-viva-import-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = (name: string, text = 'x') => writeFileSync(join(folder, name), text)

  it('are those of a folder, or those named', async () => {
    for (const name of ['sites.csv', 'Feeders.CSV', 'notes.txt']) write(name)
    const names = async (...paths: string[]) => (await readImportFiles(paths)).map(({ name }) => name)
    assert.deepEqual(await names(folder), ['Feeders.CSV', 'sites.csv'])
    assert.deepEqual(await names(join(folder, 'sites.csv')), ['sites.csv'])
  })

  it('are all there, readable, and not too large', async () => {
    write('sites.csv', '')
    truncateSync(join(folder, 'sites.csv'), mostBytes + 1)
    await assert.rejects(readImportFiles([join(folder, 'sites.csv'), join(folder, 'units.csv')]), (error) => {
      assert.ok(error instanceof ImportError)
      assert.match(error.message, /sites\.csv: is too large: 65 MiB/)
      assert.match(error.message, /units\.csv: is not there/)
      return true
    })
  })

  it('are at least one', async () => {
    await assert.rejects(readImportFiles([folder]), /holds none of feeders\.csv/)
  })
})
