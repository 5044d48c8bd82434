import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { useApi } from '../../platform/http/api.fixture.ts'
import { seedReadings } from './seeded-readings.fixture.ts'
import { telemetryRoutes } from './routes.ts'

const hour = 3_600_000
const noon = Date.parse('2026-11-21T12:00:00Z')

describe('the route of consumption', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [telemetryRoutes] })
  const path = '/api/units/unit-1/consumption'
  const period = 'from=2026-11-21T12:00:00Z&to=2026-11-21T14:59:59.999Z'

  before(async () => {
    platformClock.set({ at: noon + 2.5 * hour, rate: 0 })
    const { database } = test.database
    await database.query(
      "insert into consumer_unit (unit_id, nominal_voltage_v) values ('unit-1', 127), ('unit-2', 127)",
    )
    await database.query(
      "insert into device (device_id, kind, status) values ('old', 'meter', 'active'), ('new', 'meter', 'active')",
    )
    // The meter was changed at half past twelve.
    await database.query(
      `insert into meter_assignment select 'unit-1', device_key, case device_id
         when 'old' then tstzrange('2020-01-01', '2026-11-21T12:30:00Z') else tstzrange('2026-11-21T12:30:00Z', null) end
       from device`,
    )
    const at = (deviceId: string, minutes: number, p_kw: number) => ({
      ...{ deviceId, at: noon + minutes * 60_000, values: { p_kw } },
    })
    await seedReadings(database, 'meter', [
      ...[at('old', -10, 50), at('old', 0, 2), at('old', 29, 4)],
      // After it was taken away, and before the new one was there.
      ...[at('old', 40, 1_000), at('new', 10, 1_000)],
      ...[at('new', 30, 6), at('new', 59, 6), at('new', 60, 1), at('new', 120, 8)],
    ])
  })
  after(() => platformClock.set(undefined))

  it('tells energy by the hour, of each meter while the unit had it', async () => {
    const { status, body } = await test.as('operator').get(`${path}?${period}`)
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual(body, {
      ...{ unitId: 'unit-1', from: '2026-11-21T12:00:00.000Z', to: '2026-11-21T14:59:59.999Z', energyKwh: 9.5 },
      hours: [
        // Half an hour at 3 kW and half an hour at 6 kW; an hour at 1 kW; half an hour, so far, at 8 kW.
        { timestamp: '2026-11-21T12:00:00.000Z', energyKwh: 4.5, samples: 4 },
        { timestamp: '2026-11-21T13:00:00.000Z', energyKwh: 1, samples: 1 },
        { timestamp: '2026-11-21T14:00:00.000Z', energyKwh: 4, samples: 1 },
      ],
    })
    const csv = await test.as('admin').get(`${path}?${period}`, { accept: 'text/csv' })
    assert.equal(csv.text.split('\r\n')[1], '2026-11-21T12:00:00.000Z,4.5,4')
  })

  it('tells the last 24 hours unless asked otherwise', async () => {
    const { body } = await test.as('operator').get(path)
    assert.deepEqual([body.to, body.hours[0].timestamp], ['2026-11-21T14:30:00.000Z', '2026-11-21T11:00:00.000Z'])
    assert.deepEqual((await test.as('operator').get('/api/units/unit-2/consumption')).body.hours, [])
  })

  it('is for those who may see personal data, and every look is written down', async () => {
    const entries = () =>
      test.database.database.query(
        "select username, role, subject, detail from access_log where event = 'consumption_read' order by id desc",
      )
    const before = (await entries()).length
    for (const role of ['viewer', 'engineer'] as const) assert.equal((await test.as(role).get(path)).status, 403)
    assert.equal((await test.as().get(path)).status, 401)
    assert.equal((await entries()).length, before)
    await test.as('operator').get(path)
    assert.deepEqual((await entries())[0], {
      ...{ username: 'operator', role: 'operator', subject: 'unit-1', detail: 'unit-1' },
    })
  })

  it('says which part of a request is wrong', async () => {
    for (const [asked, status, field] of [
      ['/api/units/nobody/consumption', 404, 'path.unitId'],
      [`${path}?from=2026-11-22T00:00:00Z`, 400, 'query.from'],
      [`${path}?from=2026-01-01T00:00:00Z`, 400, 'query.from'],
      [`${path}?to=never`, 400, 'query.to'],
    ] as const) {
      const { status: answered, body } = await test.as('operator').get(asked)
      assert.deepEqual([answered, body.errors?.[0]?.field], [status, field], JSON.stringify(body))
    }
  })
})
