import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { voltageChanges } from './change-log.ts'
import { lastChange, metersChangedAfter } from './change-repository.ts'
import { seedUnits, seedWindows } from './seeded-windows.fixture.ts'

const noon = Date.UTC(2026, 10, 21, 12)

describe('the log of commits of windows', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const windowsOf = (...unitIds: string[]) => unitIds.map((unitId) => ({ unitId, at: noon, volts: 127 }))
  const after = (position: number, most: number) =>
    test.database.transaction((client) => voltageChanges.after(client, position, most))

  before(async () => {
    await seedUnits(
      test.database,
      ['a', 'b', 'c'].map((unitId) => ({ unitId, feederId: 'f-1' })),
    )
    await seedWindows(test.database, windowsOf('a', 'b'))
    await seedWindows(test.database, windowsOf('c'))
  })

  it('has a commit an entry, with the windows that it wrote', async () => {
    assert.deepEqual(await after(0, 100), [
      { position: 1, windows: 2 },
      { position: 2, windows: 1 },
    ])
    assert.deepEqual(await after(1, 100), [{ position: 2, windows: 1 }])
    assert.deepEqual(await after(0, 1), [{ position: 1, windows: 1 }])
    assert.equal(await lastChange(test.database), 2)
  })

  it('counts what is left, and does not say since when', async () => {
    assert.deepEqual(await voltageChanges.lagAfter(test.database, 0), { batches: 2, readings: 3 })
    assert.deepEqual(await voltageChanges.lagAfter(test.database, 2), { batches: 0, readings: 0 })
  })

  it('names the meters of whole commits', async () => {
    const first = await metersChangedAfter(test.database, 0, 1)
    assert.deepEqual([first?.position, first?.deviceKeys.length], [1, 2])
    const all = await metersChangedAfter(test.database, 0, 100)
    assert.deepEqual([all?.position, all?.deviceKeys.length], [2, 3])
    assert.equal(await metersChangedAfter(test.database, 2, 100), undefined)
  })

  it('has a window that was written again where it was written last', async () => {
    await seedWindows(test.database, [{ unitId: 'a', at: noon, volts: 128 }])
    assert.deepEqual(await after(0, 100), [
      { position: 1, windows: 1 },
      { position: 2, windows: 1 },
      { position: 3, windows: 1 },
    ])
  })
})
