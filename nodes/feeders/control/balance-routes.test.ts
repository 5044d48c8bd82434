import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { seedTrackedField } from '../tracking/tracked.fixture.ts'
import { balanceRoutes } from './balance-routes.ts'

const path = (feederId: string) => `/api/feeders/${feederId}/energy-balance`

describe('GET /api/feeders/{feederId}/energy-balance', function () {
  this.timeout(60_000)
  const api = useApi({ routes: [balanceRoutes] })
  const database = () => api.database.database

  /** A reading that has just come in, or came in some seconds ago. */
  const heard = (deviceId: string, powerKw: number, secondsAgo = 0) =>
    database().query(
      `insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
       select device_key, kind, $3, $3, 'good', $2, '{}' from device where device_id = $1
       on conflict (device_key) do update set power_kw = excluded.power_kw, at = excluded.at, received_at = excluded.received_at`,
      [deviceId, powerKw, new Date(platformClock.now() - 1_000 * secondsAgo).toISOString()],
    )

  before(async () => {
    await seedTrackedField(database())
    await database().query(`insert into site (site_id, feeder_id) values ('house', 'west')`)
    await database().query(
      `insert into consumer_unit (unit_id, nominal_voltage_v, feeder_id, site_id) values ('unit-1', 127, 'west', 'house')`,
    )
    await database().query(
      `insert into device (device_id, kind, der_type, status, feeder_id, site_id, first_seen_at)
       values ('pv-1', 'der', 'pv', 'active', 'west', 'house', to_timestamp(0)), ('meter-1', 'meter', null, 'active', null, null, to_timestamp(0))`,
    )
    await database().query(
      `insert into meter_assignment select 'unit-1', device_key, '[2020-01-01,)' from device where device_id = 'meter-1'`,
    )
    await heard('pv-1', -8)
    await heard('meter-1', -3)
    await heard('ev-1', 7)
    await heard('bat-1', -2)
    await heard('ev-3', 5, 1_000)
    await database().query(
      `insert into device_share (device_id, root_id, on_feeder, at, power_kw, deficit_kw, binding, detail)
       values ('pv-1', 'root', 'west', to_timestamp(0), -8, 0, 'feeder', '{"kind":"pv","fromKw":-9.5}')`,
    )
  })

  it('goes by the meter at its head', async () => {
    await heard('head-1', 20)
    const { status, body } = await api.as('viewer').get(path('root'))
    assert.equal(status, 200)
    const { timestamp: _at, oldestAt: _oldest, ...figures } = body
    assert.deepEqual(figures, {
      ...{ feederId: 'root', basis: 'head', importKw: 20, exportKw: 0, producedKw: 8, curtailedKw: 1.5 },
      ...{ dischargedKw: 2, chargedKw: 0, evKw: 7, consumedKw: 30, selfConsumedKw: 8, selfConsumption: 1 },
      selfSufficiency: 0.333333,
    })
  })

  it('goes by its devices where there is none, each measured once', async () => {
    const { body } = await api.as('viewer').get(path('west'))
    // The meter of the unit measures its PV too; the charger and the battery stand elsewhere.
    assert.deepEqual([body.basis, body.importKw, body.consumedKw, body.selfConsumption], ['devices', 2, 12, 1])
  })

  it('shows what flows back', async () => {
    await heard('head-1', -6)
    const { body } = await api.as('viewer').get(path('root'))
    assert.deepEqual([body.exportKw, body.consumedKw, body.selfConsumption, body.selfSufficiency], [6, 4, 0.25, 1])
  })

  it('says that nothing is known where nothing reports, and refuses feeders that are not there', async () => {
    const { body } = await api.as('viewer').get(path('east'))
    assert.deepEqual([body.basis, body.oldestAt, body.selfConsumption], [null, null, null])
    assert.equal((await api.as('viewer').get(path('nowhere'))).status, 404)
  })
})
