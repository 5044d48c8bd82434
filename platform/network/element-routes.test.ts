import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../http/api.fixture.ts'
import { networkRoutes } from './routes.ts'

describe('routes of the network', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [networkRoutes] })
  const admin = () => test.as('admin')
  const path = '/api/registry/switches'
  const sectionSwitch = { switchId: 'sw-1', sectionA: 'a', sectionB: 'b', normallyClosed: true }
  const periods = async (query = '') =>
    (await test.as('viewer').get(`${path}${query}`)).body.items.map(
      ({ periodId, sectionB, validTo }: Record<string, string | null>) => [periodId, sectionB, validTo],
    )

  before(async () => {
    await test.database.database.query("insert into feeder (feeder_id) values ('f-1')")
    await test.database.database.query("insert into consumer_unit (unit_id, nominal_voltage_v) values ('u-1', 127)")
  })

  it('register what always was, and what is otherwise from an instant on', async () => {
    const first = await admin().post(path, { ...sectionSwitch, loadBreak: true })
    assert.equal(first.status, 201)
    const { version: _, ...body } = first.body
    assert.deepEqual(body, {
      ...{ periodId: 'sw-1~always', switchId: 'sw-1', sectionA: 'a', sectionB: 'b', normallyClosed: true },
      ...{ loadBreak: true, phases: 'ABC', recloses: false, validFrom: null, validTo: null },
    })
    assert.deepEqual((await admin().get(first.headers.get('location')!)).body, first.body)
    const second = await admin().post(path, { ...sectionSwitch, sectionB: 'c', validFrom: '2026-05-01T00:00:00-03:00' })
    assert.deepEqual([second.body.periodId, second.body.loadBreak], ['sw-1~2026-05-01T03:00:00.000Z', true])
    assert.deepEqual(await periods(), [
      ['sw-1~always', 'b', '2026-05-01T03:00:00.000Z'],
      ['sw-1~2026-05-01T03:00:00.000Z', 'c', null],
    ])
  })

  it('earth switches are of a section, and what recloses says so', async () => {
    const earth = await admin().post('/api/registry/earthings', { earthSwitchId: 'es-1', sectionId: 'a' })
    assert.deepEqual([earth.status, earth.body.periodId], [201, 'es-1~always'], earth.text)
    const { items } = (await test.as('viewer').get('/api/registry/earthings?sectionId=a')).body
    assert.deepEqual(items, [earth.body])
    const source = { sourceId: 'src-7', sectionId: 'a', recloses: true }
    assert.equal((await admin().post('/api/registry/sources', source)).body.recloses, true)
    const later = { sourceId: 'src-7', sectionId: 'b', validFrom: '2026-05-01T00:00:00-03:00' }
    assert.equal((await admin().post('/api/registry/sources', later)).body.recloses, true, 'what is not said stays')
  })

  it('list what is so at an instant, of one, at a section, and in pages', async () => {
    const ids = (rows: string[][]) => rows.map(([id]) => id)
    assert.deepEqual(ids(await periods('?at=2026-04-30T00:00:00Z')), ['sw-1~always'])
    assert.deepEqual(ids(await periods('?at=2026-05-01T03:00:00Z')), ['sw-1~2026-05-01T03:00:00.000Z'])
    assert.deepEqual(ids(await periods('?sectionId=b')), ['sw-1~always'])
    assert.deepEqual(await periods('?switchId=sw-2'), [])
    const page = (await admin().get(`${path}?limit=1`)).body
    const next = (await admin().get(`${path}?limit=1&cursor=${page.nextCursor}`)).body
    assert.deepEqual(
      [...page.items, ...next.items].map(({ periodId }) => periodId),
      ['sw-1~always', 'sw-1~2026-05-01T03:00:00.000Z'],
    )
    assert.equal(next.nextCursor, null)
  })

  it('refuse what is told already, overlaps, or cannot be', async () => {
    const refused = async (body: object) => {
      const { status, body: answer } = await admin().post(path, body)
      return [status, answer.detail]
    }
    assert.deepEqual(await refused(sectionSwitch), [409, 'the switch sw-1 is told already from there on'])
    assert.deepEqual(await refused({ ...sectionSwitch, switchId: 'sw-9', sectionB: 'a' }), [
      ...[400, 'sectionB is "a", which is section_a already: a switch joins two sections'],
    ])
    assert.deepEqual(await refused({ ...sectionSwitch, validFrom: '2026-01-01T00:00:00Z' }), [
      400,
      'overlaps what the registry knows: switch sw-1 to 2026-05-01T03:00:00.000Z',
    ])
    assert.equal((await refused({ ...sectionSwitch, switchId: 'x', validFrom: '1800-01-01T00:00:00Z' }))[0], 400)
    assert.equal((await refused({ ...sectionSwitch, switchId: 'x', phases: 'BA' }))[0], 400)
    assert.equal((await refused({ switchId: 'x', sectionA: 'a', sectionB: 'b' }))[0], 400)
  })

  it('correct a period, unless somebody else did meanwhile, and note it', async () => {
    const { version } = (await admin().get(`${path}/sw-1~always`)).body
    await test.database.database.query('delete from network_change')
    const changed = await admin().patch(`${path}/sw-1~always`, { phases: 'AB', version })
    assert.deepEqual(
      [changed.status, changed.body.phases, changed.body.validTo],
      [200, 'AB', '2026-05-01T03:00:00.000Z'],
    )
    assert.equal((await admin().patch(`${path}/sw-1~always`, { phases: 'A', version })).status, 409)
    assert.deepEqual(await test.database.database.query('select element_ids, from_at::text from network_change'), [
      { element_ids: ['sw-1'], from_at: '-infinity' },
    ])
  })

  it('strike out a period, and give the one before its time back', async () => {
    assert.equal((await admin().delete(`${path}/sw-1~2026-05-01T03:00:00.000Z`)).status, 204)
    assert.equal((await admin().patch(`${path}/sw-1~always`, { validTo: null })).body.validTo, null)
    assert.deepEqual(await periods(), [['sw-1~always', 'b', null]])
    const log = await test.database.database.query<{ event: string }>(
      "select event from access_log where subject like 'switch sw-1~%' order by id",
    )
    assert.deepEqual(
      log.map(({ event }) => event),
      [...['created', 'created', 'changed', 'deleted', 'changed'].map((what) => `registry_${what}`)],
    )
  })

  it('know none that nobody told of', async () => {
    for (const id of ['sw-1~2026-05-01T03:00:00.000Z', 'sw-7~always', 'sw-1~2026-99-99T00:00:00.000Z'])
      assert.equal((await admin().get(`${path}/${id}`)).status, 404, id)
  })

  it('hang units on transformers, which stay while they are needed', async () => {
    const registry = '/api/registry'
    assert.equal((await admin().post(`${registry}/transformers`, { transformerId: 't-1', sectionId: 'b' })).status, 201)
    const supply = await admin().post(`${registry}/supplies`, { unitId: 'u-1', transformerId: 't-1' })
    assert.deepEqual([supply.status, supply.body.sectionId], [201, null])
    const unknown = await admin().patch(`${registry}/supplies/u-1~always`, { transformerId: 't-9' })
    assert.deepEqual(
      [unknown.status, unknown.body.detail],
      [400, 'transformerId is "t-9", a transformer that nobody knows'],
    )
    const both = await admin().patch(`${registry}/supplies/u-1~always`, { sectionId: 'b' })
    assert.equal(both.body.detail, 'a unit hangs on a transformer or on a section: give one, not both')
    const inUse = await admin().delete(`${registry}/transformers/t-1~always`)
    assert.deepEqual([inUse.status, inUse.body.detail], [409, 'the transformer t-1 supplies units, such as u-1'])
    const onSection = await admin().patch(`${registry}/supplies/u-1~always`, { transformerId: null, sectionId: 'b' })
    assert.equal(onSection.body.sectionId, 'b')
    assert.equal((await admin().delete(`${registry}/transformers/t-1~always`)).status, 204)
  })

  it('tell sources with their feeders, which must be known', async () => {
    const create = (feederId: string) =>
      admin().post('/api/registry/sources', { sourceId: 'src-1', sectionId: 'a', feederId, substationId: 'se-1' })
    assert.equal((await create('f-9')).body.detail, 'feederId is "f-9", a feeder that nobody knows')
    assert.equal((await create('f-1')).status, 201)
    const { items } = (await test.as('viewer').get('/api/registry/sources?feederId=f-1')).body
    assert.deepEqual(
      items.map(({ sourceId, phases }: Record<string, string>) => [sourceId, phases]),
      [['src-1', 'ABC']],
    )
    assert.match((await admin().delete('/api/registry/feeders/f-1')).body.detail, /named by: network source/)
  })

  it('are changed by admins only', async () => {
    assert.equal((await test.as('operator').post(path, { ...sectionSwitch, switchId: 'sw-8' })).status, 403)
    assert.equal((await test.as('engineer').delete(`${path}/sw-1~always`)).status, 403)
  })
})
