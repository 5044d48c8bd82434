import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { forbidding } from './forbidding.ts'
import { holidayRoutes } from './holiday-routes.ts'
import { buildSwitchedField } from './switching.fixture.ts'

describe('local holidays over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [holidayRoutes] })
  const body = { name: 'Revolução Constitucionalista', source: 'Lei estadual 9.497/1997' }
  before(async () => {
    await buildSwitchedField(api.database.database)
    await api.database.database.query(`update consumer_unit set municipality_code = 3550308`)
  })
  const disconnection = async (day: string) =>
    (
      await forbidding(
        api.database.database,
        { deviceId: 'm-1', type: 'disconnect', args: { reason: 'non_payment' } },
        Date.parse(`${day}T10:00-03:00`),
      )
    ).map(({ text }) => text.en)

  it('one that is entered keeps from disconnecting on it and on its eve, until it is struck out', async () => {
    assert.deepEqual(await disconnection('2026-07-09'), [])
    const put = await api.as('admin').put('/api/holidays/2026-07-09/35', body)
    assert.deepEqual(
      [put.status, put.body],
      [200, { day: '2026-07-09', placeCode: 35, ...body, enteredBy: 'admin' }],
      put.text,
    )
    assert.deepEqual(await disconnection('2026-07-09'), [
      'unit u-1 is not disconnected for non-payment on a holiday: Revolução Constitucionalista',
    ])
    assert.deepEqual(await disconnection('2026-07-08'), [
      'unit u-1 is not disconnected for non-payment on the day before a holiday: Revolução Constitucionalista',
    ])
    assert.deepEqual((await api.as('viewer').get('/api/holidays')).body.items, [put.body])
    assert.equal((await api.as('admin').delete('/api/holidays/2026-07-09/35')).status, 204)
    assert.equal((await api.as('admin').delete('/api/holidays/2026-07-09/35')).status, 404)
    assert.deepEqual(await disconnection('2026-07-09'), [])
  })

  it('are listed in pages, from a day on, and of a place', async () => {
    for (const [day, place] of [
      ['2026-07-09', 35],
      ['2026-11-25', 3550308],
      ['2026-11-25', 33],
    ] as const)
      await api.as('admin').put(`/api/holidays/${day}/${place}`, body)
    const first = (await api.as('viewer').get('/api/holidays?limit=2')).body
    const second = (await api.as('viewer').get(`/api/holidays?limit=2&cursor=${first.nextCursor}`)).body
    assert.deepEqual(
      [...first.items, ...second.items].map(({ day, placeCode }) => `${day} ${placeCode}`),
      ['2026-07-09 35', '2026-11-25 33', '2026-11-25 3550308'],
    )
    assert.equal((await api.as('viewer').get('/api/holidays?from=2026-08-01&placeCode=33')).body.items.length, 1)
  })

  it('are entered by who administers, with a place and a day that there are', async () => {
    assert.equal((await api.as('engineer').put('/api/holidays/2026-07-09/35', body)).status, 403)
    assert.equal((await api.as('admin').put('/api/holidays/2026-07-09/355', body)).status, 400)
    assert.equal((await api.as('admin').put('/api/holidays/2026-02-30/35', body)).status, 400)
  })
})
