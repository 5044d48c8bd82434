import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'mocha'
import { Registry } from '../../platform/network/registry.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import type { FieldEvent, Presence } from '../../platform/wire/reading.ts'
import type { Rejected } from '../../platform/wire/reasons.ts'
import { writeBatches, type Committed } from './commit.ts'
import type { TelemetryBatch } from './messages.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { reject } from './place-items.ts'
import { QuarantineBudget } from './quarantine-budget.ts'
import { batteryReading } from './telemetry-flow.fixture.ts'

const at = Date.UTC(2026, 10, 21, 12)

const event = (eventId: string, more: Partial<FieldEvent> = {}): FieldEvent => ({
  ...{ deviceId: 'switch-1', eventId, type: 'power_lost', at, receivedAt: at + 1, quality: 'good' },
  ...more,
})
const presence = (online: boolean, offsetMs: number, more: Partial<Presence> = {}): Presence => ({
  ...{ deviceId: 'switch-1', online, at: at + offsetMs, receivedAt: at + offsetMs },
  ...more,
})
const rejected = (more: Partial<Rejected> = {}): Rejected => ({
  ...{ topic: 'der/telemetry/battery-1', payload: '{}', reason: 'missing_field', detail: 'type is missing' },
  ...{ receivedAt: at, deviceId: 'battery-1' },
  ...more,
})

describe('a commit', () => {
  let registry: Registry
  // Before the database goes: it would be asked once more.
  after(() => registry.close())
  const test = useDatabase()
  let budget = new QuarantineBudget(1e6, { now: () => at })

  before(async () => {
    registry = new Registry(test.database, 'register', (error) => assert.fail(String(error)))
    await registry.ready()
    await registry.contact([{ deviceId: 'battery-1', kind: 'der' }, { deviceId: 'switch-1' }])
    await new Partitions(test.database).ensure('der_reading', at)
  })

  const write = (...batches: TelemetryBatch[]): Promise<Committed[]> =>
    test.database.transaction((client) => writeBatches(client, batches, registry, budget))
  const commits = () =>
    test.database.query<{ readings: number; events: number }>(
      'select readings, events from batch_log order by position',
    )

  it('stands in the log with the readings and events that were new, under one number', async () => {
    const [readings, events] = await write(
      { topic: 'der', payload: [batteryReading('battery-1', at, 1), batteryReading('battery-1', at + 1, 2)] },
      { topic: 'event', payload: [event('e-1')] },
    )
    assert.deepEqual(readings!.outcome, { stored: 2, duplicates: 0, quarantined: 0 })
    assert.deepEqual(events!.outcome, { stored: 1, duplicates: 0, quarantined: 0 })
    assert.deepEqual(await commits(), [{ readings: 2, events: 1 }])
    assert.deepEqual(
      await test.database.query(
        `select count(distinct batch_id)::integer as numbers
         from (select batch_id from der_reading union select batch_id from field_event union select batch_id from batch_log) b`,
      ),
      [{ numbers: 1 }],
    )
  })

  it('is not in the log where nothing was new, nor for presence and quarantine', async () => {
    await write(
      { topic: 'der', payload: [batteryReading('battery-1', at, 1)] },
      { topic: 'event', payload: [event('e-1')] },
      { topic: 'status', payload: [presence(true, 0)] },
      { topic: 'quarantine', payload: [rejected()] },
    )
    assert.equal((await commits()).length, 1)
  })

  it('covers the time of its readings, not that of presences, which the broker may have kept for weeks', async () => {
    const [reading, weeks] = [batteryReading('battery-1', at + 500, 1), -20 * 86_400_000]
    await write({ topic: 'der', payload: [reading] }, { topic: 'status', payload: [presence(true, weeks)] })
    const [covered] = await test.database.query<{ first: number; last: number }>(
      `select extract(epoch from first_at)::float8 * 1000 as first, extract(epoch from last_at)::float8 * 1000 as last
       from batch_log order by position desc limit 1`,
    )
    assert.deepEqual(covered, { first: reading.at, last: reading.at })
  })

  it('knows the same event from another one under its number', async () => {
    const [{ outcome, stored } = assert.fail()] = await write({
      topic: 'event',
      payload: [
        event('e-1'),
        event('e-2'),
        event('e-2'),
        event('e-2', { type: 'power_restored' }),
        event('e-1', { at: at + 1 }),
      ],
    })
    assert.deepEqual(outcome, { stored: 1, duplicates: 2, quarantined: 2 })
    assert.deepEqual(stored, [event('e-2')])
  })

  it('knows a dip in voltage again by its depth and duration', async () => {
    const dip = (magnitudePu: number) => event('dip', { type: 'vtcd', magnitudePu, durationS: 0.1 })
    const [{ outcome } = assert.fail()] = await write({ topic: 'event', payload: [dip(0.7), dip(0.7), dip(0.1 + 0.7)] })
    assert.deepEqual(outcome, { stored: 1, duplicates: 1, quarantined: 1 })
  })

  describe('of presences', () => {
    const say = (...payload: Presence[]): Promise<unknown> => write({ topic: 'status', payload })
    const stands = async () => {
      const [row] = await test.database.query<{ online: boolean; saidMs: number; receivedMs: number }>(
        `select online, round(extract(epoch from at) * 1000)::float8 - $1 as "saidMs",
           round(extract(epoch from received_at) * 1000)::float8 - $1 as "receivedMs" from device_presence`,
        [at],
      )
      return row!
    }

    beforeEach(() => test.database.query('delete from device_presence'))

    it('goes forward as they were received, never back, and keeps what is not said again', async () => {
      await say(presence(false, 10, { firmware: '1.2' }), presence(true, 5))
      await say(presence(true, 7))
      assert.equal((await stands()).online, false)
      await say(presence(true, 20, { capabilities: ['operate'] }))
      const rows = await test.database.query('select online, firmware, capabilities from device_presence')
      assert.deepEqual(rows, [{ online: true, firmware: '1.2', capabilities: ['operate'] }])
    })

    it('takes a device back whose clock is behind that of its broker', async () => {
      await say(presence(false, 10_000))
      await say(presence(true, 8_500, { receivedAt: at + 10_200 }))
      assert.deepEqual(await stands(), { online: true, saidMs: 8_500, receivedMs: 10_200 })
    })

    it('takes the later one of those that were received at once', async () => {
      await say(presence(true, 7), presence(false, 5, { receivedAt: at + 7 }))
      assert.deepEqual(await stands(), { online: false, saidMs: 5, receivedMs: 7 })
      await say(presence(true, 4, { receivedAt: at + 7 }))
      assert.equal((await stands()).online, true)
    })

    it('is moved by no word that is known: not by its time, nor, where it has none, by the broker that repeats it', async () => {
      const known = { online: true, saidMs: 7, receivedMs: 7 }
      await say(presence(true, 7))
      await say(presence(true, 7, { receivedAt: at + 60_000 }))
      await say(presence(true, 70_000, { repeated: true }))
      assert.deepEqual(await stands(), known)
      await say(presence(false, 71_000, { repeated: true }))
      assert.deepEqual(await stands(), { online: false, saidMs: 71_000, receivedMs: 71_000 })
      await say(presence(false, 72_000, { repeated: true }))
      assert.equal((await stands()).receivedMs, 71_000)
    })

    it('is moved by one that came back while nobody listened, though the broker repeats it', async () => {
      await say(presence(true, 7))
      await say(presence(false, 100), presence(true, 101, { repeated: true }), presence(true, 102, { repeated: true }))
      assert.deepEqual(await stands(), { online: true, saidMs: 101, receivedMs: 101 })
    })
  })

  it('leaves every item in exactly one place', async () => {
    const payload = [
      batteryReading('battery-1', at, 1),
      batteryReading('battery-1', at, 99),
      batteryReading('battery-1', at + 50, 1),
      batteryReading('stranger', at, 1),
      { nonsense: true },
    ] as never[]
    const [{ outcome } = assert.fail()] = await write({ topic: 'der', payload })
    assert.deepEqual(outcome, { stored: 1, duplicates: 1, quarantined: 3 })
    assert.equal(outcome.stored + outcome.duplicates + outcome.quarantined, payload.length)
  })

  it('stores a reading once, whichever of its batches it comes in again', async () => {
    const [known, one, two, three] = [1, 100, 101, 102].map((offsetMs) => batteryReading('battery-1', at + offsetMs, 2))
    const committed = await write(
      { topic: 'der', payload: [one!, two!] },
      { topic: 'der', payload: [two!, known!, three!, three!] },
      { topic: 'der', payload: [one!, batteryReading('battery-1', at + 101, 9)] },
    )
    assert.deepEqual(
      committed.map(({ stored }) => stored),
      [[one, two], [three], []],
    )
    assert.deepEqual(
      committed.map(({ outcome }) => [outcome.stored, outcome.duplicates, outcome.quarantined]),
      [
        [2, 0, 0],
        [1, 3, 0],
        [0, 1, 1],
      ],
    )
  })

  it('counts all that is quarantined, also what the budget does not keep', async () => {
    const before = budget
    budget = new QuarantineBudget(0, { now: () => at })
    const payload = Array.from({ length: 50 }, () => rejected({ reason: 'bad_value' }))
    const [{ outcome } = assert.fail()] = await write({ topic: 'quarantine', payload })
    budget = before
    assert.equal(outcome.quarantined, 50)
    const [counted] = await test.database.query(
      "select device_id, count::integer, kept::integer from quarantine_count where reason = 'bad_value'",
    )
    assert.deepEqual(counted, { device_id: 'battery-1', count: 50, kept: 10 })
  })

  it('counts devices that nobody registered together: their names are without number', async () => {
    const payload = ['x-1', 'x-2', undefined].map((deviceId) =>
      rejected({ reason: 'bad_topic', ...(deviceId === undefined ? { deviceId: 'x' } : { deviceId }) }),
    )
    await write({ topic: 'quarantine', payload })
    assert.deepEqual(
      await test.database.query("select device_id, count::integer from quarantine_count where reason = 'bad_topic'"),
      [{ device_id: '', count: 3 }],
    )
  })

  it('keeps a rejected message that lost its form on the way, as refused', async () => {
    const [{ outcome } = assert.fail()] = await write({
      topic: 'quarantine',
      payload: [rejected(), { topic: 7 } as never, null as never],
    })
    assert.equal(outcome.quarantined, 3)
  })
})

describe('what the store rejects', () => {
  const circular: Record<string, unknown> = { deviceId: 'battery-1', receivedAt: at }
  circular['self'] = circular

  for (const [what, item, payload, deviceId] of [
    [
      'a reading',
      { deviceId: 'b', receivedAt: at, values: { x: NaN } },
      '{"deviceId":"b","receivedAt":1795262400000,"values":{"x":null}}',
      'b',
    ],
    ['nothing', undefined, 'null', undefined],
    ['null', null, 'null', undefined],
    ['a bigint', 7n, '7n', undefined],
    ['a name too long', { deviceId: 'x'.repeat(99) }, `{"deviceId":"${'x'.repeat(99)}"}`, 'x'.repeat(64)],
  ] as const) {
    it(`is kept as text, be it ${what}`, () => {
      const kept = reject('der', item, 'storage_refused', 'no')
      assert.equal(kept.payload, payload)
      assert.equal(kept.deviceId, deviceId)
    })
  }

  it('is kept where it contains itself', () => {
    const kept = reject('der', circular, 'storage_refused', 'no')
    assert.match(String(kept.payload), /battery-1.*Circular/s)
    assert.equal(kept.receivedAt, at)
  })

  it('has a time of receipt that a calendar knows', () => {
    for (const receivedAt of [1e300, NaN, -1, 0.5, '2026']) {
      const kept = reject('der', { receivedAt }, 'storage_refused', 'no')
      assert.ok(Math.abs(kept.receivedAt - Date.now()) < 10_000)
    }
  })
})
