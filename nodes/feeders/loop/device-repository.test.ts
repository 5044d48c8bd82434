import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { loopDevices } from './device-repository.ts'
import { follow, seedDevices, seedFeeders, seedReadings } from './seeded-town.fixture.ts'

const now = Date.UTC(2026, 2, 2, 15)

describe('devices that could follow setpoints', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(async () => {
    const { database } = test
    await seedFeeders(database)
    await seedDevices(database, [
      ...['ev-1', 'ev-2'].map((deviceId) => ({ deviceId, feederId: 'f-1' })),
      { deviceId: 'ev-pending', feederId: 'f-1', status: 'pending' },
      { deviceId: 'ev-unrated', feederId: 'f-1', ratedKw: null },
      { deviceId: 'pv-1', feederId: 'f-0', derType: 'pv', ratedKw: 5 },
    ])
    await database.query(
      `update device set phases = 'B', least_kw = 1.4, ramp_kw_per_minute = 2, min_on_s = 60, priority = 9, nominal_voltage_v = 220
       where device_id = 'ev-1'`,
    )
    const car = { soc: 0.4, plugged_in: 'yes', energy_needed_kwh: 12, departs_at: '2026-03-02T19:00:00Z' }
    await seedReadings(database, ['ev-1'], now - 1_000, { powerKw: 3, measures: car })
    await seedReadings(database, ['pv-1'], now, { powerKw: -2, measures: { shortwave_radiation_wm2: 600 } })
    await follow(
      database,
      [{ deviceId: 'ev-1', powerKw: 3, expiresAt: now + 5, fencing: { lease: 'feeders/f-0', token: 7 } }],
      now,
    )
    await database.query(
      `insert into device_presence (device_key, online, at, received_at)
       select device_key, false, to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000) from device where device_id = any ($2)`,
      [now - 3_000, ['ev-2', 'ev-1', 'pv-1']],
    )
  })
  const found = async (deviceId: string) =>
    (await loopDevices(test.database, now)).find((device) => device.deviceId === deviceId)

  it('are those that are approved and rated', async () => {
    assert.deepEqual(
      (await loopDevices(test.database, now)).map(({ deviceId, feederId, kind }) => [deviceId, feederId, kind]),
      [
        ['ev-1', 'f-1', 'ev'],
        ['ev-2', 'f-1', 'ev'],
        ['pv-1', 'f-0', 'pv'],
      ],
    )
  })

  it('come with what the registry, their readings and their setpoints say', async () => {
    const device = (await found('ev-1'))!
    assert.deepEqual(
      [device.phases, device.leastKw, device.rampKwPerMinute, device.minOnS, device.priority, device.phaseVoltageV],
      [['B'], 1.4, 2, 60, 9, 220],
    )
    assert.deepEqual(device.reading, {
      ...{ at: now - 1_000, receivedAt: now - 1_000, powerKw: 3, soc: 0.4, expectedKw: null, pluggedIn: true },
      ...{ energyNeededKwh: 12, departsAt: Date.UTC(2026, 2, 2, 19) },
    })
    assert.deepEqual(device.told, { powerKw: 3, expiresAt: now + 5 })
    assert.deepEqual(device.lease, { name: 'feeders/f-0', token: 7 })
    assert.deepEqual([device.share, device.deficit], [null, null])
  })

  it('are offline by their word, unless they were heard since', async () => {
    const offline = async (deviceId: string) => (await found(deviceId))!.isOffline
    // Received within the moments before the word came.
    assert.deepEqual([await offline('ev-2'), await offline('ev-1')], [true, true])
    await seedReadings(test.database, ['ev-1'], now + 3_000)
    assert.equal(await offline('ev-1'), false)
  })

  it('of a PV tell what the sun would allow', async () => {
    const { reading } = (await found('pv-1'))!
    assert.deepEqual([reading!.powerKw, reading!.expectedKw], [-2, 3])
  })
})
