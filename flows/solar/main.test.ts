import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

function solar(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'main.js'), ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('npm run solar', function () {
  this.timeout(30_000)

  it('tells what it can do', () => {
    const { status, stdout } = solar('--help')
    assert.equal(status, 0)
    assert.match(stdout, /solar -- detect/)
    assert.match(stdout, /solar -- judge/)
  })

  it('judges', () => {
    const { status, stdout } = solar('judge', '--days', '1', '--panels', '5', '--seeds', '1', '--json')
    assert.equal(status, 0)
    assert.deepEqual(JSON.parse(stdout).seeds, [1])
  })

  it('detects what is amiss in a file', () => {
    const { status, stdout } = solar('detect', '--help')
    assert.equal(status, 0)
    assert.match(stdout, /--csv/)
    const missing = solar('detect', '--csv', 'there-is-none.csv')
    assert.equal(missing.status, 1)
    assert.match(missing.stderr, /^solar: .*there-is-none\.csv/)
  })

  for (const [args, message] of [
    [[], /^solar: nothing to do: give .*judge/],
    [['dream'], /^solar: unknown command "dream"/],
    [['judge', '--seeds', 'x'], /^solar: --seeds takes whole numbers/],
  ] as const)
    it(`refuses ${args.join(' ') || 'nothing'}`, () => {
      const { status, stderr } = solar(...args)
      assert.equal(status, 2)
      assert.match(stderr, message)
    })
})
