import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { provideStandingConditions } from '../../platform/conditions/standing-conditions.ts'
import { useApi } from '../../platform/http/api.fixture.ts'
import { conditionKey, type Condition } from '../../platform/wire/condition.ts'
import type { ForecastAt } from './domain/live-unit.ts'
import { thresholdsFrom } from './domain/voltage-conditions.ts'
import { windowMs } from './domain/windows.ts'
import { ForecastKeeper } from './forecast-keeper.ts'
import { followedMeasurements } from './forecast-repository.ts'
import { forecastRoutes } from './forecast-routes.ts'
import { civilTimeIn, forecastOfMeasurement } from './measurement-forecast.ts'
import { findMeasurement } from './measurement-repository.ts'
import { MeasuredField } from './measurement.fixture.ts'
import type { RunningForecasts } from './running-forecasts.ts'

const dayMs = 86_400_000
const perDay = dayMs / windowMs

describe('forecasts of official measurements', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [forecastRoutes] })
  // Midnight in São Paulo.
  const start = Date.UTC(2026, 10, 2, 3)
  const told: Condition[] = []
  const faults: string[] = []
  const forecasts: RunningForecasts = new Map()
  const keepers: ForecastKeeper[] = []
  let field: MeasuredField
  let id = 0
  let deviceKey = 0
  let end = start

  const keeper = (into: RunningForecasts = forecasts): ForecastKeeper => {
    const made = new ForecastKeeper(test.database.database, {
      clock: { now: () => end },
      // It goes by the test's rounds alone.
      clockIsSet: () => false,
      timeZone: 'America/Sao_Paulo',
      thresholds: thresholdsFrom({ usedPct: 80, probabilityPct: 50 }),
      forecasts: into,
      conditions: (conditions) => told.push(...conditions),
      report: (error) => faults.push(String(error)),
    })
    keepers.push(made)
    return made
  }
  /** A day of which so many windows of the evening are at 200 V, precarious. */
  const day = (precarious: number): number[] =>
    Array.from({ length: perDay }, (_, index) => (index >= 114 && index < 114 + precarious ? 200 : 220))
  const news = () => told.splice(0).map(({ key, state, text }) => [key, state, text.message])

  before(async () => {
    field = new MeasuredField(test.database, start)
    deviceKey = await field.addUnit('unit-1')
    id = await field.schedule('unit-1', start)
    await field.charge('unit-1', '2026-10', 100)
  })
  after(async () => {
    for (const made of keepers) await made.close()
    await field.close()
    assert.deepEqual(faults, [])
  })

  const path = () => `/api/quality/voltage/measurements/${id}/forecast`

  it('can be asked for, with the money that is expected', async () => {
    end = await field.measure(deviceKey, end, day(9))
    const { status, body } = await test.as('viewer').get(path())
    assert.equal(status, 200)
    const { at, valid, remaining, drp, compensation } = body as Record<string, never> & {
      drp: { used: number; usedByPhase: number[]; probability: number; breaks: { medianAt: string } }
      compensation: { amountBrl: number; inputs: { EUSD: number } }
    }
    assert.deepEqual([at, valid, remaining], [new Date(end).toISOString(), 144, 864])
    assert.deepEqual([drp.used, drp.usedByPhase], [9, [9, 9, 9]])
    assert.ok(drp.probability > 0.3 && Date.parse(drp.breaks.medianAt) > end)
    assert.ok(compensation.amountBrl > 0)
    assert.equal(compensation.inputs.EUSD, 100)
  })

  it('go by the charge that would be booked by, and by the nearest as long as that is not known', async () => {
    const { database } = test.database
    const inputs = async () => {
      const { body } = await test.as('viewer').get(path())
      const { EUSD, EUSDmonth, EUSDmonthDue } = (body as { compensation: { inputs: Record<string, unknown> } })
        .compensation.inputs
      return [EUSD, EUSDmonth, EUSDmonthDue]
    }
    assert.deepEqual(await inputs(), [100, '2026-10', '2026-11'])
    await field.charge('unit-1', '2026-12', 300)
    assert.deepEqual(await inputs(), [100, '2026-10', '2026-11'])
    await field.charge('unit-1', '2026-11', 200)
    assert.deepEqual(await inputs(), [200, '2026-11', undefined])
    const choose = (key: string, value: string) =>
      database.query(
        `insert into regulation_option (key, value, reason, changed_by, changed_at) values ($1, $2::jsonb, 'a test', 'admin', '2026-01-01')`,
        [key, value],
      )
    await choose('voltage-eusd-month', '"each-month"')
    await choose('voltage-compensation-begins', '"after-deadline"')
    await choose('voltage-regularisation-days-drc', '25')
    assert.deepEqual(await inputs(), [300, '2026-12', undefined])
  })

  it('are not there of a measurement that is not', async () => {
    const { status } = await test.as('viewer').get('/api/quality/voltage/measurements/4711/forecast')
    assert.equal(status, 404)
  })

  it('are told of when they change, and not again', async () => {
    const running = keeper()
    await running.runOnce()
    const first = news()
    assert.deepEqual(
      first.map(([key]) => key),
      ['voltage/drp-budget/unit-1', 'voltage/drc-budget/unit-1'],
    )
    assert.deepEqual(
      [...forecasts].map(([of, { at }]) => [of, at]),
      [[id, end]],
    )
    await running.runOnce()
    assert.deepEqual(news(), [])
    for (const precarious of [9, 9, 9]) end = await field.measure(deviceKey, end, day(precarious))
    await running.runOnce()
    assert.deepEqual(news(), [['voltage/drp-budget/unit-1', 'active', 'voltage.limit-broken']])
    end = await field.measure(deviceKey, end, day(9))
    await running.runOnce()
    assert.deepEqual(news(), [])
    assert.deepEqual([forecasts.get(id)!.at, forecasts.get(id)!.forecast.drp.used], [end, 45])
  })

  it('are told of once more after a restart', async () => {
    await keeper().runOnce()
    assert.deepEqual(news(), [
      ['voltage/drp-budget/unit-1', 'active', 'voltage.limit-broken'],
      ['voltage/drc-budget/unit-1', 'normal', 'voltage.limit-holds'],
    ])
  })

  it('are taken back where they stand and nothing is measured, or what was measured has long ended', async () => {
    const standing = (unitId: string): Condition => ({
      ...{
        key: conditionKey('voltage', 'drp-budget', unitId),
        area: 'voltage',
        kind: 'drp-budget',
        subject: unitId,
        unitId,
      },
      ...{ state: 'active', at: start, priority: 'high' },
      text: { message: 'voltage.limit-broken', parameters: { indicator: 'DRP', usedPct: 110, brokenAt: start } },
    })
    const withdraw = provideStandingConditions(async () => [standing('unit-gone'), standing('unit-1')])
    try {
      const { database } = test.database
      await database.query(
        `update voltage_measurement set status = 'abandoned', reason = 'a test', abandoned_at = starts_at where measurement_id = $1`,
        [id],
      )
      const [before, year] = [end, 365 * dayMs]
      end += year
      await keeper().runOnce()
      end = before
      assert.deepEqual(news(), [
        ['voltage/drp-budget/unit-gone', 'normal', 'voltage.limit-holds'],
        ['voltage/drp-budget/unit-1', 'normal', 'voltage.limit-holds'],
        ['voltage/drc-budget/unit-1', 'normal', 'voltage.limit-holds'],
      ])
      await database.query(
        `update voltage_measurement set status = 'running', reason = null, abandoned_at = null where measurement_id = $1`,
        [id],
      )
    } finally {
      withdraw()
    }
  })

  it('are taken back when the measurement is abandoned', async () => {
    const running = keeper()
    await running.runOnce()
    news()
    await test.database.database.query(
      `update voltage_measurement set status = 'abandoned', reason = 'broken instrument', abandoned_at = to_timestamp($2::float8 / 1000)
       where measurement_id = $1`,
      [id, end],
    )
    await running.runOnce()
    assert.deepEqual(news(), [['voltage/drp-budget/unit-1', 'normal', 'voltage.limit-holds']])
    assert.equal(forecasts.size, 0)
    await running.runOnce()
    assert.deepEqual(news(), [])
  })

  it('follow what runs, what is named, and what ended lately and was not followed by another', async () => {
    const { database } = test.database
    const followed = async (ids: number[], since: number) =>
      (await followedMeasurements(database, ids, since)).map(({ measurementId, status }) => [measurementId, status])
    assert.deepEqual(await followed([], Infinity), [])
    assert.deepEqual(await followed([id], Infinity), [[id, 'abandoned']])
    assert.deepEqual(await followed([], start), [[id, 'abandoned']])
    const retake = await field.schedule('unit-1', end)
    await field.closeUntil(end)
    await field.round()
    assert.deepEqual(await followed([], start), [[retake, 'running']])
  })

  it('go by the week before, and are the same whenever they are made', async () => {
    const [retake] = await followedMeasurements(test.database.database, [], Infinity)
    const measurement = (await findMeasurement(test.database.database, retake!.measurementId))!
    const forecast = () => forecastOfMeasurement(test.database.database, measurement, civilTimeIn('America/Sao_Paulo'))
    const first = await forecast()
    // Nothing of its own is measured yet; the unit's evenings before were bad.
    assert.deepEqual([first.valid, first.drp.used], [0, 0])
    assert.ok(first.drp.probability > 0.3, `${first.drp.probability}`)
    assert.deepEqual(await forecast(), first)
  })

  it('are made one after the other: between two of them everything else has its turn, and one that fails stops none', async () => {
    const { database } = test.database
    for (const unitId of ['unit-2', 'unit-3', 'unit-4']) {
      await field.addUnit(unitId)
      await field.schedule(unitId, end)
    }
    await field.closeUntil(end)
    await field.round()
    const [first] = await followedMeasurements(database, [], Infinity)
    // No norm is known of that time.
    await database.query(`update voltage_measurement set starts_at = '1999-01-01' where measurement_id = $1`, [
      first!.measurementId,
    ])
    let turns = 0
    const turning = setInterval(() => turns++)
    const seen: number[] = []
    const noting = keeper(
      new (class extends Map<number, ForecastAt> {
        override set(key: number, value: ForecastAt): this {
          seen.push(turns)
          return super.set(key, value)
        }
      })(),
    )
    await noting.runOnce()
    clearInterval(turning)
    assert.equal(seen.length, 3)
    assert.ok(seen[0]! < seen[1]! && seen[1]! < seen[2]!, `turns of others: ${seen.join(', ')}`)
    assert.match(faults.splice(0).join(), new RegExp(`^Error: forecast of measurement ${first!.measurementId}: [^,]+$`))
    await noting.runOnce()
    assert.deepEqual(faults, [])
    await noting.close()
  })
})
