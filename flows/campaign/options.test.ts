import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { readOptions } from './options.ts'

describe('options of the campaign', () => {
  it('are a long one unless told otherwise', () =>
    assert.deepEqual(readOptions([]), {
      ...{ seed: 1, commands: 2_000, devices: 50 },
      ...{ broken: undefined, json: undefined, log: undefined },
    }))

  it('ask for a short one', () =>
    assert.deepEqual(readOptions(['--seed', '7', '--commands', '100', '--break', 'ledger', '--json', 'x.json']), {
      ...{ seed: 7, commands: 100, devices: 24, broken: 'ledger', json: 'x.json', log: undefined },
    }))

  it('ask for help', () => assert.equal(readOptions(['-h']), undefined))

  for (const [args, fault] of [
    [['--seed', '-1'], '--seed takes a whole number from 0 to 2147483647, got "-1"'],
    [['--commands', '1e3'], '--commands takes a whole number from 1 to 1000000, got "1e3"'],
    [['--devices', '2'], '--devices takes a whole number from 3 to 500, got "2"'],
    [['--break', 'all'], '--break takes ledger or deduplication, got "all"'],
    [['--seeds', '1'], 'unknown flag --seeds (see --help)'],
    [['now'], 'unexpected argument "now" (see --help)'],
  ] as const)
    it(`are refused: ${args.join(' ')}`, () => assert.throws(() => readOptions(args), { message: fault }))
})
