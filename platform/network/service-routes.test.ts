import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../http/api.fixture.ts'
import { networkRoutes } from './routes.ts'

describe('routes of units restored first', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [networkRoutes] })
  const path = (unitId: string) => `/api/units/${unitId}/service`

  before(() =>
    test.database.database.query(
      "insert into consumer_unit (unit_id, nominal_voltage_v) values ('u-1', 127), ('u-2', 127)",
    ),
  )

  it('say why, to those who may see personal data, and write down who asked', async () => {
    assert.equal((await test.as('admin').put(path('u-1'), { service: 'life_support' })).status, 200)
    assert.equal((await test.as('admin').put(path('u-2'), { service: 'safety' })).status, 200)
    assert.equal((await test.as('admin').put(path('u-2'), { service: 'essential' })).body.service, 'essential')
    assert.deepEqual((await test.as('operator').get(path('u-1'))).body, { unitId: 'u-1', service: 'life_support' })
    assert.deepEqual((await test.as('operator').get('/api/services')).body.items, [
      { unitId: 'u-1', service: 'life_support' },
      { unitId: 'u-2', service: 'essential' },
    ])
    for (const role of ['viewer', 'engineer'] as const) {
      assert.equal((await test.as(role).get(path('u-1'))).status, 403)
      assert.equal((await test.as(role).get('/api/services')).status, 403)
    }
    const log = await test.database.database.query<{ event: string; subject: string }>(
      "select event, subject from access_log where event like 'personal%' order by id",
    )
    assert.deepEqual(
      log.map(({ event, subject }) => `${event} ${subject}`),
      [
        ...['personal_changed u-1', 'personal_changed u-2', 'personal_changed u-2', 'personal_read u-1'],
        'personal_read 2 units',
      ],
    )
  })

  it('take it back', async () => {
    assert.equal((await test.as('admin').delete(path('u-2'))).status, 204)
    assert.equal((await test.as('admin').get(path('u-2'))).status, 404)
    assert.equal((await test.as('admin').delete(path('u-2'))).status, 404)
  })

  it('know no other units and services', async () => {
    assert.equal((await test.as('admin').get(path('nobody'))).status, 404)
    assert.equal((await test.as('admin').put(path('u-1'), { service: 'hospital' })).status, 400)
  })
})
