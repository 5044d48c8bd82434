import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { seedUnits, seedWindows } from './seeded-windows.fixture.ts'
import { windowsOfUnit } from './unit-window-repository.ts'

const tenMinutes = 600_000
const noon = Date.UTC(2026, 10, 21, 12)

describe('the windows of a unit', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(async () => {
    await seedUnits(test.database, [
      { unitId: 'a', feederId: 'f-1' },
      { unitId: 'b', feederId: 'f-1' },
    ])
    // Over midnight, and so over two partitions; with a gap.
    await seedWindows(
      test.database,
      [0, 1, 3, 72, 73].flatMap((n) => [
        { unitId: 'a', at: noon + n * tenMinutes, volts: 120 + n },
        { unitId: 'b', at: noon + n * tenMinutes, volts: 100 },
      ]),
    )
  })
  const volts = async (from: number, until: number, limit = 100) =>
    (await windowsOfUnit(test.database, 'a', from, until, limit)).map((window) => window.volts[0])

  it('are its own, oldest first, from an instant on and before another', async () => {
    assert.deepEqual(await volts(noon, noon + 100 * tenMinutes), [120, 121, 123, 192, 193])
    assert.deepEqual(await volts(noon + 1, noon + 73 * tenMinutes), [121, 123, 192])
    assert.deepEqual(await volts(noon, noon), [])
  })

  it('are so many at most', async () => assert.deepEqual(await volts(noon, noon + 100 * tenMinutes, 2), [120, 121]))
})
