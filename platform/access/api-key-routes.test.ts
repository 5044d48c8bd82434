import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useApi } from '../http/api.fixture.ts'
import { selectKey } from './api-key-repository.ts'
import { apiKeyRoutes } from './api-key-routes.ts'

describe('keys of other systems', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [apiKeyRoutes] })
  const make = (name: string) => test.as('admin').post('/api/api-keys', { name, scope: 'regulator' })

  it('are made and taken back by an admin, told once, and stored as a hash', async () => {
    const { status, body } = await make('ANEEL')
    assert.equal(status, 201)
    assert.match(body.key, /^lvk_[0-9a-f]{16}_[\w-]{43}$/)
    const [stored] = await test.database.database.query<{ row: string }>('select api_key::text as row from api_key')
    assert.ok(!stored!.row.includes(body.key.slice(-43)))
    assert.deepEqual(await test.services.access.verifyKey(body.key, 'regulator'), { keyId: body.keyId, name: 'ANEEL' })

    assert.equal((await selectKey(test.database.database, body.keyId))!.madeBy, 'admin')
    const path = `/api/api-keys/${body.keyId}`
    assert.equal((await test.as('admin').delete(path)).status, 204)
    assert.equal(await test.services.access.verifyKey(body.key, 'regulator'), undefined)
    assert.equal((await test.as('admin').delete(path)).status, 404)
    const listed = (await test.as('admin').get('/api/api-keys')).body.items
    assert.deepEqual(
      [listed[0].name, listed[0].madeBy, listed[0].revokedBy, listed[0].key],
      ['ANEEL', 'admin', 'admin', undefined],
    )
    const log = await test.services.access.accessLog({ event: null, username: 'admin' }, null, 10)
    const told = log.filter(({ event }) => event.startsWith('api_key')).map(({ event, subject }) => [event, subject])
    assert.deepEqual(told, [
      ['api_key_revoked', `key ${body.keyId} of ANEEL`],
      ['api_key_made', `key ${body.keyId} of ANEEL`],
    ])
  })

  it('have names, each once while in force', async () => {
    const first = await make('twice')
    assert.equal((await make('TWICE')).status, 409)
    await test.as('admin').delete(`/api/api-keys/${first.body.keyId}`)
    assert.equal((await make('twice')).status, 201)
    assert.equal((await make(' ')).status, 400)
  })

  it('are not deleted, so that the log stays understood', () =>
    assert.rejects(test.database.database.query('delete from api_key'), /permission denied/))

  it('are for admins', async () => {
    assert.equal((await test.as('engineer').post('/api/api-keys', { name: 'x', scope: 'regulator' })).status, 403)
    assert.equal((await test.as('engineer').get('/api/api-keys')).status, 403)
  })
})
