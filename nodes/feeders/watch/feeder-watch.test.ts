import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import { seedMinutes, seedSetpoints, seedTrackedField } from '../tracking/tracked.fixture.ts'
import { FeederWatch } from './feeder-watch.ts'
import { baseLoadMinutes, watchedEvents, watchedFeeders } from './watch-repository.ts'

const minuteMs = 60_000
const now = Date.UTC(2026, 5, 1, 18)

describe('the watch over feeders', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const said: Condition[] = []
  const faults: string[] = []
  let watch: FeederWatch | undefined

  const share = (unavoidableKw: number) =>
    test.database.query(
      `insert into feeder_allocation (root_id, at, recorded_at, interval_s, cause, round_ms, solver_ms, holder, token, device_count, allocation)
       values ('root', to_timestamp($1::float8 / 1000), to_timestamp(0), 60, 'interval', 1, 1, 'one', 1, 1, $2)
       on conflict (root_id) do update set at = excluded.at, allocation = excluded.allocation`,
      [
        now - minuteMs,
        JSON.stringify({
          feeders: [
            { feederId: 'root', line: 'total', importLimitKw: 100, exportLimitKw: null, unavoidableKw: 0 },
            { feederId: 'root', line: 'A', importLimitKw: 40, exportLimitKw: null, unavoidableKw },
          ],
        }),
      ],
    )

  before(async () => {
    const { database } = test
    await seedTrackedField(database)
    await seedSetpoints(database, [{ deviceId: 'ev-1', at: now - 30 * minuteMs, powerKw: 7 }])
    await seedMinutes(database, 'ev-1', now - 10 * minuteMs, [7, 7, 7, 7, 7, 7, 7, 7, 7, 7])
    await seedMinutes(database, 'head-1', now - 10 * minuteMs, [70, 71, 72, 73, 74, 75, 76, 77, 78, 79], 'p_kw')
    await database.query(
      `insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
       select device_key, 'meter', to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000), 'good', 79, '{}'
       from device where device_id = 'head-1'`,
      [now - 20_000],
    )
    await share(3)
  })
  after(() => watch?.close())

  it('finds what is under control, with its head and its tightest limits', async () => {
    assert.deepEqual(await watchedFeeders(test.database, 10), [
      {
        ...{ feederId: 'root', importLimitKw: 100, exportLimitKw: null, unavoidableKw: 3, at: now - minuteMs },
        head: { meterId: 'head-1', heardAt: now - 20_000, powerKw: 79 },
      },
    ])
  })

  it('takes what follows setpoints off what flows in', async () => {
    const loads = await baseLoadMinutes(test.database, ['root'], now - 10 * minuteMs, now)
    assert.deepEqual(
      loads.get('root')!.map(({ powerKw }) => powerKw),
      [63, 64, 65, 66, 67, 68, 69, 70, 71, 72],
    )
  })

  it('holds events against what flowed in over the last minutes', async () => {
    await test.database.query(
      `insert into dr_event (type, mode, limit_kw, starts_at, ends_at, snapback_minutes, source, request_hash, entered_by, entered_at, changed_by)
       values ('peak', 'limit', 60, to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000), 0, 'api', 'x', 'ana', to_timestamp(0), 'ana'),
         ('over', 'limit', 10, to_timestamp(0), to_timestamp($1::float8 / 1000), 0, 'api', 'y', 'ana', to_timestamp(0), 'ana')`,
      [now - 10 * minuteMs, now + 10 * minuteMs],
    )
    const events = await watchedEvents(test.database, now, 10)
    assert.deepEqual(
      events.map(({ feederId, limitKw, meanKw }) => [feederId, limitKw, meanKw]),
      [['root', 60, 78.5]],
    )
  })

  it('says what begins and what ends', async () => {
    watch = new FeederWatch(test.database, {
      ...{ clock: { now: () => now }, rate: () => 1, clockIsSet: () => true, intervalMs: minuteMs },
      conditions: (conditions) => said.push(...conditions),
      report: (error) => faults.push(String(error)),
    })
    await waitUntil('what is amiss', () => said.length >= 2)
    assert.deepEqual(
      said.map(({ key, state }) => `${state} ${key}`),
      ['active feeders/limit-unavoidable/root', 'active feeders/event-not-met/root'],
    )
    await share(0)
    await test.database.query(
      `update dr_event set cancelled_at = starts_at, cancelled_by = 'ana', changed_by = 'ana' where type = 'peak'`,
    )
    await waitUntil('its end', () => said.length >= 5)
    assert.deepEqual(
      said.slice(2).map(({ key, state }) => `${state} ${key}`),
      [
        'normal feeders/limit-unavoidable/root',
        'normal feeders/event-not-met/root',
        'active feeders/overload-forecast/root',
      ],
    )
    assert.deepEqual(faults, [])
  })
})
