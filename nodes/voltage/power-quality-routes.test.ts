import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { useApi } from '../../platform/http/api.fixture.ts'
import { windowMs } from './domain/windows.ts'
import { seedMeterReadings, seedVtcd, seedWindows, windowsFrom } from './power-quality.fixture.ts'
import { voltageRoutes } from './routes.ts'

const begin = Date.UTC(2026, 10, 14, 12)
const end = begin + 1_008 * windowMs
const day = 86_400_000

describe('the routes of power quality', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [voltageRoutes] })
  const of = (unitId: string) => `/api/quality/voltage/units/${unitId}/power-quality`

  before(async () => {
    platformClock.set({ at: end, rate: 0 })
    const { database } = test.database
    await database.query(
      `insert into consumer_unit (unit_id, phases, nominal_voltage_v) values ('unit-1', 'ABC', 220), ('unit-2', 'A', 220)`,
    )
    await database.query(
      `insert into device (device_id, kind, status) values ('instrument', 'meter', 'active'), ('plain', 'meter', 'active')`,
    )
    await database.query(
      `insert into meter_assignment select case device_id when 'plain' then 'unit-2' else 'unit-1' end, device_key, '[2020-01-01,)'
       from device`,
    )
    const starts = windowsFrom(begin, 1_008)
    await seedWindows(database, 'instrument', starts, (start) => start === begin)
    await seedWindows(database, 'plain', starts.slice(0, 10))
    // 51 of the windows that count are above the limit of unbalance; the first window, which does not count, is far above all.
    await seedMeterReadings(
      database,
      starts.map((start, n) => ({
        ...{ deviceId: 'instrument', at: start + windowMs },
        columns: { vb_v: 219, vc_v: 221, p_kw: 4, q_kvar: 3, frequency_hz: n === 500 ? 59.4 : 60 },
        instrument: {
          unbalance_pct: n === 0 ? 50 : n <= 51 ? 3.5 : 1,
          ...{ dtt_a_pct: 4, dtt_b_pct: n % 10 === 0 ? 10.5 : 4, pst_c_pu: 1 },
        },
      })),
    )
    await seedMeterReadings(
      database,
      starts.slice(0, 10).map((start) => ({ deviceId: 'plain', at: start + windowMs })),
    )
    await seedVtcd(database, [
      { deviceId: 'instrument', eventId: 'sag', at: begin + 1_000, magnitudePu: 0.74, durationS: 0.18 },
      { deviceId: 'instrument', eventId: 'swell', at: begin + 2_000, magnitudePu: 1.16, durationS: 12.5 },
      { deviceId: 'instrument', eventId: 'long', at: begin + 3_000, magnitudePu: 0.85, durationS: 180 },
      { deviceId: 'plain', eventId: 'untold', at: begin + 4_000 },
      { deviceId: 'plain', eventId: 'old', at: begin - 40 * day, magnitudePu: 0.5, durationS: 1 },
    ])
  })
  after(() => platformClock.set(undefined))

  it('tell the 95 % values of a week with their limits, of windows that count', async () => {
    const { status, body } = await test.as('viewer').get(of('unit-1'))
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual([body.from, body.to], [new Date(begin).toISOString(), new Date(end).toISOString()])
    assert.deepEqual([body.referenceV, body.validWindows], [220, 1_007])
    assert.deepEqual(
      body.indicators.map(
        ({ indicator, value95, phase, windows, complete, limit, violated }: Record<string, unknown>) => ({
          ...{ indicator, value95, phase, windows, complete, limit, violated },
        }),
      ),
      [
        {
          indicator: 'unbalance',
          value95: 3.5,
          phase: null,
          windows: 1_007,
          complete: false,
          limit: 3,
          violated: true,
        },
        { indicator: 'dtt', value95: 10.5, phase: 'B', windows: 1_007, complete: false, limit: 10, violated: true },
        { indicator: 'pst', value95: 1, phase: 'C', windows: 1_007, complete: false, limit: 1, violated: false },
      ],
    )
    assert.deepEqual(body.indicators[1].byPhase, { A: 4, B: 10.5 })
    assert.match(body.indicators[0].rule.source, /PRODIST/)
    const { windows, overall, lowest, least, below } = body.powerFactor
    assert.deepEqual(
      { windows, overall, lowest, least, below },
      {
        ...{
          windows: 1_007,
          overall: { ratio: 0.8, reactive: 'inductive' },
          lowest: { ratio: 0.8, reactive: 'inductive' },
        },
        ...{ least: null, below: null },
      },
    )
    assert.deepEqual([body.frequency.minHz, body.frequency.maxHz, body.frequency.outsideNormal], [59.4, 60, 1])
    assert.deepEqual(body.frequency.excursions, [
      {
        ...{ side: 'below', hz: 59.5, mostS: 30, longestS: 600, violated: true },
        since: new Date(begin + 500 * windowMs).toISOString(),
      },
    ])
    assert.deepEqual(body.vtcd, { IMT: 0, AMT: 1, EMT: 0, ITT: 0, ATT: 0, ETT: 1, none: 1, unknown: 0 })
  })

  it('tell nothing of what a meter does not report, and tell it as CSV', async () => {
    const { body } = await test.as('viewer').get(of('unit-2'))
    assert.deepEqual([body.indicators, body.powerFactor, body.frequency], [[], null, null])
    assert.deepEqual([body.validWindows, body.vtcd.unknown], [10, 1])
    const csv = await test.as('viewer').get(of('unit-1'), { accept: 'text/csv' })
    const [names, unbalance, dtt] = csv.text.split('\r\n')
    assert.equal(
      names,
      'indicator,unit,value95,phase,value95_a,value95_b,value95_c,windows,complete,limit,violated,source',
    )
    assert.match(unbalance!, /^unbalance,%,3.5,,,,,1007,false,3,true,"?PRODIST/)
    assert.match(dtt!, /^dtt,%,10.5,B,4,10.5,,1007,false,10,true,"?PRODIST/)
  })

  it('tell of an official measurement what its windows say', async () => {
    const { database } = test.database
    const [{ id } = assert.fail()] = await database.query<{ id: number }>(
      `insert into voltage_measurement (unit_id, kind, class, serial, calibrated_on, calibration_valid_until, device_key, portable,
         reference_v, phases, starts_at, gives_up_at, taken_until, scheduled_by, scheduled_at)
       select 'unit-1', 'complaint', 'A', 's-1', '2026-01-01', '2027-01-01', device_key, false, 220, 'ABC',
         to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000) + interval '1 day', to_timestamp($2::float8 / 1000), 'admin',
         to_timestamp($1::float8 / 1000)
       from device where device_id = 'instrument' returning measurement_id as id`,
      [begin, end],
    )
    await database.query('select ensure_partition($1, to_timestamp($2::float8 / 1000))', ['measurement_window', begin])
    await database.query(
      `insert into measurement_window (at, coverage, measurement_id, band_a, invalid_reason, evidence)
       select at, coverage, $1, band_a, invalid_reason, evidence from voltage_window join device using (device_key)
       where device_id = 'instrument' and at < to_timestamp($2::float8 / 1000)`,
      [id, begin + 101 * windowMs],
    )
    const { status, body } = await test.as('viewer').get(`/api/quality/voltage/measurements/${id}/power-quality`)
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual([body.unitId, body.validWindows, body.from], ['unit-1', 100, new Date(begin).toISOString()])
    assert.equal(body.to, new Date(begin + 101 * windowMs).toISOString())
    assert.deepEqual([body.indicators[0].value95, body.indicators[0].windows], [3.5, 100])
    assert.equal((await test.as('viewer').get('/api/quality/voltage/measurements/999/power-quality')).status, 404)
  })

  it('list voltage variations by class, page after page', async () => {
    const path = '/api/quality/voltage/events'
    const { body } = await test.as('viewer').get(path)
    assert.deepEqual(
      body.items.map((one: Record<string, unknown>) => [one['eventId'], one['unitId'], one['class']]),
      [
        ['untold', 'unit-2', 'unknown'],
        ['long', 'unit-1', 'none'],
        ['swell', 'unit-1', 'ETT'],
        ['sag', 'unit-1', 'AMT'],
      ],
    )
    assert.equal(body.items[3].endedAt, new Date(begin + 1_000).toISOString())
    const first = (await test.as('viewer').get(`${path}?limit=3`)).body
    const second = (await test.as('viewer').get(`${path}?limit=3&cursor=${first.nextCursor}`)).body
    assert.deepEqual([...first.items, ...second.items], body.items)
    assert.equal(second.nextCursor, null)
    const csv = await test.as('viewer').get(`${path}?unitId=unit-1`, { accept: 'text/csv' })
    assert.equal(csv.text.split('\r\n').length, 5)
    assert.match(csv.text, /\r\ninstrument,sag,unit-1,,AMT,2026-11-14T12:00:01.000Z,A,0.74,0.18,,good\r\n/)
  })

  it('say which part of a request is wrong, and are for those who are logged in', async () => {
    for (const [asked, status, field] of [
      [of('nobody'), 404, 'path.unitId'],
      [`${of('unit-1')}?from=2026-11-22T00:00:00Z`, 400, 'query.from'],
      [`${of('unit-1')}?from=2026-01-01T00:00:00Z`, 400, 'query.from'],
      ['/api/quality/voltage/events?cursor=x', 400, 'query.cursor'],
      ['/api/quality/voltage/events?from=2026-01-01T00:00:00Z', 400, 'query.from'],
    ] as const) {
      const { status: answered, body } = await test.as('viewer').get(asked)
      assert.deepEqual([answered, body.errors?.[0]?.field], [status, field], JSON.stringify(body))
    }
    assert.equal((await test.as().get(of('unit-1'))).status, 401)
  })
})
