import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { findUnitMeters } from './consumption-repository.ts'

const day = 86_400_000
const from = Date.UTC(2026, 0, 1)
const to = from + 10 * day

describe('repository of consumption', () => {
  const test = useDatabase()
  before(async () => {
    await test.database.query(
      "insert into consumer_unit (unit_id, nominal_voltage_v) values ('u', 127), ('bare', 127), ('always', 127)",
    )
    await test.database.query(
      "insert into device (device_id, kind, status) select 'm-' || n, 'meter', 'active' from generate_series(1, 5) n",
    )
    await test.database.query(
      `insert into meter_assignment values ('u', 1, '[2020-01-01Z,2026-01-01Z)'), ('u', 2, '[2026-01-01Z,2026-01-03Z)'),
         ('u', 3, '[2026-01-03Z,)'), ('always', 4, '(,)')`,
    )
  })

  it('finds the meters that a unit had, each with its part of the period, ends included', async () => {
    assert.deepEqual(await findUnitMeters(test.database, 'u', from, to), [
      { deviceKey: 2, from, to: from + 2 * day - 1 },
      { deviceKey: 3, from: from + 2 * day, to },
    ])
    assert.deepEqual(await findUnitMeters(test.database, 'u', from - 1, from - 1), [
      { deviceKey: 1, from: from - 1, to: from - 1 },
    ])
    assert.deepEqual(await findUnitMeters(test.database, 'always', from, to), [{ deviceKey: 4, from, to }])
  })

  it('tells a unit without meters from none', async () => {
    assert.deepEqual(await findUnitMeters(test.database, 'bare', from, to), [])
    assert.equal(await findUnitMeters(test.database, 'nobody', from, to), undefined)
  })
})
