import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { parts, readOptions } from './options.ts'

describe('the command line of the benchmark', () => {
  it('measures everything, half a minute a confirmation, unless told otherwise', () => {
    const options = readOptions([])!
    assert.deepEqual([...options.parts], [...parts])
    assert.equal(options.seconds.confirm, 30)
    assert.equal(options.soakMinutes, 0)
  })

  it('--quick searches coarsely, confirms nothing, and shortens the rest', () => {
    const [usual, quick] = [readOptions([])!, readOptions(['--quick'])!]
    assert.ok(quick.within > usual.within)
    assert.equal(quick.seconds.confirm, 0)
    for (const run of ['paced', 'kill'] as const) assert.ok(quick.seconds[run] < usual.seconds[run], run)
  })

  it('--only takes parts by name', () => {
    assert.deepEqual([...readOptions(['--only', 'stock,kill'])!.parts], ['stock', 'kill'])
    assert.throws(() => readOptions(['--only', 'speed']), /--only speed: it takes ingest, stock/)
  })

  it('takes parts without --only as well', () => {
    assert.deepEqual([...readOptions(['allocation'])!.parts], ['allocation'])
    assert.deepEqual([...readOptions(['kill', '--only', 'stock'])!.parts], ['kill', 'stock'])
    assert.throws(() => readOptions(['speed']), /speed: it takes ingest/)
  })

  it('allocation: a week in intervals of five minutes, from 6 A on, unless told otherwise', () => {
    const { allocation } = readOptions(['allocation'])!
    assert.deepEqual([allocation.days, allocation.intervalMinutes, allocation.leastAmperes], [7, 5, 6])
    assert.ok(readOptions(['allocation', '--quick'])!.allocation.days < allocation.days)
    const told = readOptions(['allocation', '--days', '3', '--seed', '9', '--interval=15', '--least-amperes', '0'])!
    const { days, seed, intervalMinutes, leastAmperes } = told.allocation
    assert.deepEqual([days, seed, intervalMinutes, leastAmperes], [3, 9, 15, 0])
  })

  it('console: a minute of work with it, unless told otherwise', () => {
    assert.equal(readOptions(['console'])!.consoleMinutes, 1)
    assert.equal(readOptions(['console', '--console-minutes', '10'])!.consoleMinutes, 10)
    assert.throws(() => readOptions(['--console-minutes', '0']), /--console-minutes 0: it takes a whole number from 1/)
  })

  it('allocation: names the option and the value it does not take', () => {
    for (const [option, bad] of [
      ['--days', '0'],
      ['--days', 'x'],
      ['--days', ''],
      ['--seed', '1.5'],
      ['--interval', '61'],
      ['--least-amperes', '-1'],
    ] as const)
      assert.throws(() => readOptions([`${option}=${bad}`]), new RegExp(`${option} ${bad}: it takes a whole number`))
  })

  it('feeders without sessions are nothing to charge', () => {
    assert.throws(
      () => readOptions(['allocation', '--feeders', 'tree.json']),
      /--feeders tree.json: it takes --sessions too/,
    )
    const { sessions, feeders } = readOptions(['allocation', '--feeders', 'a', '--sessions', 'b'])!.allocation
    assert.deepEqual([sessions, feeders], ['b', 'a'])
  })

  it('--minutes alone watches the memory and measures nothing else', () => {
    const soak = readOptions(['--minutes', '10'])!
    assert.deepEqual([soak.soakMinutes, soak.parts.size], [10, 0])
    assert.equal(readOptions(['--minutes', '1', '--only', 'ingest'])!.parts.size, 1)
    for (const bad of ['0', '-1', 'ten', '', '1e9'])
      assert.throws(() => readOptions([`--minutes=${bad}`]), new RegExp(`--minutes ${bad}: it takes`))
  })

  it('refuses what it does not know', () => {
    assert.throws(() => readOptions(['--fast']), /--fast/)
    assert.equal(readOptions(['--help']), undefined)
  })
})
