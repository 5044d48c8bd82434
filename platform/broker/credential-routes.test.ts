import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useApi } from '../http/api.fixture.ts'
import { credentialRoutes } from './credential-routes.ts'
import { selectHashes } from './credential-repository.ts'
import { isPassword } from './password-hash.ts'

describe('routes of MQTT credentials', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [credentialRoutes] })
  const path = (deviceId: string) => `/api/devices/${deviceId}/mqtt-credential`
  const admin = () => test.as('admin')
  const fits = async (deviceId: string, password: string) => {
    const hash = (await selectHashes(test.database.database)).get(deviceId)
    return hash !== undefined && isPassword(password, hash)
  }

  it('issue a password, told once', async () => {
    const { status, body } = await admin().post(path('m-1'))
    assert.deepEqual([status, body.username], [201, 'm-1'])
    assert.ok(await fits('m-1', body.password))
    for (const shown of [await admin().get(path('m-1')), await admin().get('/api/mqtt-credentials')]) {
      assert.equal(shown.status, 200)
      assert.ok(!shown.text.includes(body.password) && !/password|hash|\$7\$/.test(shown.text))
    }
    assert.equal((await admin().post(path('m-1'))).status, 409)
  })

  it('rotate it, and revoke it', async () => {
    const first = (await admin().post(path('m-2'))).body.password
    const { status, body } = await admin().post(`${path('m-2')}/rotate`)
    assert.equal(status, 200)
    assert.deepEqual([await fits('m-2', first), await fits('m-2', body.password)], [false, true])
    assert.equal((await admin().delete(path('m-2'))).status, 204)
    assert.equal(await fits('m-2', body.password), false)
    const shown = (await admin().get(path('m-2'))).body
    assert.ok(shown.rotatedAt !== null && shown.revokedAt !== null)
    assert.equal((await admin().delete(path('m-2'))).status, 404)
    assert.equal((await admin().post(`${path('m-2')}/rotate`)).status, 404)
    assert.equal((await admin().post(path('m-2'))).status, 201, 'let in again')
  })

  it('list devices page by page', async () => {
    const first = (await admin().get('/api/mqtt-credentials?limit=1')).body
    const second = (await admin().get(`/api/mqtt-credentials?limit=1&cursor=${first.nextCursor}`)).body
    assert.deepEqual([first.items[0].deviceId, second.items[0].deviceId, second.nextCursor], ['m-1', 'm-2', null])
  })

  it('are written down, without the password', async () => {
    const { password } = (await admin().post(path('m-3'))).body
    const rows = await test.database.database.query<{ event: string; row: string }>(
      "select event, access_log::text as row from access_log where subject = 'device m-3'",
    )
    assert.deepEqual(
      rows.map(({ event }) => event),
      ['mqtt_credential_issued'],
    )
    assert.ok(!rows[0]!.row.includes(password))
  })

  it('are for admins, and for names that a broker user can have', async () => {
    for (const deviceId of ['linhaviva', 'dispatcher', 'a:b']) {
      const { status, body } = await admin().post(path(deviceId))
      assert.deepEqual([status, body.errors?.[0].field], [400, 'path.deviceId'], deviceId)
    }
    assert.equal((await admin().get(path('nobody'))).status, 404)
    for (const role of ['viewer', 'operator', 'engineer'] as const) {
      for (const asked of [
        test.as(role).get('/api/mqtt-credentials'),
        test.as(role).get(path('m-1')),
        test.as(role).post(path('m-9')),
        test.as(role).post(`${path('m-1')}/rotate`),
        test.as(role).delete(path('m-1')),
      ])
        assert.equal((await asked).status, 403)
    }
    assert.equal((await test.as().post(path('m-9'))).status, 401)
  })
})
