import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { seedMeterReadings, seedVtcd } from './power-quality.fixture.ts'
import { findJudgedUnit, metersOfUnit, qualityRows, vtcdEvents } from './power-quality-repository.ts'

const noon = Date.UTC(2026, 10, 21, 12)
const hour = 3_600_000

describe('what is stored of the quality of supply', () => {
  const test = useDatabase()

  before(async () => {
    const { database } = test
    await database.query(`insert into feeder (feeder_id) values ('f-1'), ('f-2')`)
    await database.query(
      `insert into consumer_unit (unit_id, feeder_id, phases, nominal_voltage_v, contracted_voltage_v, measured_between) values
         ('home', 'f-1', 'A', 220, null, 'phase_neutral'), ('works', 'f-2', 'ABC', 13800, 13500, 'phase_phase')`,
    )
    await database.query(
      `insert into device (device_id, kind, status) values ('m-1', 'meter', 'active'), ('m-2', 'meter', 'active')`,
    )
    await database.query(
      `insert into meter_assignment select 'home', device_key,
         case device_id when 'm-1' then tstzrange('2026-01-01', '2026-11-21T12:00:00Z') else tstzrange('2026-11-21T12:00:00Z', null) end
       from device`,
    )
  })

  it('a unit is judged by its contracted voltage above 2.3 kV, and between phases where it is measured so', async () => {
    assert.deepEqual(await findJudgedUnit(test.database, 'home'), { referenceV: 220, betweenPhases: false })
    assert.deepEqual(await findJudgedUnit(test.database, 'works'), { referenceV: 13_500, betweenPhases: true })
    assert.equal(await findJudgedUnit(test.database, 'nobody'), undefined)
  })

  it('a unit has its meters, each for its time', async () => {
    const meters = await metersOfUnit(test.database, 'home', noon - hour, noon + hour)
    assert.deepEqual(
      meters.map(({ from, until }) => [from, until]),
      [
        [noon - hour, noon],
        [noon, noon + hour],
      ],
    )
    assert.deepEqual(await metersOfUnit(test.database, 'works', noon - hour, noon + hour), [])
  })

  it('readings come with what an instrument adds, those that reach into the time too, without those that cover nothing', async () => {
    const { database } = test
    await seedMeterReadings(database, [
      { deviceId: 'm-1', at: noon, columns: { p_kw: 4 } },
      { deviceId: 'm-1', at: noon + 600_000, columns: { p_kw: 4, q_kvar: 3, frequency_hz: 60 } },
      { deviceId: 'm-1', at: noon + 1_200_000 - 1, instrument: { unbalance_pct: 0.8, pst_a_pu: 0.1 + 0.2 } },
      { deviceId: 'm-1', at: noon + 700_000, columns: { quality: 'invalid' } },
      { deviceId: 'm-1', at: noon + 1_200_000 },
      { deviceId: 'm-2', at: noon + 600_000 },
    ])
    const [{ deviceKey } = assert.fail()] = await metersOfUnit(database, 'home', noon - hour, noon)
    assert.deepEqual(await qualityRows(database, deviceKey, noon, noon + 600_000, ['invalid', 'server-time']), [
      [noon + 600_000, 600, 220, null, null, 4, 3, 60, null],
      [noon + 1_200_000 - 1, 600, 220, null, null, null, null, null, { unbalance_pct: 0.8, pst_a_pu: 0.1 + 0.2 }],
    ])
  })

  it('events are listed newest first, page after page, of a unit while it had the meter, or of a feeder', async () => {
    const { database } = test
    await seedVtcd(database, [
      { deviceId: 'm-1', eventId: 'e-1', at: noon - 1_000, magnitudePu: 0.7, durationS: 0.2 },
      { deviceId: 'm-1', eventId: 'e-2', at: noon + 1_000, magnitudePu: 0.7, durationS: 0.2 },
      { deviceId: 'm-2', eventId: 'e-3', at: noon + 1_000 },
      { deviceId: 'm-2', eventId: 'e-4', at: noon + 2_000, magnitudePu: 1.2, durationS: 5 },
    ])
    await database.query(
      `insert into field_event (device_key, event_id, at, received_at, batch_id, type, quality)
       select device_key, 'lost', to_timestamp($1::float8 / 1000), now(), 1, 'power_lost', 'good' from device`,
      [noon],
    )
    const [all, page] = [
      { from: noon - hour, to: noon + hour },
      { after: undefined, limit: 10 },
    ]
    const ids = async (filter: object, at: object = {}) =>
      (await vtcdEvents(database, { ...all, ...filter }, { ...page, ...at })).map(({ eventId }) => eventId)
    assert.deepEqual(await ids({}), ['e-4', 'e-3', 'e-2', 'e-1'])
    assert.deepEqual(await ids({ unitId: 'home' }), ['e-4', 'e-3', 'e-1'])
    assert.deepEqual(await ids({ unitId: 'works' }), [])
    assert.deepEqual(await ids({ feederId: 'f-1' }), ['e-4', 'e-3', 'e-1'])
    assert.deepEqual(await ids({ from: noon - 1_000, to: noon + 1_000 }), ['e-3', 'e-2', 'e-1'])
    const [, second] = await vtcdEvents(database, all, page)
    assert.deepEqual(await ids({}, { after: second }), ['e-2', 'e-1'])
    assert.deepEqual(await ids({}, { after: second, limit: 1 }), ['e-2'])
    const { at, unitId, feederId, phases, magnitudePu, durationS } = second!
    assert.deepEqual(
      { at, unitId, feederId, phases, magnitudePu, durationS },
      {
        ...{ at: noon + 1_000, unitId: 'home', feederId: 'f-1', phases: 'A', magnitudePu: null, durationS: null },
      },
    )
  })
})
