import assert from 'node:assert/strict'
import { readJudgeFlags } from './judge-flags.ts'

describe('the flags of solar -- judge', () => {
  it('are a year of 50 panels of three seeds that nobody built on, unless given', () => {
    assert.deepEqual(readJudgeFlags([]), {
      ...{ seeds: [11, 12, 13], days: 365, panels: 50, faults: undefined, odd: new Set() },
      ...{ forest: false, json: false },
    })
  })

  it('take lists', () => {
    const flags = readJudgeFlags(['--seeds', '4,5', '--faults', 'soiling,shading', '--odd', 'pyranometer', '--json'])!
    assert.deepEqual([flags.seeds, flags.faults, [...flags.odd]], [[4, 5], ['soiling', 'shading'], ['pyranometer']])
    assert.equal(flags.json, true)
  })

  it('are none where help is asked for', () => assert.equal(readJudgeFlags(['--help']), undefined))

  for (const [args, message] of [
    [['--seeds', '1,x'], /--seeds takes whole numbers.*"x"/],
    [['--days', '0'], /--days takes whole numbers from 1.*"0"/],
    [['--faults', 'rust'], /--faults takes soiling.*"rust"/],
    [['--odd', 'ghosts'], /--odd takes covered-days.*"ghosts"/],
    [['--faults', 'soiling', '--odd', 'no-faults'], /do not go together/],
    [['year'], /unexpected argument "year"/],
  ] as const)
    it(`refuses ${args.join(' ')}`, () => assert.throws(() => readJudgeFlags(args), message))
})
