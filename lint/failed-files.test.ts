import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { installation } from '../platform/runtime/installation.ts'

const files = {
  'good.cjs': `it('holds', () => {})`,
  'bad.cjs': `it('holds', () => {}); it('does not', () => { throw new Error('no') })`,
  'hook.cjs': `describe('a suite', () => { after(() => { throw new Error('no') }); it('holds', () => {}) })`,
}

describe('files with failed tests', function () {
  this.timeout(30_000)
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'linha-viva-failed-'))
    for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source)
  })
  after(() => rmSync(folder, { recursive: true }))

  it('are listed, also when a hook failed', () => {
    const list = join(folder, 'list')
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        ...[join(installation, 'node_modules/mocha/bin/mocha.js'), '--no-config'],
        ...['--reporter', join(import.meta.dirname, 'failed-files.js')],
        ...Object.keys(files).map((name) => join(folder, name)),
      ],
      { encoding: 'utf8', env: { ...process.env, FAILED_TEST_FILES: list } },
    )
    assert.equal(status, 2)
    assert.match(stdout, /3 passing.*\n\s+2 failing/)
    assert.deepEqual(readFileSync(list, 'utf8').trim().split('\n').toSorted(), [
      join(folder, 'bad.cjs'),
      join(folder, 'hook.cjs'),
    ])
  })
})
