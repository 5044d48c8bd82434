import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { responsibilityRoutes } from './responsibility-routes.ts'

describe('areas of responsibility over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [responsibilityRoutes] })
  const path = '/api/alarms/responsibility'
  before(() => api.database.database.query(`insert into feeder (feeder_id) values ('f-01')`))

  it('are set and assigned by an engineer, seen by everybody, and the access log tells', async () => {
    const put = await api.as('engineer').put(`${path}/north`, { feederIds: ['f-01'], conditionAreas: null })
    assert.deepEqual([put.status, put.body.feederIds, put.body.changedBy], [200, ['f-01'], 'engineer'])
    const assigned = await api.as('engineer').put(`${path}/north/users`, { usernames: ['operator'] })
    assert.deepEqual([assigned.status, assigned.body.usernames], [200, ['operator']])
    const listed = await api.as('viewer').get(path)
    assert.deepEqual(listed.body.items, [assigned.body])
    const log = await api.services.access.accessLog({ event: 'responsibility_changed', username: null }, null, 10)
    assert.deepEqual(
      log.map(({ username, subject, detail }) => [username, subject, detail]),
      [
        ['engineer', 'north', 'assigned to operator'],
        ['engineer', 'north', '{"feederIds":["f-01"],"conditionAreas":null}'],
      ],
    )
  })

  it('are no business of operators to change', async () => {
    for (const [method, at, body] of [
      ['PUT', `${path}/north`, { feederIds: null, conditionAreas: null }],
      ['PUT', `${path}/north/users`, { usernames: [] }],
      ['DELETE', `${path}/north`, undefined],
    ] as const)
      assert.equal((await api.as('operator').send(method, at, body)).status, 403)
  })

  it('go only when nobody is assigned: whoever has none answers for all', async () => {
    const refused = await api.as('admin').delete(`${path}/north`)
    assert.deepEqual([refused.status, refused.body.detail], [409, 'assigned to operator: take that back first'])
    await api.as('admin').put(`${path}/north/users`, { usernames: [] })
    assert.equal((await api.as('admin').delete(`${path}/north`)).status, 204)
    assert.equal((await api.as('admin').delete(`${path}/north`)).status, 404)
  })

  it('name what is no feeder and no user', async () => {
    const engineer = api.as('engineer')
    const feeder = await engineer.put(`${path}/south`, { feederIds: ['nowhere'], conditionAreas: null })
    assert.equal(feeder.body.detail, 'body.feederIds is "nowhere": it must be a feeder of the registry')
    await engineer.put(`${path}/south`, { feederIds: null, conditionAreas: ['voltage'] })
    const user = await engineer.put(`${path}/south/users`, { usernames: ['nobody'] })
    assert.equal(user.body.detail, 'body.usernames is "nobody": it must be a user')
    assert.equal((await engineer.put(`${path}/east/users`, { usernames: [] })).status, 404)
  })
})
