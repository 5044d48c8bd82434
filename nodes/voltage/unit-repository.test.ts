import assert from 'node:assert/strict'
import fc from 'fast-check'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { seedUnits, seedWeek } from './seeded-windows.fixture.ts'
import { beforeAll, metersWithWeeks, rankedUnits, unitsOfMeters, weeksOf } from './unit-repository.ts'

const now = Date.UTC(2026, 10, 21, 12)
const budget = { precarious: 30, critical: 5 }
const count = fc.integer({ min: 0, max: 6 })
const perPhase = fc.tuple(count, count, count)
const units = Array.from({ length: 12 }, (_, n) => ({ unitId: `u-${String(n).padStart(2, '0')}`, feederId: 'f-1' }))

describe('units by their weeks', function () {
  this.timeout(120_000)
  const test = useDatabase()
  before(() => seedUnits(test.database, units))

  it('come in pages of any size, each once and the worst first, whatever the weeks (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(perPhase, perPhase), { minLength: units.length, maxLength: units.length }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('drp', 'drc'),
        async (weeks, limit, rank) => {
          for (const [index, [precarious, critical]] of weeks.entries())
            await seedWeek(test.database, units[index]!.unitId, now, precarious, critical)
          const seen: { unitId: string; against: number }[] = []
          let after = beforeAll
          for (;;) {
            const page = await rankedUnits(test.database, rank, now, {}, budget, { after, limit })
            for (const { unitId, precarious, critical } of page)
              seen.push({
                unitId,
                against: Math.max(...((rank === 'drp' ? precarious : critical) as readonly number[])),
              })
            const last = page.at(-1)
            if (!last) break
            after = { count: seen.at(-1)!.against, deviceKey: last.deviceKey }
          }
          assert.deepEqual(
            seen.map(({ unitId }) => unitId).toSorted(),
            units.map(({ unitId }) => unitId),
          )
          const against = seen.map((unit) => unit.against)
          assert.deepEqual(
            against,
            against.toSorted((one, other) => other - one),
          )
        },
      ),
      { numRuns: 15 },
    )
  })

  it('are found by their meters', async () => {
    const keys = await metersWithWeeks(test.database, 0, 3)
    assert.equal(keys.length, 3)
    assert.deepEqual(
      (await weeksOf(test.database, keys)).map(({ deviceKey }) => deviceKey).toSorted((one, other) => one - other),
      keys.toSorted((one, other) => one - other),
    )
    assert.equal((await unitsOfMeters(test.database, now, keys)).length, 3)
    assert.equal((await unitsOfMeters(test.database, Date.UTC(2019, 0, 1), keys)).length, 0)
    const rest = await metersWithWeeks(test.database, keys.at(-1)!, 100)
    assert.equal(rest.length, units.length - 3)
  })
})
