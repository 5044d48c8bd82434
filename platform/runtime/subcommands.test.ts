import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'mocha'

const here = (file: string): string => JSON.stringify(join(import.meta.dirname, file))
const program = `
  import { runSubcommand } from ${here('subcommands.js')}
  import { BadFlag } from ${here('flags.js')}
  import { FileError } from ${here('csv-file.js')}
  await runSubcommand('sums', 'how to\\n', {
    add: (numbers) => \`\${numbers.reduce((sum, number) => sum + Number(number), 0)}\\n\`,
    count: async function (to) { return function* () { for (let n = 1; n <= to; n += 1) yield \`\${n}\\n\` }() },
    flag: () => { throw new BadFlag('--by needs a value') },
    file: async () => { throw new FileError('none.csv: is not there') },
    fault: () => { throw new TypeError('a fault of ours') },
  })`

/** What a program says that has these subcommands. */
function sums(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-', ...args], {
    encoding: 'utf8',
    input: program,
  })
  return { status, stdout, stderr }
}

describe('subcommands', function () {
  this.timeout(30_000)

  for (const [args, stdout] of [
    [['add', '1', '2'], '3\n'],
    [['count', '3'], '1\n2\n3\n'],
    [['--help'], 'how to\n'],
    [['-h'], 'how to\n'],
  ] as const)
    it(`print what ${args.join(' ')} gives`, () => {
      assert.deepEqual(sums(...args), { status: 0, stdout, stderr: '' })
    })

  for (const [args, status, stderr] of [
    [[], 2, 'sums: nothing to do: give add or count or flag or file or fault (see --help)\n'],
    [['toString'], 2, 'sums: unknown command "toString": give add or count or flag or file or fault (see --help)\n'],
    [['flag'], 2, 'sums: --by needs a value\n'],
    [['file'], 1, 'sums: none.csv: is not there\n'],
  ] as const)
    it(`say in one line what is wrong with ${args[0] ?? 'nothing'}`, () => {
      assert.deepEqual(sums(...args), { status, stdout: '', stderr })
    })

  it('hide no fault of ours', () => {
    const { status, stderr } = sums('fault')
    assert.equal(status, 1)
    assert.match(stderr, /TypeError: a fault of ours\n\s+at /)
  })
})
