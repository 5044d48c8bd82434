import assert from 'node:assert/strict'
import { readOptions, townArgs } from './options.ts'

describe('the options of a day of the town', () => {
  it('have defaults', () => {
    assert.deepEqual(readOptions([]), {
      ...{ evs: undefined, hours: 24, start: '12:00', speed: 60, seed: 1, mode: 'heuristic' },
      ...{ sessions: undefined, json: undefined, log: undefined },
    })
    assert.equal(readOptions(['--help']), undefined)
  })

  it('go to the simulator as it takes them', () => {
    assert.deepEqual(townArgs(readOptions(['--evs', '40', '--start', '18:30', '--speed', '30'])!), [
      ...['--start', '18:30', '--speed', '30', '--seed', '1', '--weather', 'passing_clouds', '--evs', '40'],
    ])
    assert.deepEqual(townArgs(readOptions(['--sessions', 'acn.json'])!).slice(-2), ['--sessions', 'acn.json'])
  })

  for (const [args, message] of [
    [['--hours', '0'], '--hours must be a number from 0.1 to 240, got "0"'],
    [['--speed', 'fast'], '--speed must be a number from 1 to 10000, got "fast"'],
    [['--start', '25:00'], '--start must be a time of day (12:00), got "25:00"'],
    [['--mode', 'fair'], '--mode must be heuristic, optimizer, mpc, got "fair"'],
    [['--evs', '3.5'], '--evs must be a whole number, got "3.5"'],
    [['--evs', '3', '--sessions', 'a.json'], '--evs: the sessions of a file bring their charge points along'],
  ] as const)
    it(`are refused: ${message}`, () => assert.throws(() => readOptions(args), { name: 'BadFlag', message }))
})
