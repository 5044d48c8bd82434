import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { commandRoutes } from '../routes.ts'
import { capabilitiesOf } from './capability-repository.ts'

const none = { ledger: false, expiry: false, select: false, clock: false, signature: false }
const able = { ledger: true, expiry: true, select: false, clock: true, signature: false }

describe('what devices can do with commands', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [commandRoutes] })
  const database = () => api.database.database
  const path = (deviceId: string) => `/api/devices/${deviceId}/command-capabilities`
  before(() =>
    database().query(
      `with d as (insert into device (device_id, kind, status) values ('sw-1', 'switch', 'active'), ('meter-1', 'meter', 'active')
         returning device_key, device_id)
       insert into device_presence (device_key, online, at, received_at, capabilities)
       select device_key, true, to_timestamp(0), to_timestamp(0), '{ledger,select}' from d where device_id = 'sw-1'`,
    ),
  )

  it('is nothing where nobody has said, whatever the device says of itself', async () => {
    const { status, body } = await api.as('viewer').get(path('sw-1'))
    assert.equal(status, 200)
    assert.deepEqual(body, {
      ...{ deviceId: 'sw-1', kind: 'switch', capabilities: none, isProven: false, recordedBy: null, recordedAt: null },
      claimed: ['ledger', 'select'],
    })
    assert.deepEqual(await capabilitiesOf(database(), 'sw-1'), none)
  })

  it('is what an admin says, and commands go by it from then on; who said so is in the access log and in the audit', async () => {
    const { status, body } = await api.as('admin').put(path('sw-1'), able)
    assert.deepEqual([status, body.capabilities, body.recordedBy, body.isProven], [200, able, 'admin', false])
    assert.deepEqual(await capabilitiesOf(database(), 'sw-1'), able)
    const logged = await database().query(
      `select username, subject, detail from access_log where event = 'command_capabilities_recorded'`,
    )
    assert.deepEqual(logged, [{ username: 'admin', subject: 'device sw-1', detail: 'ledger expiry clock' }])
    const audited = await database().query(
      `select content::jsonb ->> 'actor' as actor from audit_entry where table_name = 'command_capability'`,
    )
    assert.deepEqual(audited, [{ actor: 'admin' }])
    assert.equal((await api.as('admin').put(path('sw-1'), none)).body.capabilities.ledger, false)
  })

  it('is said by nobody else, of nothing but registered devices, and as a whole', async () => {
    assert.equal((await api.as('engineer').put(path('sw-1'), able)).status, 403)
    assert.equal((await api.as('admin').put(path('sw-9'), able)).status, 404)
    assert.equal((await api.as('viewer').get(path('sw-9'))).status, 404)
    assert.equal((await api.as('admin').put(path('sw-1'), { ledger: true })).status, 400)
    assert.equal((await api.as('admin').put(path('sw-1'), { ...able, ledger: 'yes' })).status, 400)
  })

  it('is listed by device, in pages', async () => {
    const first = (await api.as('viewer').get('/api/command-capabilities?limit=1')).body
    const second = (await api.as('viewer').get(`/api/command-capabilities?limit=1&cursor=${first.nextCursor}`)).body
    const items = [...first.items, ...second.items] as { deviceId: string }[]
    assert.deepEqual(
      items.map(({ deviceId }) => deviceId),
      ['meter-1', 'sw-1'],
    )
    assert.equal(second.nextCursor, null)
  })

  it('is searched by kind, and by a part of the name, which no wildcard widens', async () => {
    const found = async (search: string): Promise<string[]> => {
      const { items } = (await api.as('viewer').get(`/api/command-capabilities?${search}`)).body
      return (items as { deviceId: string }[]).map(({ deviceId }) => deviceId)
    }
    assert.deepEqual(await found('kind=switch'), ['sw-1'])
    assert.deepEqual(await found('contains=TER'), ['meter-1'])
    assert.deepEqual(await found('kind=switch&contains=meter'), [])
    assert.deepEqual(await found('contains=%25'), [])
    assert.equal((await api.as('viewer').get('/api/command-capabilities?kind=pole')).status, 400)
  })

  it('goes with the device', async () => {
    await database().query(`insert into device (device_id, kind, status) values ('old-1', 'meter', 'active')`)
    await api.as('admin').put(path('old-1'), able)
    await database().query(`delete from device where device_id = 'old-1'`)
    assert.deepEqual(await capabilitiesOf(database(), 'old-1'), none)
  })
})
