import assert from 'node:assert/strict'
import { before } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedReadings } from '../seeded-readings.fixture.ts'
import { findIntervals, offlineDevices, silentDevices } from './hearing-repository.ts'

describe('how long devices usually are silent', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const now = Date.UTC(2026, 2, 10, 12)
  const minuteMs = 60_000
  const known = async () =>
    Object.fromEntries(
      (
        await test.database.query<{ deviceId: string; usualS: number | null }>(
          `select device_id as "deviceId", usual_s as "usualS" from device_interval join device using (device_key)`,
        )
      ).map(({ deviceId, usualS }) => [deviceId, usualS]),
    )

  before(async () => {
    await test.database.query(
      `insert into device (device_id, kind, status) values ('every-minute', 'meter', 'active'), ('with-a-gap', 'meter', 'active'),
         ('bursts', 'der', 'active'), ('thrice', 'panel', 'active'), ('sw-1', 'switch', 'active'), ('pending', 'meter', 'pending')`,
    )
    const meter = (deviceId: string, minutes: number) =>
      seedReadings(test.database, 'meter', [{ deviceId, at: now - minutes * minuteMs, values: { p_kw: 1 } }])
    for (let minutes = 30; minutes >= 10; minutes--) {
      await meter('every-minute', minutes)
      await meter('pending', minutes)
      // Away for ten minutes, once.
      if (minutes < 15 || minutes > 24) await meter('with-a-gap', minutes)
    }
    // Ten readings each, that come together every ten minutes.
    for (let minutes = 70; minutes >= 10; minutes -= 10)
      await seedReadings(
        test.database,
        'der',
        Array.from({ length: 10 }, (_, index) => ({
          ...{ deviceId: 'bursts', at: now - (minutes + index) * minuteMs, values: { p_actual_kw: 1 } },
        })),
      )
    for (const minutes of [30, 20, 10])
      await seedReadings(test.database, 'panel', [
        { deviceId: 'thrice', at: now - minutes * minuteMs, values: { power_w: 1 } },
      ])
    await seedReadings(test.database, 'switch', [{ deviceId: 'sw-1', at: now - 60 * minuteMs, values: {} }])
  })

  it('is found by what was received together; of a few nothing can be said', async () => {
    assert.equal(await findIntervals(test.database, now, 5 * minuteMs, 10), 4)
    assert.deepEqual(await known(), { 'every-minute': 60, 'with-a-gap': 60, bursts: 600, thrice: null })
    assert.equal(await findIntervals(test.database, now, 5 * minuteMs, 10), 0)
  })

  it('decides who is silent: who is neither a switch nor waits for approval', async () => {
    const silent = async (at: number) =>
      (
        await silentDevices(test.database, {
          ...{ now: at, leastMs: 5 * minuteMs, factor: 3, hearingSince: 0, said: [] },
        })
      )
        .map(({ deviceId, allowedMs }) => `${deviceId} ${allowedMs / minuteMs}`)
        .toSorted()
    assert.deepEqual(await silent(now), ['every-minute 5', 'with-a-gap 5'])
    assert.deepEqual(await silent(now + 25 * minuteMs), ['bursts 30', 'every-minute 5', 'with-a-gap 5'])
    assert.equal((await silent(now + 55 * minuteMs)).length, 4)
  })

  it('is found again once it is old', async () => {
    const later = now + 7 * 60 * minuteMs
    await seedReadings(test.database, 'meter', [{ deviceId: 'every-minute', at: later, values: { p_kw: 1 } }])
    assert.equal(await findIntervals(test.database, later + 6 * minuteMs, 5 * minuteMs, 10), 1)
  })

  it('says nothing of who is offline by its own word, until it is heard of', async () => {
    await test.database.query(
      `insert into device_presence (device_key, online, at, received_at)
       select device_key, false, at, at from to_timestamp($1::float8 / 1000) at, device where device_id in ('with-a-gap', 'sw-1', 'pending')`,
      [now],
    )
    const offline = (await offlineDevices(test.database, now)).map(({ deviceId }) => deviceId)
    assert.deepEqual(offline.toSorted(), ['sw-1', 'with-a-gap'])
    const silent = await silentDevices(test.database, {
      ...{ now, leastMs: 5 * minuteMs, factor: 3, hearingSince: 0, said: [] },
    })
    assert.ok(silent.every(({ deviceId }) => deviceId !== 'with-a-gap'))
    await seedReadings(test.database, 'meter', [{ deviceId: 'with-a-gap', at: now + minuteMs, values: { p_kw: 1 } }])
    assert.equal((await offlineDevices(test.database, now)).length, 1)
  })
})
