import assert from 'node:assert/strict'
import { defaultChoices } from '../../../platform/regulation/options.ts'
import { continuityUsage, readContinuityFlags } from './continuity-flags.ts'
import { interruptionColumns } from './interruption-file.ts'
import { limitColumns, rowColumns } from './limit-file.ts'
import { unitColumns } from './unit-file.ts'

const needed = ['--csv', 'a', '--units', 'b', '--month', '2026-03']

describe('the command line of continuity', () => {
  it('takes three flags and has defaults for the others', () => {
    assert.deepEqual(readContinuityFlags(needed), {
      ...{ csv: 'a', units: 'b', month: '2026-03', limits: undefined, rows: undefined, until: null },
      ...{ chosen: {}, choices: defaultChoices, json: false, language: 'en' },
    })
  })

  it('chooses options, each within what it takes', () => {
    const list = 'continuity-month-crossing=start-month,continuity-programmed-warning-hours=48'
    const flags = readContinuityFlags([...needed, '--options', list, '--until', '2026-03-05T00:00:00-03:00'])!
    assert.deepEqual(flags.chosen, {
      'continuity-month-crossing': 'start-month',
      'continuity-programmed-warning-hours': 48,
    })
    assert.deepEqual(flags.choices, { ...defaultChoices, ...flags.chosen })
    assert.equal(flags.until, Date.UTC(2026, 2, 5, 3))
  })

  it('helps, with every column of every file', () => {
    assert.equal(readContinuityFlags(['--help']), undefined)
    for (const { required, optional } of [interruptionColumns, unitColumns, limitColumns, rowColumns])
      for (const name of [...required, ...optional]) assert.match(continuityUsage, new RegExp(`\\b${name}\\b`), name)
  })

  for (const [args, message] of [
    [[], '--csv is missing: the file of interruptions, or - for the standard input (see --help)'],
    [['--csv', 'a'], '--units is missing: the file of consumer units (see --help)'],
    [needed.slice(0, 4), '--month is missing: such as 2026-03 (see --help)'],
    [needed.with(5, '2026-13'), '--month takes YYYY-MM, got "2026-13"'],
    [needed.with(5, '2009-12'), /^--month 2009-12: no rule for compensation of continuity is known/],
    [needed.with(1, '-').with(3, '-'), 'only one file can be -, the standard input: got --csv and --units'],
    [[...needed, '--lang', 'fr'], '--lang takes en or pt, got "fr"'],
    [[...needed, '--until', 'now'], /^--until takes ISO 8601 with an offset, .* got "now"$/],
    [[...needed, '--options', 'x=1'], /^--options knows no "x": continuity-month-crossing, /],
    [[...needed, '--options', 'voltage-k2-high-voltage=1'], /^--options knows no "voltage-k2-high-voltage"/],
    [
      [...needed, '--options', 'continuity-month-crossing=never'],
      '--options continuity-month-crossing takes split or start-month or end-month, got "never"',
    ],
    [
      [...needed, '--options', 'continuity-programmed-warning-hours='],
      /^--options continuity-programmed-warning-hours takes a .*number from 0 to \d+, got ""$/,
    ],
    [
      [...needed, '--options', 'continuity-month-crossing=split,continuity-month-crossing=split'],
      '--options has continuity-month-crossing twice',
    ],
  ] as const)
    it(String(message), () => assert.throws(() => readContinuityFlags(args), { name: 'BadFlag', message }))
})
