import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { useApi } from '../../platform/http/api.fixture.ts'
import { seedReadings } from './seeded-readings.fixture.ts'
import { telemetryRoutes } from './routes.ts'

const now = Date.parse('2026-11-21T15:30:00Z')

describe('routes of devices', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [telemetryRoutes] })
  const get = async (path: string, role: 'viewer' | 'operator' = 'viewer') => {
    const { status, body } = await test.as(role).get(path)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const idsOf = ({ items }: { items: { deviceId: string }[] }) => items.map(({ deviceId }) => deviceId)
  const recorded = async () =>
    (
      await test.database.database.query<{ username: string; subject: string; detail: string }>(
        "select username, subject, detail from access_log where event = 'consumption_read' order by id",
      )
    ).map(({ username, subject, detail }) => [username, subject, detail])

  before(async () => {
    platformClock.set({ at: now, rate: 0 })
    const { database } = test.database
    await database.query(`insert into feeder (feeder_id, parent_feeder_id) values ('f-0', null), ('f-1', 'f-0')`)
    await database.query(
      "insert into consumer_unit (unit_id, feeder_id, nominal_voltage_v) values ('unit-1', 'f-1', 127)",
    )
    await database.query(
      `insert into device (device_id, kind, der_type, status, feeder_id, rated_kw, priority, is_physical, first_seen_at)
       select *, '2026-01-01' from (values
         ('bat', 'der'::reading_kind, 'battery', 'active'::registration_status, 'f-1', 5, 20, true),
         ('meter', 'meter', null, 'active', null, null, null, true), ('mute', 'meter', null, 'active', 'f-0', null, null, true),
         ('panel', 'panel', null, 'active', 'f-0', 0.3, null, false),
         ('=waits', null, null, 'pending', null, null, null, true)) devices`,
    )
    await database.query(
      `insert into meter_assignment select 'unit-1', device_key, '[2020-01-01,)' from device where device_id = 'meter'`,
    )
    await seedReadings(database, 'der', [{ deviceId: 'bat', at: now - 1_000, values: { p_actual_kw: 1.5, soc: 0.4 } }])
    await seedReadings(database, 'panel', [{ deviceId: 'panel', at: now - 2_000, values: { power_w: -200 } }])
    await seedReadings(database, 'meter', [
      { deviceId: 'meter', at: now - 3_000, values: { va_v: 127.5, p_kw: 2.5, q_kvar: 0.5, ia_a: 20 } },
    ])
    await seedReadings(database, 'meter', [{ deviceId: 'mute', at: now - 500_000, values: { va_v: 126, p_kw: 1 } }])
  })
  after(() => platformClock.set(undefined))

  it('show each device with its latest reading', async () => {
    assert.deepEqual(await get('/api/devices/bat'), {
      ...{ deviceId: 'bat', kind: 'der', type: 'battery', status: 'active', feederId: 'f-1', siteId: null },
      ...{ ratedKw: 5, priority: 20, isPhysical: true, silent: false, withheld: false },
      latest: {
        ...{ timestamp: '2026-11-21T15:29:59.000Z', receivedAt: '2026-11-21T15:29:59.000Z', quality: 'good' },
        ...{ powerKw: 1.5, measures: { p_actual_kw: 1.5, soc: 0.4 } },
      },
    })
  })

  it('find devices by feeder, kind, type, status and silence', async () => {
    for (const [query, expected] of [
      ['', ['=waits', 'bat', 'meter', 'mute', 'panel']],
      ['?feederId=f-0', ['bat', 'meter', 'mute', 'panel']],
      ['?feederId=f-1', ['bat', 'meter']],
      ['?feederId=f-9', []],
      ['?kind=meter', ['meter', 'mute']],
      ['?type=battery', ['bat']],
      ['?type=panel', ['panel']],
      ['?status=pending', ['=waits']],
      ['?silent=true', ['mute']],
      ['?silent=false&kind=meter', ['meter']],
    ] as const)
      assert.deepEqual(idsOf(await get(`/api/devices${query}`)), expected, query)
  })

  it('walk through pages that skip and repeat nobody, while devices come and go', async () => {
    const { items, nextCursor } = await get('/api/devices?limit=2')
    await test.database.database.query(
      "insert into device (device_id, status) values ('a', 'pending'), ('n', 'pending')",
    )
    const rest = await get(`/api/devices?limit=9&cursor=${nextCursor}`)
    await test.database.database.query("delete from device where device_id in ('a', 'n')")
    assert.deepEqual([...idsOf({ items }), ...idsOf(rest)], ['=waits', 'bat', 'meter', 'mute', 'n', 'panel'])
    assert.equal((await test.as('viewer').get('/api/devices?cursor=nonsense')).status, 400)
  })

  it("leave consumption of a unit's meter to those who may see it, and write that down", async () => {
    const withheld = await get('/api/devices/meter')
    assert.deepEqual(
      [withheld.withheld, withheld.latest.powerKw, withheld.latest.measures],
      [true, null, { va_v: 127.5, interval_s: 60, aggregation: 'mean' }],
    )
    assert.deepEqual(await recorded(), [])
    const shown = await get('/api/devices/meter', 'operator')
    assert.deepEqual(
      [shown.withheld, shown.latest.powerKw, shown.latest.measures],
      [false, 2.5, { va_v: 127.5, ia_a: 20, p_kw: 2.5, q_kvar: 0.5, interval_s: 60, aggregation: 'mean' }],
    )
    await get('/api/devices', 'operator')
    await get('/api/devices?kind=panel', 'operator')
    assert.deepEqual(await recorded(), [
      ['operator', 'unit-1', 'unit-1'],
      ['operator', 'unit-1', 'unit-1'],
    ])
    assert.equal((await get('/api/devices/mute')).latest.powerKw, 1, 'of no unit')
  })

  it('go out as CSV, with names that are no formulas', async () => {
    const { status, text } = await test.as('viewer').get('/api/devices?limit=2', { accept: 'text/csv' })
    assert.equal(status, 200)
    const [head, waits, bat] = text.split('\r\n')
    assert.match(head!, /^deviceId,kind,type,status,/)
    assert.match(waits!, /^'=waits,,,pending,/)
    assert.match(bat!, /^bat,der,battery,active,f-1,,5,20,true,false,false,2026-11-21T15:29:59.000Z,.*,good,1.5,/)
  })

  it('say which part of a request is wrong', async () => {
    for (const [path, status, fault] of [
      ['/api/devices/nobody', 404, 'no device "nobody"'],
      ['/api/devices/%3Dwaits', 400, 'path.deviceId'],
      ['/api/devices?kind=toaster', 400, 'query.kind'],
      ['/api/devices?silent=perhaps', 400, 'query.silent'],
      ['/api/devices?limit=0', 400, 'query.limit'],
      ['/api/devices?limit=1001', 400, 'query.limit'],
      ['/api/devices?colour=red', 400, 'query.colour'],
    ] as const) {
      const { status: answered, body } = await test.as('viewer').get(path)
      assert.equal(answered, status, path)
      assert.ok(body.detail.includes(fault), body.detail)
    }
    assert.equal((await test.as().get('/api/devices')).status, 401)
  })
})
