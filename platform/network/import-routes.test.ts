import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useApi } from '../http/api.fixture.ts'
import { networkRoutes } from './routes.ts'

const csv = { 'content-type': 'text/csv' }

describe('the route of imports', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [networkRoutes] })
  const send = (kind: string, ...lines: string[]) =>
    test.as('admin').post(`/api/registry/import/${kind}`, lines.join('\n'), csv)

  it('takes a file, as the command line does', async () => {
    assert.deepEqual((await send('feeders', 'feeder_id,parent_feeder_id,limit_kw', 'f-1,f-0,80', 'f-0,,')).body, {
      ...{ dryRun: false, added: 2, changed: 0, unchanged: 0, activated: [], stillRejected: [], closed: [], ended: [] },
    })
    const { body } = await send('feeders', '\ufefffeeder_id;limit_kw', 'f-1;80,5', 'f-0;')
    assert.deepEqual([body.added, body.changed, body.unchanged], [0, 1, 1])
    assert.equal((await test.as('viewer').get('/api/registry/feeders/f-1')).body.limitKw, 80.5)
    const log = await test.database.database.query(
      "select subject, detail from access_log where event = 'registry_imported' order by id",
    )
    assert.deepEqual(log[1], { subject: 'feeders.csv', detail: '0 added, 1 changed, 1 unchanged' })
  })

  it('takes it back where it is only a trial', async () => {
    const { body } = await test.as('admin').post('/api/registry/import/feeders?dryRun=true', 'feeder_id\nf-7', csv)
    assert.deepEqual([body.dryRun, body.added], [true, 1])
    assert.equal((await test.as('viewer').get('/api/registry/feeders/f-7')).status, 404)
  })

  it('tells whom it let in, and which assignments it ended', async () => {
    await test.database.database.query("insert into device (device_id, status) values ('m-1', 'pending')")
    assert.deepEqual((await send('devices', 'device_id,kind', 'm-1,meter', 'm-2,meter')).body.activated, ['m-1'])
    await send('units', 'unit_id,nominal_voltage_v', 'u-1,127')
    await send('meters', 'unit_id,device_id,valid_from', 'u-1,m-1,2025-01-01')
    assert.deepEqual((await send('meters', 'unit_id,device_id,valid_from', 'u-1,m-2,2026-01-01')).body.closed, [
      { unitId: 'u-1', deviceId: 'm-1', validTo: '2026-01-01T03:00:00.000Z' },
    ])
  })

  it('writes nothing where a line is wrong, and names each', async () => {
    const { status, body } = await send(
      'devices',
      'device_id,kind,rated_kw',
      'ok-1,meter,',
      'bad-1,toaster,',
      'x,meter,a',
    )
    assert.equal(status, 400)
    assert.deepEqual(body.errors, [
      { field: 'body.lines.3.kind', value: 'toaster', problem: 'not one of der, panel, meter, switch' },
      { field: 'body.lines.4.rated_kw', value: 'a', problem: 'not a number' },
    ])
    assert.equal((await test.as('viewer').get('/api/registry/devices/ok-1')).status, 404)
  })

  it('says what else is wrong with a request', async () => {
    assert.equal((await send('toasters', 'a')).status, 400)
    assert.equal((await send('feeders', '')).status, 400)
    assert.equal((await send('feeders', 'name', 'x')).status, 400)
    assert.equal((await test.as('admin').post('/api/registry/import/feeders', { feederId: 'x' })).status, 415)
    assert.equal((await test.as('engineer').post('/api/registry/import/feeders', 'feeder_id\nx', csv)).status, 403)
    assert.equal((await test.as().post('/api/registry/import/feeders', 'feeder_id\nx', csv)).status, 401)
  })

  it('names twenty faults, and counts the others', async () => {
    const { body } = await send('feeders', 'feeder_id', ...Array.from({ length: 30 }, () => 'a b'))
    assert.equal(body.errors.length, 20)
    assert.match(body.detail, /; … and 10 more$/)
  })
})
