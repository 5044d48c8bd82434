import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'mocha'
import { useApi } from '../http/api.fixture.ts'
import { networkRoutes } from './routes.ts'

const path = '/api/registry/meter-assignments'

describe('routes of meter assignments', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [networkRoutes] })
  const admin = () => test.as('admin')
  const create = (unitId: string, deviceId: string, validFrom: string, validTo?: string) =>
    admin().post(path, { unitId, deviceId, validFrom, ...(validTo !== undefined && { validTo }) })
  const all = async () =>
    (await test.as('viewer').get(path)).body.items.map(
      ({ unitId, deviceId, validFrom, validTo }: Record<string, string | null>) => [
        ...[unitId, deviceId, validFrom?.slice(0, 10) ?? null, validTo?.slice(0, 10) ?? null],
      ],
    )

  before(async () => {
    await test.database.database.query(
      "insert into consumer_unit (unit_id, nominal_voltage_v) values ('u-1', 127), ('u-2', 127)",
    )
    await test.database.database.query(
      "insert into device (device_id, kind, status) values ('m-1', 'meter', 'active'), ('m-2', 'meter', 'active'), ('pv', 'der', 'active')",
    )
  })
  beforeEach(() => test.database.database.query('delete from meter_assignment'))

  it('give a unit a meter, and end the one before', async () => {
    const first = await create('u-1', 'm-1', '2025-01-01T00:00:00-03:00')
    assert.equal(first.status, 201)
    assert.equal(first.body.assignmentId, 'u-1~m-1~2025-01-01T03:00:00.000Z')
    assert.deepEqual((await admin().get(first.headers.get('location')!)).body, first.body)
    assert.equal((await create('u-1', 'm-2', '2026-01-01T00:00:00-03:00')).status, 201)
    assert.deepEqual(await all(), [
      ['u-1', 'm-1', '2025-01-01', '2026-01-01'],
      ['u-1', 'm-2', '2026-01-01', null],
    ])
  })

  it('change when it ends, and strike it out', async () => {
    const { assignmentId, version } = (await create('u-1', 'm-1', '2025-01-01T00:00:00Z')).body
    const ended = await admin().patch(`${path}/${assignmentId}`, { validTo: '2025-06-01T00:00:00Z', version })
    assert.equal(ended.body.validTo, '2025-06-01T00:00:00.000Z')
    assert.equal((await admin().patch(`${path}/${assignmentId}`, { validTo: null, version })).status, 409)
    assert.equal((await admin().patch(`${path}/${assignmentId}`, { validTo: null })).body.validTo, null)
    assert.equal((await admin().delete(`${path}/${assignmentId}`)).status, 204)
    assert.deepEqual(await all(), [])
    const log = await test.database.database.query(
      "select event from access_log where subject like 'assignment u-1~m-1~2025-01-01T00:00:00.000Z%' order by id",
    )
    assert.deepEqual(
      log.map(({ event }) => event),
      ['registry_created', 'registry_changed', 'registry_changed', 'registry_deleted'],
    )
  })

  it('know an assignment without beginning, and give it an end', async () => {
    await test.database.database.query(
      "insert into meter_assignment select 'u-1', device_key, '(,)' from device where device_id = 'm-1'",
    )
    const [{ assignmentId, validFrom }] = (await admin().get(path)).body.items
    assert.deepEqual([assignmentId, validFrom], ['u-1~m-1~always', null])
    const ended = await admin().patch(`${path}/${assignmentId}`, { validTo: '2025-06-01T00:00:00Z' })
    assert.equal(ended.body.validTo, '2025-06-01T00:00:00.000Z', JSON.stringify(ended.body))
    assert.equal((await admin().delete(`${path}/${assignmentId}`)).status, 204)
  })

  it('refuse what cannot be, by field', async () => {
    await create('u-1', 'm-1', '2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z')
    for (const [asked, status, field] of [
      [create('u-9', 'm-1', '2026-01-01T00:00:00Z'), 400, 'body.unitId'],
      [create('u-1', 'pv', '2026-01-01T00:00:00Z'), 400, 'body.deviceId'],
      [create('u-2', 'm-2', '2025-02-01T00:00:00Z', '2025-01-01T00:00:00Z'), 400, 'body.validTo'],
      [create('u-2', 'm-1', '2025-02-01T00:00:00Z'), 400, 'body'],
      [create('u-2', 'm-2', '2025-02-01'), 400, 'body.validFrom'],
      [create('u-2', 'm-2', '1800-01-01T00:00:00Z'), 400, 'body.validFrom'],
      [admin().get(`${path}/u-1~m-1~2020-01-01T00:00:00.000Z`), 404, 'path.assignmentId'],
      [admin().get(`${path}/u-1~m-1~99999999999999999999999`), 404, 'path.assignmentId'],
      [admin().get(`${path}/u-1`), 400, 'path.assignmentId'],
    ] as const) {
      const { status: answered, body } = await asked
      assert.deepEqual([answered, body.errors?.[0]?.field], [status, field], JSON.stringify(body))
    }
    assert.equal((await create('u-1', 'm-1', '2025-01-01T00:00:00Z')).status, 409)
    assert.equal((await test.as('engineer').post(path, {})).status, 403)
  })

  it('list by unit or meter, page by page', async () => {
    await create('u-2', 'm-1', '2025-01-01T00:00:00Z', '2025-02-01T00:00:00Z')
    await create('u-1', 'm-1', '2025-03-01T00:00:00Z')
    await create('u-1', 'm-2', '2025-01-01T00:00:00Z', '2025-02-01T00:00:00Z')
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { items: { assignmentId: string }[]; nextCursor: string | null } = (
        await admin().get(`${path}?limit=1${cursor && `&cursor=${cursor}`}`)
      ).body
      seen.push(...page.items.map(({ assignmentId }) => assignmentId.slice(0, 18)))
      cursor = page.nextCursor
    }
    assert.deepEqual(seen, ['u-1~m-2~2025-01-01', 'u-1~m-1~2025-03-01', 'u-2~m-1~2025-01-01'])
    const forged = Buffer.from('{"unitId":"u-1","validFrom":"2025-99-99"}').toString('base64url')
    assert.equal((await admin().get(`${path}?cursor=${forged}`)).body.errors[0].field, 'query.cursor')
    assert.equal((await admin().get(`${path}?deviceId=m-1`)).body.items.length, 2)
    assert.equal((await admin().get(`${path}?unitId=u-2`)).body.items.length, 1)
  })
})
