import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../../platform/http/api.fixture.ts'
import { seedReadings } from './seeded-readings.fixture.ts'
import { telemetryRoutes } from './routes.ts'

const noon = Date.parse('2026-11-21T12:00:00Z')
const second = 1_000

describe('routes of readings', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [telemetryRoutes] })
  const get = async (path: string, role: 'viewer' | 'operator' = 'viewer') => {
    const { status, body } = await test.as(role).get(path)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const seconds = ({ items }: { items: { timestamp: string }[] }) =>
    items.map(({ timestamp }) => (Date.parse(timestamp) - noon) / second)

  before(async () => {
    const { database } = test.database
    await database.query("insert into consumer_unit (unit_id, nominal_voltage_v) values ('unit-1', 127)")
    await database.query(
      `insert into device (device_id, kind, der_type, status) values ('ev', 'der', 'ev', 'active'),
         ('panel', 'panel', null, 'active'), ('meter', 'meter', null, 'active'), ('sw', 'switch', null, 'active'),
         ('events only', null, null, 'active')`,
    )
    await database.query("update device set device_id = 'events-only' where device_id = 'events only'")
    // It was the unit's meter once: what it measured then is the unit's.
    await database.query(
      `insert into meter_assignment select 'unit-1', device_key, '[2020-01-01,2021-01-01)' from device where device_id = 'meter'`,
    )
    await seedReadings(
      database,
      'der',
      Array.from({ length: 10 }, (_, n) => ({
        ...{ deviceId: 'ev', at: noon + n * second, values: { p_actual_kw: n, p_max_kw: 7.4 } },
        ...(n === 3 && { quality: 'questionable' }),
      })),
    )
    await seedReadings(database, 'panel', [{ deviceId: 'panel', at: noon, values: { power_w: -300 } }])
    await seedReadings(database, 'meter', [
      { deviceId: 'meter', at: noon, values: { va_v: 127, p_kw: 2, ia_a: 16, frequency_hz: 60, contact: 'closed' } },
    ])
    await seedReadings(database, 'switch', [{ deviceId: 'sw', at: noon, values: { position: 'open', ia_a: 3 } }])
  })

  it('tell the newest first, raw, with their quality', async () => {
    const page = await get('/api/telemetry/ev?limit=3')
    assert.deepEqual(seconds(page), [9, 8, 7])
    assert.deepEqual(page.items[0], {
      ...{ deviceId: 'ev', timestamp: '2026-11-21T12:00:09.000Z', receivedAt: '2026-11-21T12:00:09.000Z' },
      ...{ kind: 'der', quality: 'good', p_actual_kw: 9, p_setpoint_kw: null, soc: null, p_max_kw: 7.4 },
      ...{ cloud_cover_pct: null, shortwave_radiation_wm2: null, estimated_power_w: null },
    })
    const { items } = await get('/api/telemetry/ev?from=2026-11-21T12:00:03Z&to=2026-11-21T12:00:03Z')
    assert.deepEqual(
      items.map(({ quality, p_actual_kw }: Record<string, unknown>) => [quality, p_actual_kw]),
      [['questionable', 3]],
    )
  })

  it('tell a period, both ends included', async () => {
    const page = await get('/api/telemetry/ev?from=2026-11-21T09:00:02-03:00&to=2026-11-21T12:00:05Z')
    assert.deepEqual(seconds(page), [5, 4, 3, 2])
  })

  it('see each reading once, while others come', async () => {
    const seen: number[] = []
    let cursor: string | null = null
    for (let pages = 0; pages < 10; pages++) {
      const page = await get(`/api/telemetry/ev?limit=4${cursor === null ? '' : `&cursor=${cursor}`}`)
      seen.push(...seconds(page))
      if ((cursor = page.nextCursor) === null) break
      await seedReadings(test.database.database, 'der', [
        { deviceId: 'ev', at: noon + (100 + pages) * second, values: { p_actual_kw: 0 } },
      ])
    }
    assert.deepEqual(seen, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
  })

  it('refuse a cursor that leads out of all time', async () => {
    for (const at of [1e308, -1e308, 8.64e15 + 2, -1e15]) {
      const cursor = Buffer.from(JSON.stringify({ at })).toString('base64url')
      const { status, body } = await test.as('viewer').get(`/api/telemetry/ev?cursor=${cursor}`)
      assert.deepEqual([status, body.errors[0].field], [400, 'query.cursor'])
    }
  })

  it('are of every kind', async () => {
    const [panel] = (await get('/api/telemetry/panel')).items
    assert.deepEqual([panel.kind, panel.power_w, panel.temperature_celsius], ['panel', -300, 25])
    const [sw] = (await get('/api/telemetry/sw')).items
    assert.deepEqual([sw.position, sw.mode, sw.ia_a, sw.ib_a], ['open', 'remote', 3, null])
    assert.deepEqual(await get('/api/telemetry/events-only'), { items: [], nextCursor: null })
  })

  it("leave consumption of a unit's meter to those who may see it, and write that down", async () => {
    const [withheld] = (await get('/api/telemetry/meter')).items
    assert.deepEqual(
      [
        withheld.withheld,
        withheld.va_v,
        withheld.frequency_hz,
        'p_kw' in withheld,
        'ia_a' in withheld,
        'contact' in withheld,
      ],
      [true, 127, 60, false, false, false],
    )
    const [shown] = (await get('/api/telemetry/meter', 'operator')).items
    assert.deepEqual([shown.withheld, shown.p_kw, shown.ia_a, shown.contact], [undefined, 2, 16, 'closed'])
    const csv = await test.as('viewer').get('/api/telemetry/meter', { accept: 'text/csv' })
    const [head, row] = csv.text.split('\r\n').map((line) => line.split(','))
    assert.equal(row![head!.indexOf('p_kw')], '')
    assert.equal(row![head!.indexOf('va_v')], '127')
    const log = await test.database.database.query(
      "select username, subject from access_log where event = 'consumption_read'",
    )
    assert.deepEqual(log, [{ username: 'operator', subject: 'unit-1' }])
  })

  it('leave what a charge point says of its car to those who may see personal data', async () => {
    const car = { plugged_in: 'yes', energy_needed_kwh: 12, departs_at: '2026-11-22T10:00:00.000Z' }
    const { database } = test.database
    await database.query("insert into device (device_id, kind, der_type, status) values ('car', 'der', 'ev', 'active')")
    await seedReadings(database, 'der', [
      { deviceId: 'car', at: noon, values: { p_actual_kw: 3, p_max_kw: 7.4, charging: car } },
    ])
    const seen = async (role: 'viewer' | 'operator') => {
      const [one] = (await get('/api/telemetry/car', role)).items
      return [one.withheld, one.p_actual_kw, one.plugged_in, one.energy_needed_kwh, one.departs_at]
    }
    assert.deepEqual(await seen('viewer'), [true, 3, undefined, undefined, undefined])
    assert.deepEqual(await seen('operator'), [undefined, 3, 'yes', 12, car.departs_at])
  })

  it('say which part of a request is wrong', async () => {
    for (const [path, status, detail] of [
      ['/api/telemetry/nobody', 404, 'no device "nobody"'],
      ['/api/telemetry/ev?limit=5001', 400, 'query.limit'],
      ['/api/telemetry/ev?limit=ten', 400, 'query.limit'],
      ['/api/telemetry/ev?from=yesterday', 400, 'query.from'],
      ['/api/telemetry/ev?from=2026-11-21T12:00:00', 400, 'query.from'],
      ['/api/telemetry/ev?from=2026-11-21T12:00:01Z&to=2026-11-21T12:00:00Z', 400, 'must not be after to'],
      ['/api/telemetry/ev%20s', 400, 'path.deviceId'],
    ] as const) {
      const { status: answered, body } = await test.as('viewer').get(path)
      assert.equal(answered, status, path)
      assert.ok(body.detail.includes(detail), body.detail)
    }
    assert.equal((await test.as().get('/api/telemetry/ev')).status, 401)
  })
})
