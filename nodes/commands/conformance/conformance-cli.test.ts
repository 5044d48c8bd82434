import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'mocha'

describe('npm run conformance', function () {
  this.timeout(60_000)
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'))
  after(() => rmSync(folder, { recursive: true }))
  const run = (...args: string[]) => {
    const env = { PATH: process.env['PATH'], DATA_DIR: folder }
    const cli = join(import.meta.dirname, 'conformance-cli.js')
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { env, encoding: 'utf8' })
    return { status, stdout, stderr }
  }

  it('says how it is used', () => {
    const { status, stdout } = run('--help')
    assert.ok(status === 0 && stdout.includes('--device ID'))
  })

  for (const [args, line] of [
    [['--device', 'a/b'], /^conformance: --device must be a device's name, got "a\/b"\n$/],
    [['--device', 'sw-1'], /^conformance: no database runs on DATA_DIR .*\n$/],
  ] as const)
    it(`says in one line why it cannot begin: ${args.join(' ')}`, () => {
      const { status, stderr } = run(...args)
      assert.equal(status, 2)
      assert.match(stderr, line)
    })
})
