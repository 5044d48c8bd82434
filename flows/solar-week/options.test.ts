import assert from 'node:assert/strict'
import { readOptions } from './options.ts'

describe('the options of a week of a plant', () => {
  it('have defaults', () => {
    assert.deepEqual(readOptions([]), {
      ...{ days: 7, panels: 12, speed: 200, seed: 11, kill: false, json: undefined, log: undefined },
    })
    assert.equal(readOptions(['--help']), undefined)
  })

  it('are taken', () => {
    assert.deepEqual(readOptions(['--days', '2', '--panels', '8', '--speed', '60', '--seed', '3', '--kill']), {
      ...{ days: 2, panels: 8, speed: 60, seed: 3, kill: true, json: undefined, log: undefined },
    })
  })

  for (const [args, message] of [
    [['--days', '0'], '--days must be a whole number from 1 to 30, got "0"'],
    [['--panels', '7'], '--panels must be a whole number from 8 to 400, got "7"'],
    [['--speed', 'fast'], '--speed must be a whole number from 1 to 10000, got "fast"'],
    [['--seed', '1.5'], '--seed must be a whole number from 0 to 2147483647, got "1.5"'],
  ] as const)
    it(`are refused: ${message}`, () => assert.throws(() => readOptions(args), { name: 'BadFlag', message }))
})
