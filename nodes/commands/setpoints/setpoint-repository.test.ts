import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedDers } from './seeded-ders.fixture.ts'
import {
  dropMonths,
  ensureMonth,
  notePublished,
  setpointDevices,
  setpointsOf,
  standingSetpoints,
  unpublishedSetpoints,
  writeSetpoints,
} from './setpoint-repository.ts'

const now = Date.UTC(2026, 2, 2, 12)
const dayMs = 86_400_000

describe('stored setpoints', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(async () => {
    await seedDers(test.database)
    await ensureMonth(test.database, now)
  })
  const ask = (deviceId: string, powerKw: number | null) => ({
    ...{ deviceId, powerKw, reason: 'test', expiresAt: powerKw === null ? null : now + 60_000 },
  })
  const ids = (of: readonly { readonly deviceId: string }[]): string[] => of.map(({ deviceId }) => deviceId)

  it('are of devices of the registry', async () =>
    assert.deepEqual(
      (await setpointDevices(test.database, ['pv-1', 'bat-2', 'nobody']))
        .toSorted((a, b) => a.deviceId.localeCompare(b.deviceId))
        .map(({ deviceId, derType, ratedKw }) => [deviceId, derType, ratedKw]),
      [
        ['bat-2', 'battery', null],
        ['pv-1', 'pv', 8],
      ],
    ))

  it('wait to be published as they stand: what changed meanwhile waits again', async () => {
    const { database } = test
    await writeSetpoints(database, [ask('bat-1', 1), ask('pv-1', -2)], 'node test', now, now)
    const first = await unpublishedSetpoints(database, 9)
    assert.deepEqual(
      first.map(({ deviceId, derType, powerKw, changed }) => [deviceId, derType, powerKw, changed]),
      [
        ['bat-1', 'battery', 1, 1],
        ['pv-1', 'pv', -2, 1],
      ],
    )
    await writeSetpoints(database, [ask('pv-1', -3)], 'node test', now, now + 1)
    await notePublished(database, first)
    assert.deepEqual(ids(await unpublishedSetpoints(database, 9)), ['pv-1'])
    await notePublished(database, await unpublishedSetpoints(database, 9))
    assert.deepEqual(await unpublishedSetpoints(database, 9), [])
  })

  it('stand until they are taken back, by device', async () => {
    const { database } = test
    assert.deepEqual(ids(await standingSetpoints(database, '', 9)), ['bat-1', 'pv-1'])
    assert.deepEqual(ids(await standingSetpoints(database, 'bat-1', 9)), ['pv-1'])
    await writeSetpoints(database, [ask('bat-1', null)], 'ana', now, now + 2)
    assert.deepEqual(ids(await setpointsOf(database, ['bat-1', 'pv-1'])), ['pv-1'])
    assert.deepEqual(ids(await unpublishedSetpoints(database, 9)), ['bat-1'])
  })

  it('are on record for good, until their month is dropped', async () => {
    const { database } = test
    const count = async () => (await database.query('select from setpoint_change')).length
    assert.equal(await count(), 4)
    for (const statement of ['update setpoint_change set power_kw = 0', 'delete from setpoint_change'])
      await assert.rejects(database.query(statement), /permission denied/)
    await dropMonths(database, now - 40 * dayMs, now)
    assert.equal(await count(), 4)
    await dropMonths(database, now + 40 * dayMs, now + 400 * dayMs)
    assert.equal(await count(), 0)
  })
})
