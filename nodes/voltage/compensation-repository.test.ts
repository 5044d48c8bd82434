import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { queriesOf } from '../../platform/storage/queries.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { casesOfUnit, insertWork } from './case-repository.ts'
import { bookedRevisions, strikePending, writeRevisions } from './compensation-repository.ts'
import type { Revision } from './domain/booking.ts'
import { seedCase, seedMeasurement, seedUnit } from './seeded-measurements.fixture.ts'

describe('the books of compensation', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const at = Date.UTC(2026, 8, 1)
  let [caseId, measurementId] = [0, 0]
  const line = (month: string, money: Revision['money'], revision = 1): Revision => ({
    ...{ unitId: 'u-1', month, money, revision, basis: { measurementId, version: 1 }, cause: 'due' },
    deltaBrl: 'pending' in money ? null : money.amountBrl,
  })
  const rule = { validFrom: '2000-01-01', source: 'PRODIST' }
  const brl = (amountBrl: number) => ({ amountBrl, exactBrl: amountBrl, formula: 'x', inputs: {}, rule })
  const write = (lines: Revision[]) => test.database.transaction((client) => writeRevisions(client, caseId, lines, at))
  const booked = async () =>
    (await bookedRevisions(test.database, caseId)).map(({ month, revision, money }) => [month, revision, money])

  before(async () => {
    await seedUnit(test.database, 'u-1')
    measurementId = await seedMeasurement(test.database, {
      ...{ unitId: 'u-1', precarious: [81, 0, 0], critical: [0, 0, 0] },
    })
    await seedCase(test.database, measurementId, {})
    caseId = (await casesOfUnit(test.database, 'u-1'))[0]!.caseId
  })

  it('write a line anew as long as it waits, and never again once it is booked', async () => {
    await write([line('2026-08', { pending: 'the EUSD' })])
    await write([line('2026-08', brl(12.34))])
    assert.deepEqual(await booked(), [['2026-08', 1, brl(12.34)]])
    await write([line('2026-08', brl(99))])
    assert.deepEqual(await booked(), [['2026-08', 1, brl(12.34)]])
    await write([line('2026-08', brl(13), 2)])
    assert.deepEqual(await booked(), [['2026-08', 2, brl(13)]])
  })

  it('strike what waits, not what is booked', async () => {
    await write([line('2026-09', { pending: 'the EUSD' })])
    await test.database.transaction(async (client) =>
      strikePending(client, caseId, await bookedRevisions(queriesOf(client), caseId)),
    )
    assert.deepEqual(await booked(), [['2026-08', 2, brl(13)]])
  })

  it('let nobody change or take out what is booked, whatever the statement', async () => {
    for (const statement of ['update voltage_compensation set amount_brl = 0', 'delete from voltage_compensation'])
      await assert.rejects(test.database.query(statement), /voltage_compensation takes new rows only/)
  })

  it('let nobody change the work that was entered', async () => {
    const work = { caseId, doneAt: at, what: 'tap at 2', doneBy: 'Crew 7', enteredBy: 'operator', enteredAt: at }
    const enter = () => test.database.transaction((client) => insertWork(client, work))
    assert.deepEqual([await enter(), await enter()], [true, false])
    for (const statement of ["update case_work set what = 'nothing'", 'delete from case_work'])
      await assert.rejects(test.database.query(statement), /permission denied|takes new rows only/)
  })
})
