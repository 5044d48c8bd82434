import assert from 'node:assert/strict'
import fc from 'fast-check'
import { BadFlag, readCommandLine, refuseWords } from './flags.ts'

const known = { file: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
const read = (line: string) => readCommandLine(line.split(' ').filter(Boolean), known)

describe('a command line', () => {
  for (const [line, flags, words] of [
    ['', {}, []],
    ['--file a.csv --json', { file: 'a.csv', json: '' }, []],
    ['one --file=a.csv two -h', { file: 'a.csv', help: '' }, ['one', 'two']],
    ['--file -', { file: '-' }, []],
    ['--file -5', { file: '-5' }, []],
    ['--file=--json', { file: '--json' }, []],
    ['-- --json', {}, ['--json']],
  ] as const)
    it(`"${line}" is understood`, () => {
      const given = read(line)
      assert.deepEqual([Object.fromEntries(given.flags), given.words], [flags, words])
    })

  for (const [line, message] of [
    ['--fiel a', 'unknown flag --fiel (see --help)'],
    ['-x', 'unknown flag -x (see --help)'],
    ['--constructor', 'unknown flag --constructor (see --help)'],
    ['--file', '--file needs a value'],
    ['--file=', '--file needs a value'],
    ['--file --json', '--file needs a value'],
    ['--json=yes', '--json takes no value, got "yes"'],
    ['--file a --file b', '--file is given twice'],
  ] as const)
    it(`"${line}" is not: ${message}`, () => assert.throws(() => read(line), { name: 'BadFlag', message }))

  it('takes no words where it takes flags only', () => {
    refuseWords([])
    assert.throws(() => refuseWords(['a', 'b']), { name: 'BadFlag', message: 'unexpected argument "a" (see --help)' })
  })

  it('of any words is understood, or refused in one line (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('--file', '--json', '--', '-h', '-'))), (args) => {
        try {
          readCommandLine(args, known)
        } catch (error) {
          assert.ok(error instanceof BadFlag, String(error))
        }
      }),
    )
  })
})
