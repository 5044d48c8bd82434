import assert from 'node:assert/strict'
import { historyMs, RateHistory, traceOf } from './rate-history.ts'

const sample = (at: number, readingsPerSecond = 10, quarantined = 0): Parameters<RateHistory['add']>[0] => ({
  at,
  readingsPerSecond,
  quarantined,
})

describe('RateHistory', () => {
  it('keeps five minutes and no more', () => {
    const history = new RateHistory()
    for (let at = 0; at <= 2 * historyMs; at += 1000) history.add(sample(at))
    assert.equal(history.samples.length, 301)
    assert.equal(history.samples[0]!.at, historyMs)
  })

  it('counts what was quarantined in the last minute, also over a restart of the server', () => {
    const history = new RateHistory()
    for (const [at, total] of [
      [0, 100],
      [30_000, 105],
      [80_000, 110],
      [90_000, 2],
      [100_000, 4],
    ] as const)
      history.add(sample(at, 10, total))
    assert.equal(history.quarantinedWithin(60_000, 100_000), 5 + 2)
  })

  it('does not take the total known at first for new', () => {
    const history = new RateHistory()
    history.add(sample(0, 10, 5000))
    assert.equal(history.quarantinedWithin(60_000, 0), 0)
  })
})

describe('traceOf, 300 × 40', () => {
  it('draws now at the right edge', () => {
    const { line } = traceOf([sample(0), sample(1000)], 1000, 300, 40)
    assert.match(line, /^M299\.0 [\d.]+L300\.0 [\d.]+$/)
  })

  it('breaks the line where no data came', () => {
    const { line } = traceOf([sample(0), sample(1000), sample(20_000), sample(21_000)], 21_000, 300, 40)
    assert.equal(line.split('M').length - 1, 2)
  })

  it('draws zero at the bottom when nothing comes', () => {
    const { line, peak } = traceOf([sample(0, 0), sample(1000, 0)], 1000, 300, 40)
    assert.equal(line, 'M299.0 40.0L300.0 40.0')
    assert.equal(peak, 0)
  })

  it('draws nothing of nothing', () =>
    assert.deepEqual(traceOf([], 0, 300, 40), { line: '', area: '', peak: 0, lowest: 0 }))
})
