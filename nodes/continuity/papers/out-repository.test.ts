import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { insertEstimate, interruptionsUnderWay, unitsOutAt, unitsServed } from './out-repository.ts'
import { manyUnits, seedUnits } from './outages.fixture.ts'

const hourMs = 3_600_000
const noon = Date.parse('2026-03-10T12:00Z')

describe('units that are without supply', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let ids: number[]
  const out = async (at: number) => (await unitsOutAt(test.database, at)).map(({ units, since }) => [units, since])

  before(async () => {
    const { database } = test
    const units = manyUnits(4, 'a', '1', 3_550_308)
    await seedUnits(database, [...units, { unitId: 'nowhere', conjuntoId: null }])
    const of = (from: number, until: number | null, ...unitIds: string[]) =>
      unitIds.map((unitId) => ({ unitId, from, until }))
    const { interruptionIds } = await seedInterruptions(
      database,
      [
        // Restored step by step: one unit stays out.
        {
          units: [...of(noon, noon + hourMs, 'a-1', 'a-2'), ...of(noon, null, 'a-3')],
          cause: 'vento',
        },
        { units: of(noon + 2 * hourMs, null, 'nowhere') },
        { units: of(noon, null, 'a-4') },
      ],
      noon,
    )
    ids = interruptionIds
    await database.query(
      `insert into interruption_exclusion (interruption_id, unit_id, reason, evidence, approval_id)
       values ($1, null, 'unit-installation', 'seen', 1)`,
      [ids[2]],
    )
  })

  it('are those of the instant, its beginning included and its end not, without what is the user’s own matter', async () => {
    assert.deepEqual(await out(noon - 1), [])
    assert.deepEqual(await out(noon), [[3, noon]])
    assert.deepEqual(await out(noon + hourMs - 1), [[3, noon]])
    assert.deepEqual(await out(noon + hourMs), [[1, noon]])
  })

  it('count again once the exclusion is taken back', async () => {
    await test.database.query('update interruption_exclusion set taken_back_by = 2')
    assert.equal(
      (await out(noon)).reduce((sum, [units]) => sum + units!, 0),
      4,
    )
  })

  it('have the estimate that was entered last, at the instant', async () => {
    const { database } = test
    const estimate = { interruptionId: ids[0]!, enteredBy: 'operator' }
    assert.ok(await insertEstimate(database, { ...estimate, restoredBy: noon + 5 * hourMs, enteredAt: noon + 60_000 }))
    assert.ok(await insertEstimate(database, { ...estimate, restoredBy: noon + 6 * hourMs, enteredAt: noon + 120_000 }))
    assert.ok(!(await insertEstimate(database, { ...estimate, interruptionId: 99, restoredBy: null, enteredAt: noon })))
    const windy = async (at: number) =>
      (await unitsOutAt(database, at)).find(({ cause }) => cause === 'vento')!.restoredBy
    assert.deepEqual(
      [await windy(noon), await windy(noon + 60_000), await windy(noon + 120_000)],
      [null, noon + 5 * hourMs, noon + 6 * hourMs],
    )
  })

  it('are told by interruption, a page at a time', async () => {
    const scope = { at: noon + 3 * hourMs, municipalityCode: null, interruptions: 2 }
    const page = await interruptionsUnderWay(test.database, { ...scope, after: 0 })
    assert.deepEqual(
      page.map(({ interruptionId, municipalityCode, units }) => [interruptionId, municipalityCode, units]),
      [
        [ids[0], 3_550_308, 1],
        [ids[1], null, 1],
      ],
    )
    const next = await interruptionsUnderWay(test.database, { ...scope, after: ids[1]! })
    assert.deepEqual(
      next.map(({ interruptionId }) => interruptionId),
      [ids[2]],
    )
  })

  it('stand beside all units of their places, also of no place', async () => {
    assert.deepEqual(await unitsServed(test.database, ['1']), [
      { municipalityCode: 3_550_308, conjuntoId: '1', units: 4 },
    ])
    assert.equal((await unitsServed(test.database, ['1', null])).length, 2)
  })
})
