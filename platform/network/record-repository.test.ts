import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../storage/test-database.ts'
import { recordKinds } from './record-kinds.ts'
import {
  findAssignment,
  findRecord,
  listAssignments,
  listRecords,
  removeRecord,
  tablesNaming,
} from './record-repository.ts'

describe('repository of records', () => {
  const test = useDatabase()
  const first = { after: undefined, limit: 9 }

  before(async () => {
    const { database } = test
    await database.query(
      "insert into feeder (feeder_id, parent_feeder_id) values ('f-0', null), ('f-1', 'f-0'), ('f-2', 'f-0')",
    )
    await database.query("insert into site (site_id, feeder_id) values ('s-1', 'f-1')")
    await database.query("insert into consumer_unit (unit_id, site_id, nominal_voltage_v) values ('u-1', 's-1', 127)")
    await database.query(
      "insert into device (device_id, kind, status, site_id) values ('m-1', 'meter', 'active', 's-1'), ('m-2', null, 'pending', null)",
    )
    await database.query(
      `insert into meter_assignment select 'u-1', device_key, '(,2025-01-01Z)' from device where device_id = 'm-1'`,
    )
    await database.query(
      `insert into meter_assignment select 'u-1', device_key, '[2025-06-01Z,)' from device where device_id = 'm-1'`,
    )
    await database.query(
      `insert into device_presence (device_key, online, at, received_at)
       select device_key, true, '2026-01-01', '2026-01-01' from device where device_id = 'm-2'`,
    )
  })

  it('finds records of each kind with the fields of that kind', async () => {
    for (const [index, id] of ['f-1', 's-1', 'm-1', 'u-1'].entries()) {
      const { table, idField, fields } = recordKinds[index]!
      const record = (await findRecord(test.database, table, id))!
      assert.deepEqual(Object.keys(record), [idField, ...Object.keys(fields)])
      assert.equal(record[idField], id)
      assert.equal(await findRecord(test.database, table, 'nobody'), undefined)
    }
  })

  it('lists records by identifier, by feeder and by status', async () => {
    const ids = async (...[table, filter, page = first]: [Parameters<typeof listRecords>[1], object, typeof first?]) =>
      (await listRecords(test.database, table, filter, page)).map((record) => Object.values(record)[0])
    assert.deepEqual(await ids('feeders', { feederId: 'f-0' }), ['f-1', 'f-2'])
    assert.deepEqual(await ids('feeders', {}, { after: 'f-0', limit: 1 } as never), ['f-1'])
    assert.deepEqual(await ids('sites', { feederId: 'f-2' }), [])
    assert.deepEqual(await ids('devices', { status: 'pending' }), ['m-2'])
  })

  it('says which tables name a record, those without foreign keys too', async () => {
    assert.deepEqual(await tablesNaming(test.database, 'feeders', 'f-0'), ['feeder'])
    assert.deepEqual(await tablesNaming(test.database, 'sites', 's-1'), ['consumer_unit', 'device'])
    assert.deepEqual(await tablesNaming(test.database, 'units', 'u-1'), ['meter_assignment'])
    assert.deepEqual(await tablesNaming(test.database, 'devices', 'm-1'), ['meter_assignment'])
    assert.deepEqual(await tablesNaming(test.database, 'devices', 'm-2'), ['device_presence'])
    assert.deepEqual(await tablesNaming(test.database, 'feeders', "f-2'; drop table feeder; --"), [])
  })

  it('removes what nothing refers to, and the database keeps the rest', async () => {
    await removeRecord(test.database, 'feeders', 'f-2')
    assert.equal(await findRecord(test.database, 'feeders', 'f-2'), undefined)
    await assert.rejects(removeRecord(test.database, 'feeders', 'f-0'), { code: '23503' })
  })

  it('lists assignments of a unit in the order of time, one without beginning first', async () => {
    const rows = await listAssignments(test.database, {}, first)
    assert.deepEqual(
      rows.map(({ validFrom, validTo }) => [validFrom?.toISOString() ?? null, validTo?.toISOString() ?? null]),
      [
        [null, '2025-01-01T00:00:00.000Z'],
        ['2025-06-01T00:00:00.000Z', null],
      ],
    )
    const next = await listAssignments(
      test.database,
      {},
      { after: { unitId: 'u-1', validFrom: '-infinity' }, limit: 9 },
    )
    assert.deepEqual(next, rows.slice(1))
    assert.deepEqual(await findAssignment(test.database, 'u-1', 'm-1', null), rows[0])
    assert.deepEqual(await findAssignment(test.database, 'u-1', 'm-1', '2025-06-01T00:00:00.000Z'), rows[1])
    assert.equal(await findAssignment(test.database, 'u-1', 'm-2', null), undefined)
  })
})
