import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { Problem } from '../http/problem.ts'
import { useDatabase } from '../storage/test-database.ts'
import { badImport, changeRecord, checkVersion, createRecord, deleteRecord, versionOf } from './change-registry.ts'
import { ImportError } from './import/faults.ts'
import { recordKinds } from './record-kinds.ts'

const [feeders, , devices] = recordKinds

describe('changing the registry', function () {
  this.timeout(60_000)
  const test = useDatabase()
  beforeEach(() => test.database.query('with d as (delete from device) delete from feeder'))

  const problem = async (work: Promise<unknown>): Promise<Problem> => {
    try {
      await work
    } catch (error) {
      assert.ok(error instanceof Problem, String(error))
      return error
    }
    return assert.fail('nothing was refused')
  }

  it('of two that create one record at once lets one', async () => {
    const both = await Promise.allSettled([1, 2].map(() => createRecord(test.database, feeders!, { feederId: 'f' })))
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  })

  it('of two that change one state at once lets one', async () => {
    const { version: _, ...created } = await createRecord(test.database, feeders!, { feederId: 'f' })
    const version = versionOf(created)
    const both = await Promise.allSettled(
      ['a', 'b'].map((name) => changeRecord(test.database, feeders!, 'f', { name, version })),
    )
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  })

  it('leaves everything as it was where something is wrong', async () => {
    await createRecord(test.database, feeders!, { feederId: 'f', name: 'Feeder' })
    const { status, errors } = await problem(
      changeRecord(test.database, feeders!, 'f', { name: 'Another', parentFeederId: 'nobody' }),
    )
    assert.deepEqual([status, errors.map(({ field }) => field)], [400, ['body.parentFeederId']])
    const { before, after } = await changeRecord(test.database, feeders!, 'f', {})
    assert.deepEqual([before, after['name']], [after, 'Feeder'])
  })

  it('does not touch what a device claimed', async () => {
    await test.database.query(
      `insert into device (device_id, kind, status, claim) values ('d', 'meter', 'pending', '{"deviceId": "d", "feederId": "f"}')`,
    )
    await changeRecord(test.database, devices!, 'd', { priority: 1 })
    const [device] = await test.database.query('select status, feeder_id, claim from device')
    assert.deepEqual(device, { status: 'pending', feeder_id: null, claim: { deviceId: 'd', feederId: 'f' } })
  })

  it('deletes what nothing names', async () => {
    await createRecord(test.database, feeders!, { feederId: 'f' })
    await createRecord(test.database, feeders!, { feederId: 'g', parentFeederId: 'f' })
    assert.equal((await problem(deleteRecord(test.database, feeders!, 'f', undefined))).status, 409)
    await deleteRecord(test.database, feeders!, 'g', undefined)
    await deleteRecord(test.database, feeders!, 'f', undefined)
    assert.equal((await problem(deleteRecord(test.database, feeders!, 'f', undefined))).status, 404)
  })
})

describe('a version', () => {
  it('changes with the record, and only then', () => {
    const record = { feederId: 'f', name: null }
    assert.equal(versionOf(record), versionOf({ ...record }))
    assert.notEqual(versionOf(record), versionOf({ ...record, name: 'x' }))
    checkVersion(record, undefined)
    checkVersion(record, versionOf(record))
    assert.throws(() => checkVersion(record, '0'.repeat(16)), { status: 409 })
  })
})

describe('what an import refuses', () => {
  it('is told by place and value, twenty times at most', () => {
    const faults = Array.from({ length: 25 }, (_, n) => ({
      ...{ file: 'body', line: 1, column: 'name', value: `v-${n}`, problem: 'not good' },
    }))
    const { errors, message } = badImport(new ImportError(faults, 40), ({ column }) => `body.${column}`)
    assert.deepEqual([errors.length, errors[0]], [20, { field: 'body.name', value: 'v-0', problem: 'not good' }])
    assert.match(message, /^name is "v-0", not good; .*; … and 20 more$/)
  })
})
