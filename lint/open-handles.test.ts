import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const repository = join(import.meta.dirname, '../..')

describe('a test run', function () {
  this.timeout(60_000)

  /** Runs one test file under this repository's configuration. */
  async function run(test: string): Promise<{ status: number | null; stderr: string }> {
    const folder = await mkdtemp(join(tmpdir(), 'open-handles-'))
    try {
      await writeFile(join(folder, 'case.mjs'), `describe('it', () => it('runs', () => { ${test} }))`)
      const mocha = join(repository, 'node_modules/mocha/bin/mocha.js')
      return spawnSync(process.execPath, [mocha, join(folder, 'case.mjs')], { cwd: repository, encoding: 'utf8' })
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  it('ends by itself where all was closed', async () => assert.equal((await run('')).status, 0))

  it('fails, and says what was left open', async () => {
    const { status, stderr } = await run('setInterval(() => undefined, 1000)')
    assert.equal(status, 1)
    assert.match(stderr, /left something open after 5 s: .*Timeout/)
  })
})
