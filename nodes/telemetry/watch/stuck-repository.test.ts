import assert from 'node:assert/strict'
import { before } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { seedReadings } from '../seeded-readings.fixture.ts'
import { stuckDevices } from './stuck-repository.ts'

describe('devices whose values are stuck', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const hourMs = 3_600_000
  const from = Date.UTC(2026, 2, 10, 6)
  const now = from + 6.5 * hourMs
  const find = (change: { now?: number; after?: number; most?: number; said?: string[] } = {}) =>
    stuckDevices(test.database, { ...{ now, hours: 6, after: 0, most: 100, said: [] }, ...change })

  before(async () => {
    await test.database.query(
      `insert into device (device_id, kind, status) values ('m-1', 'meter', 'active'), ('m-2', 'meter', 'active'),
         ('m-rejected', 'meter', 'rejected'), ('p-1', 'panel', 'active'), ('p-2', 'panel', 'active'), ('der-1', 'der', 'active')`,
    )
    for (let at = from; at < now; at += hourMs / 3) {
      const panel = { temperature_celsius: at / hourMs, voltage_volts: 30.5, current_amperes: 0, power_w: 0 }
      await seedReadings(test.database, 'panel', [
        { deviceId: 'p-1', at, values: panel },
        // At night.
        { deviceId: 'p-2', at, values: { ...panel, voltage_volts: 0 } },
      ])
      await seedReadings(test.database, 'meter', [
        { deviceId: 'm-1', at, values: { va_v: 127.1, ia_a: 3 } },
        { deviceId: 'm-rejected', at, values: { va_v: 127.1, ia_a: 3 } },
        // Once other than else.
        {
          deviceId: 'm-2',
          at,
          values: { va_v: at === from + hourMs ? 127.2 : 127.1, ia_a: 0, p_kw: 0, frequency_hz: 60 },
        },
      ])
      await seedReadings(test.database, 'der', [{ deviceId: 'der-1', at, values: { p_actual_kw: 5 } }])
    }
  })

  it('are meters and panels with voltage, current or temperature exactly the same, and not zero', async () => {
    const { stuck, last } = await find()
    assert.deepEqual(
      Object.fromEntries(stuck.map(({ deviceId, measures, sinceAt }) => [deviceId, [measures, sinceAt]])),
      {
        'm-1': [{ ia_a: 3, va_v: 127.1 }, from],
        'p-1': [{ voltage_volts: 30.5 }, from],
      },
    )
    assert.equal(last, null)
  })

  it('are looked for some at a time, those that were said in any case', async () => {
    const first = await find({ most: 2, said: ['p-1'] })
    assert.deepEqual(first.stuck.map(({ deviceId }) => deviceId).toSorted(), ['m-1', 'p-1'])
    const second = await find({ most: 2, after: first.last! })
    assert.deepEqual(
      second.stuck.map(({ deviceId }) => deviceId),
      ['p-1'],
    )
    assert.equal((await find({ most: 2, after: second.last! })).last, null)
  })

  it('are not those of which too little came', async () =>
    assert.deepEqual((await find({ now: from + 5.9 * hourMs })).stuck, []))
})
