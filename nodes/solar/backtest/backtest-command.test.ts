import assert from 'node:assert/strict'
import { BadFlag } from '../../../platform/runtime/flags.ts'
import { backtestCommand, backtestUsage } from './backtest-command.ts'

describe('solar -- backtest', function () {
  this.timeout(60_000)

  it('prints a table, or figures, the same for the same seed', () => {
    assert.match(backtestCommand(['--panels', '2']), /^Maintenance forecasts of 2 simulated panels: \d+ forecasts/)
    const figures = () => JSON.parse(backtestCommand(['--panels', '2', '--seed', '5', '--json']))
    assert.deepEqual(Object.keys(figures()), ['of', 'histories', 'forecasts', 'bands', 'crossing'])
    assert.deepEqual(figures(), figures())
  })

  it('helps', () => assert.equal(backtestCommand(['-h']), backtestUsage))

  for (const [args, problem] of [
    [['--panels', '0'], /--panels takes a whole number from 1 to 10000, got "0"/],
    [['--seed', 'x'], /--seed takes a whole number from 0 to 1000000000, got "x"/],
    [['surplus'], /unexpected argument "surplus"/],
  ] as const)
    it(`refuses ${args.join(' ')}`, () =>
      assert.throws(
        () => backtestCommand(args),
        (error) => error instanceof BadFlag && problem.test(error.message),
      ))
})
