import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../http/api.fixture.ts'
import { networkRoutes } from './routes.ts'

const path = '/api/registry'

describe('routes of the registry', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [networkRoutes] })
  const admin = () => test.as('admin')
  const entries = async () =>
    (
      await test.database.database.query<{ event: string; subject: string; detail: string | null }>(
        "select event, subject, detail from access_log where event like 'registry%' order by id",
      )
    ).map(({ event, subject, detail }) => [event, subject, detail])
  const answer = async (asked: Promise<{ status: number; body: { detail: string; errors?: { field: string }[] } }>) => {
    const { status, body } = await asked
    return [status, body.detail, body.errors?.map(({ field }) => field)]
  }

  before(async () => {
    for (const [table, record] of [
      ['feeders', { feederId: 'f-0', name: 'Busbar' }],
      ['feeders', { feederId: 'f-1', parentFeederId: 'f-0', limitKw: 80 }],
      ['sites', { siteId: 's-1', feederId: 'f-1', latitude: -23.5, longitude: -46.6 }],
      ['devices', { deviceId: 'pv-1', kind: 'der', derType: 'pv', siteId: 's-1', ratedKw: 5 }],
      ['devices', { deviceId: 'm-1', kind: 'meter' }],
      ['units', { unitId: 'u-1', siteId: 's-1', nominalVoltageV: 127 }],
    ] as const) {
      const { status, body } = await admin().post(`${path}/${table}`, record)
      assert.equal(status, 201, JSON.stringify(body))
    }
  })

  it('create records, with what nobody said left unset', async () => {
    const { status, body, headers } = await admin().post(`${path}/devices`, { deviceId: 'p-1', kind: 'panel' })
    const { version, ...panel } = body
    assert.deepEqual([status, headers.get('location')], [201, '/api/registry/devices/p-1'])
    assert.deepEqual(panel, {
      ...{ deviceId: 'p-1', kind: 'panel', derType: null, status: 'active', siteId: null, feederId: null },
      ...{ location: null, nominalVoltageV: null, ratedKw: 0.4, priority: null, isPhysical: true },
      ...{ phases: null, leastKw: null, fallbackKw: null, contractedKw: null, capacityKwh: null },
      ...{ rampKwPerMinute: null, minOnS: null, minOffS: null },
      ...{ tiltDeg: null, azimuthDeg: null, gammaPerC: null, noctC: null, ratedV: null, installedAt: null },
    })
    assert.match(version, /^[0-9a-f]{16}$/)
    assert.deepEqual((await test.as('viewer').get(`${path}/devices/p-1`)).body, body)
    assert.equal((await admin().get(`${path}/units/u-1`)).body.phases, 'ABC')
  })

  it('create none twice', async () => {
    assert.deepEqual(await answer(admin().post(`${path}/feeders`, { feederId: 'f-1' })), [
      ...[409, 'there is a feeder f-1 already', undefined],
    ])
  })

  it('change what is given, unset what is null, and leave the rest', async () => {
    const { body } = await admin().patch(`${path}/feeders/f-1`, { name: 'São José', limitKw: null })
    assert.deepEqual([body.name, body.limitKw, body.parentFeederId], ['São José', null, 'f-0'])
    assert.deepEqual((await entries()).at(-1), ['registry_changed', 'feeder f-1', 'name limitKw'])
  })

  it('keep what steering has to know, and the head of a feeder, which is no longer struck off', async () => {
    await admin().post(`${path}/devices`, { deviceId: 'head', kind: 'meter' })
    const feeder = await admin().patch(`${path}/feeders/f-1`, { headMeterId: 'head', nominalVoltageV: 127 })
    assert.deepEqual([feeder.body.headMeterId, feeder.body.nominalVoltageV], ['head', 127])
    assert.deepEqual(await answer(admin().delete(`${path}/devices/head`)), [
      ...[409, 'the device head is named by: feeder', undefined],
    ])
    const steering = { phases: 'AB', fallbackKw: -4, capacityKwh: 10, rampKwPerMinute: 5, minOnS: 60, minOffS: 120 }
    const { body } = await admin().patch(`${path}/devices/pv-1`, steering)
    assert.deepEqual({ ...body, ...steering }, body)
    assert.deepEqual((await entries()).at(-1), ['registry_changed', 'device pv-1', Object.keys(steering).join(' ')])
    const unset = Object.fromEntries(Object.keys(steering).map((field) => [field, null]))
    assert.equal((await admin().patch(`${path}/devices/pv-1`, unset)).body.phases, null)
    await admin().patch(`${path}/feeders/f-1`, { headMeterId: null, nominalVoltageV: null })
    assert.equal((await admin().delete(`${path}/devices/head`)).status, 204)
  })

  it('keep what has to be known of a panel and its site, in whatever offset it is told', async () => {
    const facts = { tiltDeg: 15, azimuthDeg: 350, gammaPerC: -0.0034, noctC: 44, ratedV: 34.5 }
    const installedAt = '2025-03-31T00:00:00-03:00'
    const { body } = await admin().patch(`${path}/devices/p-1`, { ...facts, installedAt })
    assert.deepEqual({ ...body, ...facts, installedAt: '2025-03-31T03:00:00.000Z' }, body)
    assert.deepEqual((await admin().patch(`${path}/devices/p-1`, { installedAt })).body, body)
    assert.equal((await admin().patch(`${path}/devices/p-1`, { tiltDeg: null })).body.installedAt, body.installedAt)
    assert.deepEqual(await answer(admin().patch(`${path}/devices/pv-1`, { ratedV: 41 })), [
      ...[400, 'ratedV is "41", of a der: it is for panels', ['body.ratedV']],
    ])
    const worth = { inverterLimitKw: 3.6, tariffBrlKwh: 0.856, cleaningCostBrl: 250 }
    const site = await admin().patch(`${path}/sites/s-1`, worth)
    assert.deepEqual({ ...site.body, ...worth }, site.body)
    assert.equal((await admin().patch(`${path}/sites/s-1`, { tariffBrlKwh: null })).body.tariffBrlKwh, null)
  })

  it('change a device that waits without letting it in', async () => {
    await test.database.database.query(
      "insert into device (device_id, kind, status) values ('new', 'meter', 'pending')",
    )
    const { body } = await admin().patch(`${path}/devices/new`, { priority: 7 })
    assert.deepEqual([body.status, body.priority], ['pending', 7])
    assert.equal((await admin().patch(`${path}/devices/new`, { status: 'rejected' })).body.status, 'rejected')
  })

  it('change nothing that somebody else changed meanwhile', async () => {
    const { version } = (await admin().get(`${path}/sites/s-1`)).body
    const changed = await admin().patch(`${path}/sites/s-1`, { name: 'School', version })
    assert.equal(changed.status, 200)
    const [status, detail] = await answer(admin().patch(`${path}/sites/s-1`, { name: 'Mall', version }))
    assert.deepEqual(
      [status, detail],
      [...[409, `somebody changed it meanwhile: its version is ${changed.body.version}, not ${version}`]],
    )
    assert.equal((await admin().delete(`${path}/sites/s-1?version=${version}`)).status, 409)
  })

  it('refuse what an import would refuse, by field', async () => {
    for (const [asked, detail, field] of [
      [
        admin().patch(`${path}/feeders/f-1`, { parentFeederId: 'f-9' }),
        'parentFeederId is "f-9", a feeder that nobody knows',
        'body.parentFeederId',
      ],
      [
        admin().patch(`${path}/feeders/f-0`, { parentFeederId: 'f-1' }),
        'parentFeederId is "f-1", and the feeders hang in a circle: f-0 → f-1 → f-0',
        'body.parentFeederId',
      ],
      [
        admin().post(`${path}/devices`, { deviceId: 'x', kind: 'der' }),
        'derType is empty: a der needs its type (pv, battery, ev …)',
        'body.derType',
      ],
      [
        admin().post(`${path}/sites`, { siteId: 'x', latitude: 1 }),
        'latitude and longitude are given together or not at all',
        'body',
      ],
    ] as const) {
      assert.deepEqual(await answer(asked), [400, detail, [field]])
    }
  })

  it('say which part of a request is wrong', async () => {
    for (const [asked, status, field] of [
      [admin().post(`${path}/feeders`, {}), 400, 'body.feederId'],
      [admin().post(`${path}/feeders`, { feederId: 'a b' }), 400, 'body.feederId'],
      [admin().post(`${path}/feeders`, { feederId: 'x', colour: 'red' }), 400, 'body.colour'],
      [admin().post(`${path}/feeders`, { feederId: 'x', limitKw: '80' }), 400, 'body.limitKw'],
      [admin().post(`${path}/units`, { unitId: 'x', nominalVoltageV: 0 }), 400, 'body.nominalVoltageV'],
      [admin().post(`${path}/devices`, { deviceId: 'x', kind: 'toaster' }), 400, 'body.kind'],
      [admin().patch(`${path}/units/u-1`, { phases: 'CBA' }), 400, 'body.phases'],
      [
        admin().post(`${path}/conjuntos`, { conjuntoId: 'x', name: 'X', timeZone: 'America/Atlantis' }),
        ...([400, 'body.timeZone'] as const),
      ],
      [
        admin().post(`${path}/conjuntos`, { conjuntoId: 'x', name: 'X', timeZone: '+03:00' }),
        ...([400, 'body.timeZone'] as const),
      ],
      [admin().patch(`${path}/feeders/nobody`, { name: 'x' }), 404, 'path.feederId'],
      [admin().get(`${path}/sites/nobody`), 404, 'path.siteId'],
      [admin().delete(`${path}/units/nobody`), 404, 'path.unitId'],
      [admin().get(`${path}/devices?status=asleep`), 400, 'query.status'],
    ] as const) {
      const [answered, detail, fields] = await answer(asked)
      assert.deepEqual([answered, fields], [status, [field]], String(detail))
    }
    assert.equal((await admin().patch(`${path}/feeders/f-1`, {})).status, 200, 'nothing to change')
  })

  it('strike off only what nothing names, and say what does', async () => {
    assert.deepEqual(await answer(admin().delete(`${path}/feeders/f-0`)), [
      ...[409, 'the feeder f-0 is named by: feeder', undefined],
    ])
    assert.deepEqual(await answer(admin().delete(`${path}/sites/s-1`)), [
      ...[409, 'the site s-1 is named by: consumer unit, device', undefined],
    ])
    await test.database.database.query(
      `insert into latest_reading select device_key, 'meter', '2026-01-01', '2026-01-01', 'good', 1, '{}' from device where device_id = 'm-1'`,
    )
    assert.deepEqual(await answer(admin().delete(`${path}/devices/m-1`)), [
      ...[409, 'the device m-1 is named by: latest reading', undefined],
    ])
    await admin().post(`${path}/feeders`, { feederId: 'f-7' })
    assert.equal((await admin().delete(`${path}/feeders/f-7`)).status, 204)
    assert.equal((await admin().get(`${path}/feeders/f-7`)).status, 404)
    assert.deepEqual((await entries()).at(-1), ['registry_deleted', 'feeder f-7', null])
  })

  it('list records page by page, and as CSV', async () => {
    for (let n = 0; n < 5; n++) await admin().post(`${path}/feeders`, { feederId: `x-${n}`, name: '=1+1' })
    const ids: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { items: { feederId: string }[]; nextCursor: string | null } = (
        await test.as('viewer').get(`${path}/feeders?limit=2${cursor && `&cursor=${cursor}`}`)
      ).body
      ids.push(...page.items.map(({ feederId }) => feederId))
      cursor = page.nextCursor
    }
    assert.deepEqual(ids, ['f-0', 'f-1', 'x-0', 'x-1', 'x-2', 'x-3', 'x-4'])
    const { text } = await test.as('viewer').get(`${path}/feeders`, { accept: 'text/csv' })
    assert.match(text, /^feederId,parentFeederId,name,limitKw,headMeterId,nominalVoltageV,version\r\n/)
    assert.match(text, /\r\nx-4,,'=1\+1,,,,[0-9a-f]{16}\r\n$/)
    const found = await test.as('viewer').get(`${path}/devices?status=rejected`)
    assert.deepEqual(
      found.body.items.map(({ deviceId }: { deviceId: string }) => deviceId),
      ['new'],
    )
  })

  it('are read by everybody who is logged in, and changed by admins', async () => {
    for (const role of ['viewer', 'operator', 'engineer'] as const) {
      assert.equal((await test.as(role).get(`${path}/units`)).status, 200)
      assert.equal((await test.as(role).post(`${path}/feeders`, { feederId: 'y' })).status, 403)
      assert.equal((await test.as(role).patch(`${path}/feeders/f-1`, { name: 'y' })).status, 403)
      assert.equal((await test.as(role).delete(`${path}/feeders/f-1`)).status, 403)
    }
    assert.equal((await test.as().get(`${path}/units`)).status, 401)
  })
})
