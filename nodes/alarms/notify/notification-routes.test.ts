import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { wallClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { said } from '../alarms.fixture.ts'
import { defaultTable } from '../domain/default-table.ts'
import { changeAlarms } from '../keeper/change-alarms.ts'
import { SteppedChannel } from './channel.fixture.ts'
import { notificationRoutes } from './notification-routes.ts'

describe('notifications over HTTP', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [notificationRoutes] })
  const path = '/api/alarms/notifications'
  let now = wallClock.now()
  let duty: SteppedChannel

  before(async () => {
    const { database } = api.database
    duty = new SteppedChannel(database, { name: 'duty' }, () => defaultTable, { now: () => now }, { mostTries: 1 })
    await duty.enter()
    const changes = ['m-1', 'm-2', 'm-3'].map((subject) => ({ condition: said('stuck', subject), by: null }))
    await database.transaction((client) => changeAlarms(client, changes, defaultTable, now))
    duty.carrier.fault = new Error('hooks.example.com answered 503')
    await duty.follow()
    await duty.deliver()
    now += 60_000
    await duty.deliver()
    duty.carrier.fault = undefined
  })

  it('are listed with what became of them, page by page, and found by state, channel and alarm', async () => {
    const first = await api.as('viewer').get(`${path}?limit=2`)
    assert.equal(first.status, 200)
    const next = await api.as('viewer').get(`${path}?limit=2&cursor=${String(first.body.nextCursor)}`)
    const keys = [...first.body.items, ...next.body.items].map(({ key }: { key: string }) => key)
    assert.deepEqual(keys, ['test/stuck/m-3', 'test/stuck/m-2', 'test/stuck/m-1'])
    const [newest] = first.body.items
    assert.deepEqual(
      [newest.channel, newest.what, newest.state, newest.tries, newest.lastError, newest.dueAt],
      ['duty', 'raised', 'dead', 1, 'hooks.example.com answered 503', null],
    )
    for (const [query, count] of [
      ['state=dead&channel=duty', 3],
      ['state=sent', 0],
      ['channel=other', 0],
      [`alarmId=${newest.alarmId}`, 1],
    ] as const)
      assert.equal((await api.as('viewer').get(`${path}?${query}`)).body.items.length, count, query)
  })

  it('are sent again by whoever operates, once they are given up', async () => {
    const [{ id }] = (await api.as('viewer').get(`${path}?state=dead`)).body.items
    assert.equal((await api.as('viewer').post(`${path}/${id}/retry`)).status, 403)
    const retried = await api.as('operator').post(`${path}/${id}/retry`)
    assert.deepEqual(
      [retried.status, retried.body.state, retried.body.tries, retried.body.retriedBy],
      [200, 'waiting', 0, 'operator'],
    )
    now = wallClock.now()
    await duty.deliver()
    assert.deepEqual(duty.carrier.take(), ['raised test/stuck/m-3 1'])
    const again = await api.as('operator').post(`${path}/${id}/retry`)
    assert.deepEqual(
      [again.status, again.body.detail],
      [409, 'it is sent: only what waits or was given up is sent again'],
    )
  })

  it('that are not there are not found', async () => {
    const unknown = await api.as('operator').post(`${path}/00000000-0000-4000-8000-000000000000/retry`)
    assert.equal(unknown.status, 404)
    assert.equal((await api.as('operator').post(`${path}/1/retry`)).status, 400)
  })
})
