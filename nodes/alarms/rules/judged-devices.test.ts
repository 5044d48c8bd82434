import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { limit, reading, ruleOf } from '../domain/rules/rules.fixture.ts'
import { JudgedDevices } from './judged-devices.ts'

describe('what is remembered of the devices of rules', () => {
  const rules = [
    ruleOf(limit('H', 100, 10), { name: 'high' }),
    ruleOf({ type: 'stale', afterS: 600 }, { name: 'silent' }),
  ]
  const said = (devices: JudgedDevices) =>
    devices.outcome.changes.map(({ rule, deviceId, active, at }) => `${rule.name} ${deviceId} ${active} ${at}`)

  it('is what was judged once that is kept, and what was before where it is discarded', () => {
    const devices = new JudgedDevices(rules)
    devices.takeReading(reading(1, { p_kw: 200 }))
    devices.discard()
    assert.deepEqual([devices.size, devices.isStaged, said(devices)], [0, false, []])
    devices.takeReading(reading(1, { p_kw: 200 }))
    assert.deepEqual(said(devices), ['high meter-1 true 1'])
    devices.keep()
    devices.takeReading(reading(2, { p_kw: 50 }))
    assert.deepEqual(said(devices), ['high meter-1 false 2'])
    devices.discard()
    devices.takeReading(reading(3, { p_kw: 95 }))
    assert.deepEqual(said(devices), [])
  })

  it('is stored where a condition holds, and taken out where all are at rest again', () => {
    const devices = new JudgedDevices(rules)
    devices.takeReading(reading(1, { p_kw: 50 }))
    assert.equal(devices.outcome.rows.length, 0)
    devices.keep()
    devices.takeReading(reading(2, { p_kw: 200 }))
    assert.deepEqual(
      devices.outcome.rows.map(({ rule, at, state }) => [rule, at, state === null ? null : state.active]),
      [['high', 2, true]],
    )
    devices.keep()
    devices.takeReading(reading(3, { p_kw: 50 }))
    assert.deepEqual(
      devices.outcome.rows.map(({ rule, state }) => [rule, state]),
      [['high', null]],
    )
  })

  it('is stored at rest, too, where what was said last was said later than the newest reading', () => {
    const devices = new JudgedDevices(rules)
    devices.takeReading(reading(1, {}))
    devices.keep()
    devices.takeTime(700_000, () => undefined)
    devices.keep()
    devices.takeReading(reading(550_000, {}))
    assert.deepEqual(said(devices), ['silent meter-1 false 600001'])
    assert.deepEqual(
      devices.outcome.rows.map(({ state }) => state?.since),
      [600_001],
    )
  })

  it('is little, and judged fast: 100,000 devices with ten rules', function () {
    this.timeout(60_000)
    const ten = Array.from({ length: 10 }, (_, n) => ruleOf(limit('H', 100 + n, 10), { name: `high-${n}` }))
    const devices = new JudgedDevices(ten)
    const before = process.memoryUsage().heapUsed
    for (let n = 0; n < 100_000; n++) {
      devices.takeReading(reading(1, { p_kw: n % 100 }, { deviceId: `meter-${n}` }))
      if (n % 10_000 === 9_999) devices.keep()
    }
    const bytes = (process.memoryUsage().heapUsed - before) / 100_000
    assert.equal(devices.size, 100_000)
    // What is not yet collected counts, too.
    assert.ok(bytes < 5_000, `${bytes} bytes a device`)
  })
})
