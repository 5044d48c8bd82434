import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { useApi } from '../http/api.fixture.ts'
import { insertDevices } from './repository.ts'
import { networkRoutes } from './routes.ts'

describe('routes of approval', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [networkRoutes] })
  const admin = () => test.as('admin')

  beforeEach(async () => {
    const { database } = test.database
    await database.query('delete from device')
    await database.transaction((client) =>
      insertDevices(
        client,
        [
          { deviceId: 'pv-9', kind: 'der', derType: 'pv', feederId: 'f-9', siteId: 's-9', pMaxKw: 5, priority: 3 },
          { deviceId: 'm-9', kind: 'meter' },
        ],
        'pending',
        Date.UTC(2026, 10, 21),
      ),
    )
  })

  it('list who waits, with what it says of itself', async () => {
    const { body } = await admin().get('/api/registry/pending')
    assert.deepEqual(body.items[1], {
      ...{ deviceId: 'pv-9', kind: 'der', firstSeenAt: '2026-11-21T00:00:00.000Z' },
      claim: {
        ...{ deviceId: 'pv-9', kind: 'der', derType: 'pv', feederId: 'f-9', siteId: 's-9', pMaxKw: 5, priority: 3 },
      },
    })
    const first = (await admin().get('/api/registry/pending?limit=1')).body
    const second = (await admin().get(`/api/registry/pending?limit=1&cursor=${first.nextCursor}`)).body
    assert.deepEqual([first.items[0].deviceId, second.items[0].deviceId, second.nextCursor], ['m-9', 'pv-9', null])
  })

  it('let a device in with what it claimed, once', async () => {
    const decided = await admin().post('/api/registry/devices/pv-9/approve')
    assert.deepEqual([decided.status, decided.body], [200, { deviceId: 'pv-9', status: 'active', changed: true }])
    const registered = (await admin().get('/api/registry/devices/pv-9')).body
    assert.deepEqual(
      [registered.status, registered.feederId, registered.siteId, registered.ratedKw, registered.priority],
      ['active', 'f-9', 's-9', 5, 3],
    )
    // What was registered since stays: its claim is applied once.
    await admin().patch('/api/registry/devices/pv-9', { priority: null })
    assert.equal((await admin().post('/api/registry/devices/pv-9/approve')).body.changed, false)
    assert.equal((await admin().get('/api/registry/devices/pv-9')).body.priority, null)
  })

  it('keep a device out', async () => {
    assert.deepEqual((await admin().post('/api/registry/devices/m-9/reject')).body, {
      ...{ deviceId: 'm-9', status: 'rejected', changed: true },
    })
    const waiting = (await admin().get('/api/registry/pending')).body.items
    assert.deepEqual(
      waiting.map(({ deviceId }: { deviceId: string }) => deviceId),
      ['pv-9'],
    )
    const [entry] = await test.database.database.query(
      "select username, subject from access_log where event = 'device_rejected'",
    )
    assert.deepEqual(entry, { username: 'admin', subject: 'device m-9' })
  })

  it('are for admins, about devices that are there', async () => {
    assert.equal((await admin().post('/api/registry/devices/nobody/approve')).status, 404)
    assert.equal((await admin().post('/api/registry/devices/a%20b/approve')).status, 400)
    for (const role of ['viewer', 'operator', 'engineer'] as const) {
      assert.equal((await test.as(role).get('/api/registry/pending')).status, 403)
      assert.equal((await test.as(role).post('/api/registry/devices/m-9/approve')).status, 403)
      assert.equal((await test.as(role).post('/api/registry/devices/m-9/reject')).status, 403)
    }
    assert.equal((await test.as().post('/api/registry/devices/m-9/approve')).status, 401)
  })
})
