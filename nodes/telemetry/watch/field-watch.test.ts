import assert from 'node:assert/strict'
import { after, afterEach, before } from 'mocha'
import { provideStandingConditions } from '../../../platform/conditions/standing-conditions.ts'
import {
  consumerStates,
  provideConsumer,
  provideHealth,
  stateOf,
  type ConsumerState,
} from '../../../platform/http/health.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { conditionKey, type Condition } from '../../../platform/wire/condition.ts'
import { seedReadings } from '../seeded-readings.fixture.ts'
import { FieldWatch } from './field-watch.ts'

const [secondMs, minuteMs, hourMs] = [1_000, 60_000, 3_600_000]

describe('field watch', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const begin = Date.UTC(2026, 2, 10, 12)
  let now = begin
  let watch: FieldWatch | undefined
  let loads: { feederId: string; totalKw: number; deviceCount: number }[] = []
  const said: Condition[] = []
  const faults: unknown[] = []
  const clock = { now: () => now }
  const withdrawals: (() => void)[] = []

  /** Runs until a whole round has passed. */
  function run(): void {
    said.length = 0
    watch = new FieldWatch(test.database, {
      ...{ clock, machine: clock, rate: () => 1, clockIsSet: () => true, restMs: 5 },
      settings: {
        ...{ silentFactor: 3, silentAfterMs: 5 * minuteMs, stuckHours: 6, floodMessages: 20, behindMs: 5 * minuteMs },
        ...{ overloadDeadbandPct: 5, overloadHoldMs: minuteMs, defaultLimitKw: null },
      },
      loads: () => loads,
      conditions: (conditions) => void said.push(...conditions),
      progress: () => rounds++,
      report: (error) => faults.push(error),
    })
  }
  let rounds = 0
  const nextRound = async (): Promise<void> => {
    const from = rounds
    await waitUntil('a whole round', () => rounds >= from + 2)
  }
  /** Lets time pass at the pace of rounds that nothing is missed between. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50 * secondMs) {
      now += Math.min(left, 50 * secondMs)
      await nextRound()
    }
  }
  const shown = (kind: string) =>
    said.filter((condition) => condition.kind === kind).map(({ subject, state }) => `${subject} ${state}`)
  const meter = (deviceId: string, at: number, values: object = {}) =>
    seedReadings(test.database, 'meter', [{ deviceId, at, values: { va_v: 127.3, p_kw: 1, ...values } }])

  // Whatever stands for the broker or for roll-ups says whether the field is heard.
  before(() =>
    waitUntil(
      'that nothing of other tests is left',
      () => stateOf('mqtt') === undefined && !consumerStates().some(([name]) => name === 'rollups'),
    ),
  )
  before(async () => {
    await test.database.query(`insert into feeder (feeder_id, limit_kw) values ('F1', 100), ('F2', null)`)
    await test.database.query(
      `insert into consumer_unit (unit_id, feeder_id, nominal_voltage_v) values ('u-1', 'F1', 127)`,
    )
    await test.database.query(
      `insert into device (device_id, kind, status, feeder_id)
       select id, 'meter', 'active', 'F2' from unnest(array['m-1', 'm-2', 'm-3', 'm-slow', 'm-gone', 'm-stuck']) id`,
    )
    await test.database.query(`update device set feeder_id = null where device_id in ('m-1')`)
    await test.database.query(
      `insert into meter_assignment (unit_id, device_key, validity)
       select 'u-1', device_key, '[2020-01-01,)' from device where device_id = 'm-1'`,
    )
  })
  afterEach(async () => {
    await watch?.close()
    for (const withdraw of withdrawals.splice(0)) withdraw()
    assert.deepEqual(faults.splice(0), [])
  })
  after(() => watch?.close())

  it('says that a device is silent after three times as long as it usually is, and that it reports again', async () => {
    for (let minute = 10; minute >= 0; minute--)
      for (const deviceId of ['m-1', 'm-2', 'm-gone']) await meter(deviceId, begin - minute * minuteMs)
    for (let quarter = 8; quarter >= 0; quarter--) await meter('m-slow', begin - quarter * 15 * minuteMs)
    await test.database.query(`update device set status = 'rejected' where device_id = 'm-gone'`)
    now = begin
    run()
    await pass(4 * minuteMs)
    await meter('m-2', now)
    await pass(2 * minuteMs)
    assert.deepEqual(
      said,
      said.filter(({ subject }) => subject === 'm-1'),
    )
    assert.deepEqual(shown('device-silent'), ['m-1 active'])
    const [condition] = said
    assert.deepEqual([condition!.deviceId, condition!.unitId, condition!.feederId], ['m-1', 'u-1', 'F1'])
    assert.deepEqual([condition!.at, condition!.limit, condition!.unit], [begin, 5, 'min'])
    assert.equal(condition!.text.parameters['usualMinutes'], 1)
    await meter('m-1', now)
    await nextRound()
    assert.deepEqual(shown('device-silent'), ['m-1 active', 'm-1 normal'])
    await pass(4 * minuteMs)
    assert.deepEqual(
      shown('device-silent').filter((line) => line.startsWith('m-slow')),
      [],
    )
  })

  it('counts only the time in which the field could be heard: after a start, and while the broker was away', async () => {
    now += hourMs
    let isUp = true
    withdrawals.push(provideHealth('mqtt', () => (isUp ? { up: true } : { up: false, detail: 'refused' })))
    run()
    await pass(4 * minuteMs)
    isUp = false
    await pass(10 * minuteMs)
    isUp = true
    await pass(4 * minuteMs)
    assert.deepEqual(shown('device-silent'), [])
    await pass(2 * minuteMs)
    assert.deepEqual(shown('device-silent').toSorted(), ['m-1 active', 'm-2 active'])
  })

  it('goes on where it stopped: what stands is not said again, what ended meanwhile is taken back', async () => {
    const standing = (subject: string): Condition => ({
      ...{
        key: conditionKey('telemetry', 'device-silent', subject),
        area: 'telemetry',
        kind: 'device-silent',
        subject,
      },
      ...{ state: 'active', at: begin, priority: 'medium', deviceId: subject },
      text: { message: 'telemetry.device-silent', parameters: { device: subject, lastAt: begin } },
    })
    withdrawals.push(provideStandingConditions(async () => ['m-1', 'm-2', 'm-removed'].map(standing)))
    await meter('m-2', now)
    run()
    await nextRound()
    assert.deepEqual(said.map(({ subject, state, text }) => `${subject} ${state} ${text.message}`).toSorted(), [
      'm-2 normal telemetry.device-heard',
      'm-removed normal telemetry.device-heard',
    ])
  })

  it('says that a device is offline by its own word, and not that it is silent as well', async () => {
    await meter('m-1', now)
    run()
    await nextRound()
    await test.database.query(
      `insert into device_presence (device_key, online, at, received_at)
       select device_key, false, at, at from to_timestamp($1::float8 / 1000) at, device where device_id in ('m-1', 'm-gone')`,
      [now + secondMs],
    )
    await pass(10 * minuteMs)
    assert.deepEqual(
      said.filter(({ subject }) => subject !== 'm-2').map(({ kind, subject, state }) => [kind, subject, state]),
      [['device-offline', 'm-1', 'active']],
    )
    await meter('m-1', now)
    await nextRound()
    assert.deepEqual(shown('device-offline'), ['m-1 active', 'm-1 normal'])
  })

  it('says that values are stuck which are exactly the same for hours, but not zero and not power', async () => {
    const from = Math.floor(now / hourMs) * hourMs
    for (let quarter = 0; quarter < 32; quarter++) {
      const at = from + quarter * 15 * minuteMs
      await meter('m-stuck', at, { va_v: 127.3, ia_a: 2.5, p_kw: 0 })
      await meter('m-3', at, { va_v: 120 + quarter / 10, vb_v: 0, p_kw: 0 })
    }
    now = from + 7.5 * hourMs
    run()
    await nextRound()
    assert.deepEqual(shown('values-stuck'), ['m-stuck active'])
    const condition = said.find(({ kind }) => kind === 'values-stuck')!
    assert.deepEqual(condition.text.parameters['measures'], 'ia_a, va_v')
    // How much current a unit draws is nobody's business.
    assert.equal(condition.text.parameters['values'], '127.3')
    await meter('m-stuck', now + minuteMs, { va_v: 127.4, ia_a: 2.6 })
    now += 2 * minuteMs
    await nextRound()
    assert.deepEqual(shown('values-stuck'), ['m-stuck active', 'm-stuck normal'])
  })

  it('says where far more than usual goes into quarantine, until ten minutes have passed with less', async () => {
    const count = (reason: string, deviceId: string, more: number) =>
      test.database.query(
        `insert into quarantine_count as q (reason, device_id, count, kept, first_at, last_at)
         values ($1, $2, $3, 0, to_timestamp($4::float8 / 1000), to_timestamp($4::float8 / 1000))
         on conflict (reason, device_id) do update set count = q.count + $3, last_at = excluded.last_at`,
        [reason, deviceId, more, now],
      )
    await count('bad_json', '', 1_000)
    run()
    await nextRound()
    assert.deepEqual(shown('quarantine-flood'), [])
    now += secondMs
    await count('bad_json', '', 19)
    await count('out_of_range', 'm-3', 25)
    await count('too_far_ahead', 'm-2', 12)
    await nextRound()
    assert.deepEqual(shown('quarantine-flood'), ['m-3 active'])
    assert.deepEqual(shown('clock-skew'), ['m-2 active'])
    now += secondMs
    await count('bad_json', '', 1)
    await nextRound()
    assert.deepEqual(shown('quarantine-flood'), ['m-3 active', 'reason:bad_json active'])
    now += 10 * minuteMs
    await nextRound()
    now += secondMs
    await count('bad_json', '', 15)
    now += 9 * minuteMs
    await nextRound()
    assert.equal(shown('quarantine-flood').length, 2)
    now += minuteMs
    await nextRound()
    assert.deepEqual(shown('quarantine-flood').slice(2), ['m-3 normal'])
    assert.deepEqual(shown('clock-skew'), ['m-2 active', 'm-2 normal'])
  })

  it('says that a consumer is behind, until it is by less than half', async () => {
    const state = (behindMs: number | null): ConsumerState => ({
      ...{ batchesBehind: 7, readingsBehind: 70, batches: 0, readings: 0, failures: 0, lastSuccessAt: now },
      oldestAt: behindMs === null ? null : now - behindMs,
    })
    let behindMs: number | null = 6 * minuteMs
    withdrawals.push(provideConsumer('voltage windows', () => state(behindMs)))
    run()
    await nextRound()
    assert.deepEqual(shown('consumer-behind'), ['voltage-windows active'])
    behindMs = 4 * minuteMs
    await nextRound()
    behindMs = null
    await nextRound()
    assert.deepEqual(shown('consumer-behind'), ['voltage-windows active', 'voltage-windows normal'])
  })

  it('says that a feeder carries more than its limit, once it has for a while, until it is well below', async () => {
    const load = async (totalKw: number, deviceCount = 3): Promise<void> => {
      loads = [
        { feederId: 'F1', totalKw, deviceCount },
        { feederId: 'F2', totalKw: 1_000, deviceCount: 9 },
      ]
      await nextRound()
    }
    run()
    await load(130)
    await pass(50 * secondMs)
    assert.deepEqual(shown('feeder-overload'), [])
    await pass(20 * secondMs)
    assert.deepEqual(shown('feeder-overload'), ['F1 active'])
    const condition = said.find(({ kind }) => kind === 'feeder-overload')!
    assert.deepEqual([condition.value, condition.limit, condition.unit, condition.feederId], [130, 100, 'kW', 'F1'])
    await load(0, 0)
    await pass(2 * minuteMs)
    await load(97)
    await pass(2 * minuteMs)
    await load(90)
    await pass(50 * secondMs)
    assert.equal(shown('feeder-overload').length, 1)
    await pass(20 * secondMs)
    assert.deepEqual(shown('feeder-overload'), ['F1 active', 'F1 normal'])
  })
})
