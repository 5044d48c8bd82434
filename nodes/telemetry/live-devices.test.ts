import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'mocha'
import { Hub } from '../../platform/live/hub.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import type { Database } from '../../platform/storage/database.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import type { Reading } from '../../platform/wire/reading.ts'
import { withoutReading, type RegisteredDevice } from './domain/live-device.ts'
import { publishLatest, publishReadings, publishRegistry } from './live-devices.ts'

const reading = (deviceId: string, at: number, kw: number): Reading => ({
  ...{ deviceId, kind: 'der', at, receivedAt: at + 5, quality: 'good', values: { p_actual_kw: kw } },
})
const registered = (deviceId: string): RegisteredDevice => ({
  ...{ deviceId, kind: 'der', type: 'ev', feederId: 'f-1', priority: null, ofUnit: false },
})

describe('readings on the live stream', () => {
  let hub: Hub
  beforeEach(() => {
    hub = new Hub()
    for (const deviceId of ['ev-1', 'ev-2'])
      hub.publish('devices', deviceId, withoutReading(registered(deviceId)), -Infinity)
  })
  const power = (deviceId: string): number | null | undefined => hub.get('devices', deviceId)?.powerKw

  it('are the newest of each device, one change a device however many there are', () => {
    publishReadings(hub, [reading('ev-1', 1, 1), reading('ev-2', 1, 2), reading('ev-1', 3, 3), reading('ev-1', 2, 4)])
    assert.deepEqual([power('ev-1'), power('ev-2')], [3, 2])
    publishReadings(hub, [reading('ev-1', 2, 9)])
    assert.equal(power('ev-1'), 3)
    // Backwards: the last one, the one that is newer still, and the other device.
    assert.equal(hub.state('devices').version, 2 + 3)
  })

  it('leave the batch as it is', () => {
    const batch = [reading('ev-1', 1, 1), reading('ev-1', 2, 2)]
    const before = structuredClone(batch)
    publishReadings(hub, batch)
    assert.deepEqual(batch, before)
  })

  it('are of devices that are shown only', () => {
    publishReadings(hub, [reading('stranger', 1, 1)])
    assert.equal(hub.state('devices').size, 2)
  })
})

describe('the registry and the latest readings on the live stream', () => {
  const test = useDatabase()
  const now = Date.UTC(2026, 10, 21)
  let hub: Hub

  beforeEach(async () => {
    hub = new Hub()
    for (const table of ['latest_reading', 'device', 'site', 'feeder'])
      await test.database.query(`delete from ${table}`)
    await test.database.query(`insert into feeder (feeder_id) values ('f-1'), ('f-2')`)
    await test.database.query(`insert into site (site_id, feeder_id) values ('house-1', 'f-2')`)
    await test.database.query(
      `insert into device (device_id, kind, der_type, status, feeder_id, site_id, priority) values
         ('ev-1', 'der', 'ev', 'active', 'f-1', 'house-1', 5), ('ev-2', 'der', 'ev', 'active', null, 'house-1', null),
         ('pending', 'der', 'ev', 'pending', 'f-1', null, null), ('sender', null, null, 'active', null, null, null)`,
    )
  })
  const store = (deviceId: string, at: number, kw: number) =>
    test.database.query(
      `insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
       select device_key, 'der', to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000), 'good', $3,
         jsonb_build_object('p_actual_kw', $3::float8) from device where device_id = $1
       on conflict (device_key) do update set at = excluded.at, power_kw = excluded.power_kw, measures = excluded.measures`,
      [deviceId, at, kw],
    )
  const shown = () =>
    [...hub.values('devices')].map(({ deviceId, feederId, priority, at, powerKw }) => [
      deviceId,
      feederId,
      priority,
      at,
      powerKw,
    ])

  it('at the start are every active device, with what is known of it', async () => {
    await store('ev-1', now, 7)
    await publishRegistry(hub, test.database, now)
    assert.deepEqual(
      new Map(shown().map((row) => [row[0], row])),
      new Map([
        ['ev-1', ['ev-1', 'f-1', 5, '2026-11-21T00:00:00.000Z', 7]],
        ['ev-2', ['ev-2', 'f-2', null, null, null]],
      ]),
    )
  })

  it('follow what is changed in the registry, and change nothing else', async () => {
    await store('ev-1', now, 7)
    await publishRegistry(hub, test.database, now)
    const { version } = hub.state('devices')
    await publishRegistry(hub, test.database, now)
    assert.equal(hub.state('devices').version, version)
    publishReadings(hub, [reading('ev-1', now + 1_000, 3)])
    await test.database.query(`update device set feeder_id = 'f-2', priority = 9 where device_id = 'ev-1'`)
    await test.database.query(`update device set status = 'rejected' where device_id = 'ev-2'`)
    await publishRegistry(hub, test.database, now)
    assert.deepEqual(shown(), [['ev-1', 'f-2', 9, '2026-11-21T00:00:01.000Z', 3]])
  })

  it('are the latest of what was stored before the start, also where a late one comes first afterwards', async () => {
    await store('ev-1', now, 7)
    publishReadings(hub, [reading('ev-1', now - 600_000, 1)])
    const filled = publishRegistry(hub, test.database, now)
    await waitUntil('the device', () => hub.get('devices', 'ev-1'))
    publishReadings(hub, [reading('ev-1', now - 500_000, 2)])
    await filled
    assert.equal(hub.get('devices', 'ev-1')?.powerKw, 7)
  })

  it('do not stand there without what is known of them, where the database goes away in between', async () => {
    await store('ev-1', now, 7)
    let questions = 0
    const failing = {
      query: (text: string, values: unknown[]) =>
        questions++ === 0 ? test.database.query(text, values) : Promise.reject(new Error('gone')),
    } as Database
    await assert.rejects(publishRegistry(hub, failing, now), /gone/)
    assert.equal(hub.state('devices').size, 0)
    await publishRegistry(hub, test.database, now)
    assert.equal(hub.get('devices', 'ev-1')?.powerKw, 7)
  })

  it('are brought up to what was stored before the start, and never back', async () => {
    await publishRegistry(hub, test.database, now)
    await store('ev-1', now, 7)
    await publishLatest(hub, test.database, [
      { deviceId: 'ev-1', at: now },
      { deviceId: 'pending', at: now },
    ])
    assert.equal(hub.get('devices', 'ev-1')?.powerKw, 7)
    publishReadings(hub, [reading('ev-1', now + 1, 8)])
    const { version } = hub.state('devices')
    await publishLatest(hub, test.database, [{ deviceId: 'ev-1', at: now }])
    assert.deepEqual([hub.get('devices', 'ev-1')?.powerKw, hub.state('devices').version], [8, version])
  })
})
