import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../storage/test-database.ts'
import { findService, listServices } from './service-repository.ts'

describe('repository of units restored first', () => {
  const test = useDatabase()

  before(async () => {
    await test.database.query(
      "insert into consumer_unit (unit_id, nominal_voltage_v) values ('u-1', 127), ('u-2', 127), ('u-3', 127)",
    )
    await test.database.query("insert into unit_service values ('u-1', 'safety'), ('u-3', 'essential')")
  })

  it('finds one', async () => {
    assert.deepEqual(await findService(test.database, 'u-3'), { unitId: 'u-3', service: 'essential' })
    assert.equal(await findService(test.database, 'u-2'), undefined)
  })

  it('lists them by unit, behind the last one seen', async () => {
    const units = async (after: string | undefined, limit: number) =>
      (await listServices(test.database, { after, limit })).map(({ unitId }) => unitId)
    assert.deepEqual(
      [await units(undefined, 9), await units(undefined, 1), await units('u-1', 9)],
      [['u-1', 'u-3'], ['u-1'], ['u-3']],
    )
  })

  it('is not shown to those who read tables', async () =>
    assert.deepEqual(await test.database.query("select from readable_table where name = 'unit_service'"), []))
})
