import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { useApi } from '../../platform/http/api.fixture.ts'
import { seedReadings } from './seeded-readings.fixture.ts'
import { telemetryRoutes } from './routes.ts'

const hour = 3_600_000
const noon = Date.parse('2026-11-21T12:00:00Z')

describe('routes of panels', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [telemetryRoutes] })
  const get = async (path: string) => {
    const { status, body } = await test.as('viewer').get(path)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }

  before(async () => {
    platformClock.set({ at: noon + 2.5 * hour, rate: 0 })
    const { database } = test.database
    await database.query(
      `insert into device (device_id, kind, status, rated_kw) values ('panel', 'panel', 'active', 0.5),
         ('usual', 'panel', 'active', null), ('meter', 'meter', 'active', null)`,
    )
    const at = (offset: number, generatedW: number, temperature_celsius: number) => ({
      ...{ deviceId: 'panel', at: noon + offset, values: { power_w: -generatedW, temperature_celsius } },
    })
    await seedReadings(database, 'panel', [
      ...[at(-1, 999, 99), at(0, 100, 20), at(600_000, 200, 30), at(hour - 1, 300, 40)],
      ...[at(hour, 400, 50), at(2 * hour, 0, 60), at(2 * hour + 1, 999, 99)],
      { deviceId: 'usual', at: noon, values: { power_w: -100 } },
      // The day before, in São Paulo.
      { deviceId: 'panel', at: Date.parse('2026-11-21T02:59:59Z'), values: { power_w: -125, irradiance_wm2: 320 } },
    ])
  })
  after(() => platformClock.set(undefined))

  const period = 'start_time=2026-11-21T12:00:00Z&end_time=2026-11-21T14:00:00Z'

  it('tell buckets, newest first, both ends included and generation positive', async () => {
    assert.deepEqual(await get(`/api/panels/panel/readings?${period}&interval=1h`), [
      ...[{ timestamp: '2026-11-21T14:00:00.000Z', avg_power: 0, max_power: 0, min_power: 0, avg_temperature: 60 }],
      ...[
        { timestamp: '2026-11-21T13:00:00.000Z', avg_power: 400, max_power: 400, min_power: 400, avg_temperature: 50 },
      ],
      ...[
        { timestamp: '2026-11-21T12:00:00.000Z', avg_power: 200, max_power: 300, min_power: 100, avg_temperature: 30 },
      ],
    ])
  })

  it('tell civil days, and intervals of other widths', async () => {
    const day = await get('/api/panels/panel/readings?start_time=2026-11-20T00:00:00Z&interval=1d')
    assert.deepEqual(
      day.map(({ timestamp, max_power }: Record<string, unknown>) => [timestamp, max_power]),
      [
        ['2026-11-21T03:00:00.000Z', 999],
        ['2026-11-20T03:00:00.000Z', 125],
      ],
    )
    const minutes = await get(`/api/panels/panel/readings?${period}&interval=10m`)
    assert.deepEqual(
      minutes.map(({ timestamp, avg_power }: Record<string, unknown>) => [timestamp, avg_power]),
      [
        ['2026-11-21T14:00:00.000Z', 0],
        ['2026-11-21T13:00:00.000Z', 400],
        ['2026-11-21T12:50:00.000Z', 300],
        ['2026-11-21T12:10:00.000Z', 200],
        ['2026-11-21T12:00:00.000Z', 100],
      ],
    )
  })

  it('are of the last 24 hours, by the hour, unless told otherwise', async () => {
    const buckets = await get('/api/panels/panel/readings')
    assert.deepEqual(
      buckets.map(({ timestamp }: { timestamp: string }) => timestamp.slice(11, 16)),
      ['14:00', '13:00', '12:00', '11:00', '02:00'],
    )
  })

  it('tell the readings themselves where they are limited', async () => {
    const [newest, ...others] = await get('/api/panels/panel/readings?limit=3')
    assert.deepEqual(newest, {
      ...{ panel_id: 'panel', timestamp: '2026-11-21T14:00:00.001Z', temperature_celsius: 99, voltage_volts: 30 },
      ...{ current_amperes: 1, power_output_watts: 999, irradiance_wm2: null, quality: 'good' },
    })
    const [lit] = await get('/api/panels/panel/readings?end_time=2026-11-21T03:00:00Z&limit=1')
    assert.equal(lit.irradiance_wm2, 320)
    assert.deepEqual(
      others.map(({ power_output_watts }: Record<string, unknown>) => power_output_watts),
      [0, 400],
    )
    const within = await get(`/api/panels/panel/readings?${period}&limit=100`)
    assert.deepEqual(
      within.map(({ power_output_watts }: Record<string, unknown>) => power_output_watts),
      [0, 400, 300, 200, 100],
    )
  })

  it('tell the efficiency of each civil day, against the rating', async () => {
    const [today, yesterday, ...none] = await get('/api/panels/panel/efficiency')
    assert.equal(none.length, 0)
    // Hours of 999, 200, 400 W and, so far half an hour, of 499.5 W; against 500 W.
    assert.deepEqual(today, {
      ...{ date: '2026-11-21', efficiency_percentage: 105.64, energy_wh: 1848.75, hours_with_readings: 3.5 },
      rated_power_w: 500,
    })
    assert.deepEqual(yesterday, {
      ...{ date: '2026-11-20', efficiency_percentage: 25, energy_wh: 125, hours_with_readings: 1, rated_power_w: 500 },
    })
    assert.equal((await get('/api/panels/panel/efficiency?days=1')).length, 1)
    const [usual] = await get('/api/panels/usual/efficiency')
    assert.deepEqual([usual.efficiency_percentage, usual.rated_power_w], [25, 400])
  })

  it('go out as CSV', async () => {
    const buckets = await test.as('viewer').get(`/api/panels/panel/readings?${period}`, { accept: 'text/csv' })
    assert.match(buckets.text.split('\r\n')[2]!, /^,2026-11-21T13:00:00\.000Z,400,400,400,50,/)
    const days = await test.as('viewer').get('/api/panels/usual/efficiency', { accept: 'text/csv' })
    assert.equal(days.text.split('\r\n')[1], '2026-11-21,25,100,1,400')
  })

  it('say which part of a request is wrong', async () => {
    for (const [path, status, detail] of [
      ['/api/panels/nobody/readings', 404, 'no panel "nobody"'],
      ['/api/panels/meter/efficiency', 404, 'no panel "meter"'],
      ['/api/panels/panel/readings?interval=1w', 400, 'query.interval is "1w": it must be such as 15m, 1h, 1d ('],
      ['/api/panels/panel/readings?interval=25h', 400, 'must not be longer than a day'],
      ['/api/panels/panel/readings?interval=1m&start_time=2026-01-01T00:00:00Z', 400, 'more than 1500 buckets'],
      ['/api/panels/panel/readings?start_time=2026-11-22T00:00:00Z', 400, 'must not be after end_time'],
      ['/api/panels/panel/readings?start_time=today', 400, 'query.start_time'],
      ['/api/panels/panel/readings?limit=0', 400, 'query.limit'],
      ['/api/panels/panel/efficiency?days=367', 400, 'query.days'],
    ] as const) {
      const { status: answered, body } = await test.as('viewer').get(path)
      assert.equal(answered, status, path)
      assert.ok(body.detail.includes(detail), body.detail)
    }
    assert.equal((await test.as().get('/api/panels/panel/readings')).status, 401)
  })
})
