import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { trackingRoutes } from './tracking-routes.ts'
import { seedMinutes, seedSetpoints, seedTrackedField } from './tracked.fixture.ts'

const minuteMs = 60_000
const path = '/api/metrics/tracking-error'

describe('GET /api/metrics/tracking-error', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [trackingRoutes] })
  const database = () => api.database.database
  let from: number

  before(async () => {
    // not when the file is read: other suites may run for long before
    from = Math.floor(platformClock.now() / minuteMs) * minuteMs - 10 * minuteMs
    await seedTrackedField(database())
    await seedSetpoints(database(), [
      { deviceId: 'ev-1', at: from - minuteMs, powerKw: 4 },
      { deviceId: 'ev-3', at: from - minuteMs, powerKw: 2 },
    ])
    const minutes = (kw: number) => Array.from({ length: 12 }, () => kw)
    await seedMinutes(database(), 'ev-1', from, minutes(5))
    await seedMinutes(database(), 'ev-3', from, minutes(2))
    await seedMinutes(database(), 'head-1', from, minutes(80), 'p_kw')
    await database().query(
      `insert into device_share (device_id, root_id, on_feeder, at, power_kw, deficit_kw, binding, detail)
       values ('ev-1', 'root', 'west', to_timestamp($1::float8 / 1000), 4, 4, 'feeder', '{}'),
         ('ev-3', 'root', 'east', to_timestamp($1::float8 / 1000), 2, 0, 'wanted', '{}')`,
      [from + 9 * minuteMs],
    )
    await database().query(
      `insert into feeder_allocation (root_id, at, recorded_at, interval_s, cause, round_ms, solver_ms, holder, token, device_count, allocation)
       values ('root', to_timestamp($1::float8 / 1000), to_timestamp(0), 60, 'interval', 1, 1, 'one', 1, 2, $2)`,
      [
        from,
        JSON.stringify({ feeders: [{ feederId: 'root', line: 'total', importLimitKw: 100, exportLimitKw: null }] }),
      ],
    )
  })

  it('tells of devices and feeders, with how fairly they were shared and within what', async () => {
    const { status, body } = await api.as('viewer').get(path)
    assert.equal(status, 200)
    assert.deepEqual([body.windowMinutes, body.devices, body.nextCursor], [15, 2, null])
    assert.deepEqual(
      body.items.map((one: Record<string, unknown>) => [one['deviceId'], one['meanErrorKw'], one['utilisation']]),
      [
        ['ev-1', 1, 1.25],
        ['ev-3', 0, 1],
      ],
    )
    const root = body.feeders.find((one: Record<string, unknown>) => one['feederId'] === 'root')
    assert.deepEqual(
      [root.devices, root.meanErrorKw, root.jainIndex, root.importLimitKw, root.loadKw, root.capacityUsed],
      [2, 1, 0.9, 100, 80, 0.8],
    )
  })

  it('tells of one device, of one feeder, over other minutes, in pages', async () => {
    const one = (await api.as('viewer').get(`${path}?deviceId=ev-1&windowMinutes=5`)).body
    assert.deepEqual([one.windowMinutes, one.items.length, one.items[0].minutes, one.feeders], [5, 1, 5, []])
    const east = (await api.as('viewer').get(`${path}?feederId=east`)).body
    assert.deepEqual(
      east.items.map(({ deviceId }: { deviceId: string }) => deviceId),
      ['ev-3'],
    )
    const first = (await api.as('viewer').get(`${path}?limit=1`)).body
    const second = (await api.as('viewer').get(`${path}?limit=1&cursor=${first.nextCursor}`)).body
    assert.deepEqual([first.items[0].deviceId, second.items[0].deviceId, second.nextCursor], ['ev-1', 'ev-3', null])
  })

  it('refuses what is not there, and what cannot be', async () => {
    assert.equal((await api.as('viewer').get(`${path}?deviceId=nobody`)).status, 404)
    assert.equal((await api.as('viewer').get(`${path}?feederId=nowhere`)).status, 404)
    const { status, body } = await api.as('viewer').get(`${path}?windowMinutes=0`)
    assert.deepEqual([status, body.errors[0].field], [400, 'query.windowMinutes'])
    assert.equal((await api.as().get(path)).status, 401)
  })

  it('keeps what a unit draws from those who may not see it, and writes down who does', async () => {
    await database().query(`insert into consumer_unit (unit_id, nominal_voltage_v) values ('unit-9', 127)`)
    await database().query(
      `insert into meter_assignment select 'unit-9', device_key, '[2020-01-01,)' from device where device_id = 'ev-1'`,
    )
    const seen = async (role: 'viewer' | 'operator') => (await api.as(role).get(`${path}?deviceId=ev-1`)).body.items[0]
    assert.deepEqual([(await seen('viewer')).isWithheld, (await seen('viewer')).actualKw], [true, null])
    assert.deepEqual([(await seen('operator')).isWithheld, (await seen('operator')).actualKw], [false, 5])
    const logged = await database().query(`select distinct username from access_log where event = 'consumption_read'`)
    assert.deepEqual(logged, [{ username: 'operator' }])
  })
})
