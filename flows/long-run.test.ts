import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'mocha'

const here = (file: string): string => JSON.stringify(join(import.meta.dirname, file))
const program = `
  import { longRun } from ${here('long-run.js')}
  import { BadFlag } from ${here('../platform/runtime/flags.js')}
  await longRun({
    name: 'count', help: 'how to',
    readOptions([word]) {
      if (word === '--to') throw new BadFlag('--to needs a value')
      return word === '--help' ? undefined : Number(word)
    },
    async run(code, progress) {
      if (code === 9) throw new TypeError('a fault of ours')
      progress('begun')
      return code
    },
  })`

/** What such a program says. */
function count(...args: string[]) {
  const options = { encoding: 'utf8', input: program } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-', ...args], options)
  return { status, stdout, stderr }
}

describe('the program of a long run', function () {
  this.timeout(30_000)

  it('says how far it is, and ends with what the run says', () => {
    assert.deepEqual(count('0'), { status: 0, stdout: '0 s: begun\n', stderr: '' })
    assert.equal(count('1').status, 1)
  })

  it('helps', () => assert.deepEqual(count('--help'), { status: 0, stdout: 'how to\n', stderr: '' }))

  it('says in one line what is wrong with its command line', () => {
    assert.deepEqual(count('--to'), { status: 2, stdout: '', stderr: 'count: --to needs a value\n' })
  })

  it('hides no fault of ours', () => {
    const { status, stderr } = count('9')
    assert.equal(status, 1)
    assert.match(stderr, /TypeError: a fault of ours/)
  })
})
