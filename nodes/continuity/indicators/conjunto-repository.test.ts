import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { isConjunto, unitsOfConjuntos, yearLimits } from './conjunto-repository.ts'
import { seedConjunto, seedUnits } from './seeded-units.fixture.ts'

describe('units of conjuntos (NUC)', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(async () => {
    const { database } = test
    await seedConjunto(database, 'c-1')
    await seedConjunto(database, 'c-2')
    await seedUnits(database, 'c-1', ['always', 'from-10', 'until-10', 'not-told'])
    for (const [unitId, validity] of [
      ['always', '(,)'],
      ['from-10', '[2026-03-10,)'],
      ['until-10', '(,2026-03-10)'],
    ])
      await database.query('insert into unit_supply values ($1, $2, null, $3)', [unitId, 't-1', validity])
  })
  const counted = async (...day: [month: string, day: 'first-day' | 'last-day']) =>
    (await unitsOfConjuntos(test.database, ...day)).map(({ units }) => units)

  it('are those that are supplied on the day, and those of which nothing is told', async () => {
    assert.deepEqual(await counted('2026-02-01', 'last-day'), [3, 0])
    assert.deepEqual(await counted('2026-03-01', 'first-day'), [3, 0])
    await test.database.query(`insert into unit_supply values ('not-told', 't-1', null, '[2027-01-01,)')`)
    assert.deepEqual(await counted('2026-03-01', 'last-day'), [2, 0])
    assert.deepEqual(await counted('2027-01-01', 'last-day'), [3, 0])
  })

  it('are the number that was entered, where one was', async () => {
    await test.database.query(`insert into conjunto_units (conjunto_id, month, units) values ('c-2', '2026-03-01', 42)`)
    assert.deepEqual(await counted('2026-03-01', 'last-day'), [2, 42])
    assert.deepEqual(await counted('2026-04-01', 'last-day'), [2, 0])
  })

  it('are asked for by conjunto, as limits are by year', async () => {
    const { database } = test
    assert.deepEqual(await unitsOfConjuntos(database, '2026-03-01', 'last-day', ['c-2']), [
      { conjuntoId: 'c-2', units: 42 },
    ])
    await database.query(
      `insert into conjunto_limit (conjunto_id, year, dec_hundredths, fec_hundredths) values ('c-1', 2026, 800, 600), ('c-1', 2027, 700, 500)`,
    )
    assert.deepEqual(await yearLimits(database, 2027), [{ conjuntoId: 'c-1', decHundredths: 700, fecHundredths: 500 }])
    assert.deepEqual([await isConjunto(database, 'c-1'), await isConjunto(database, 'c-3')], [true, false])
  })
})
