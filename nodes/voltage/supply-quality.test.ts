import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { frequencyRules } from './domain/frequency.ts'
import { windowMs } from './domain/windows.ts'
import { seedMeterReadings, windowsFrom } from './power-quality.fixture.ts'
import { supplyQuality, type SupplyRules } from './supply-quality.ts'

// Ends of what is read together lie within, and a day's end.
const begin = Date.UTC(2026, 10, 20, 12)
const count = 300
const rules: SupplyRules = {
  ...{ betweenPhases: false, leastCoverage: 0.9, without: ['invalid'], frequency: frequencyRules[0]!.value },
}

describe('the quality of supply from stored readings', () => {
  const test = useDatabase()
  let deviceKey: number

  before(async () => {
    const { database } = test
    await database.query(`insert into device (device_id, kind, status) values ('m-1', 'meter', 'active')`)
    const [device] = await database.query<{ key: number }>('select device_key as key from device')
    deviceKey = device!.key
    // Half a window late, so that each reading belongs to two windows; the frequency is low for two of them, across the ends of days.
    await seedMeterReadings(
      database,
      Array.from({ length: count }, (_, n) => ({
        ...{ deviceId: 'm-1', at: begin + (n + 0.5) * windowMs },
        columns: { frequency_hz: n === 144 || n === 145 ? 59 : 60 },
        instrument: { unbalance_pct: n / 100, dtt_a_pct: 2, pst_a_pu: 0.5 },
      })),
    )
  })
  const quality = (valid: readonly number[], until = begin + count * windowMs) =>
    supplyQuality(test.database, [{ deviceKey, from: begin, until, valid: new Set(valid) }], rules)

  it('is of each window that counts, once, whatever is read together', async () => {
    const starts = windowsFrom(begin, count)
    const { windows } = await quality(starts)
    // The last one is covered by half.
    assert.deepEqual(
      windows.map(({ start }) => start),
      starts,
    )
    assert.equal(windows.at(-1)!.unbalancePct, null)
    for (const [n, { unbalancePct, byPhase }] of windows.slice(0, -1).entries()) {
      assert.ok(Math.abs(unbalancePct! - Math.sqrt((n ** 2 + (n + 1) ** 2) / 2) / 100) < 1e-8, `window ${n}`)
      assert.deepEqual(
        [byPhase.dtt, byPhase.pst, byPhase.dttp],
        [
          [2, null, null],
          [0.5, null, null],
          [null, null, null],
        ],
      )
    }
  })

  it('leaves out windows that do not count', async () => {
    const { windows } = await quality([begin, begin + 3 * windowMs])
    assert.deepEqual(
      windows.map(({ start }) => start),
      [begin, begin + 3 * windowMs],
    )
    assert.deepEqual((await quality([])).windows, [])
  })

  it('tells how long the frequency was away, also where no window counts, in one piece', async () => {
    const { excursions } = await quality([])
    assert.deepEqual(
      excursions.map(({ side, hz, longestMs, since, violated }) => ({ side, hz, longestMs, since, violated })),
      [{ side: 'below', hz: 59.5, longestMs: 2 * windowMs, since: begin + 143.5 * windowMs, violated: true }],
    )
  })
})
