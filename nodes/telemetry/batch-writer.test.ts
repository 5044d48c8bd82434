import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { Registry } from '../../platform/network/registry.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import type { Reading } from '../../platform/wire/reading.ts'
import { BatchWriter } from './batch-writer.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { QuarantineBudget } from './quarantine-budget.ts'

const at = Date.UTC(2026, 10, 21, 12)
const clock = { now: () => at }

const der = (deviceId: string, atMs: number, kw: number): Reading => ({
  deviceId,
  kind: 'der',
  at: atMs,
  receivedAt: atMs + 5,
  values: { p_actual_kw: kw, p_max_kw: 5 },
  labels: { type: 'pv' },
  quality: 'good',
})

describe('BatchWriter on PostgreSQL', () => {
  let registry: Registry
  let writer: BatchWriter

  // Before the database goes: it would be asked once more.
  after(async () => {
    await writer.close()
    await registry.close()
  })
  const test = useDatabase()

  before(async () => {
    registry = new Registry(test.database, 'register', (error) => assert.fail(String(error)))
    await registry.ready()
    await registry.contact(['pv-1', 'pv-2'].map((deviceId) => ({ deviceId, kind: 'der', feederId: 'f-1' })))
    writer = new BatchWriter(test.database, registry, new Partitions(test.database), new QuarantineBudget(1e6, clock))
  })

  it('stores what is new, once, with its batch in the log', async () => {
    const { outcome } = await writer.write({ topic: 'der', payload: [der('pv-1', at, -1), der('pv-2', at, -2)] })
    assert.deepEqual(outcome, { stored: 2, duplicates: 0, quarantined: 0 })
    const rows = await test.database.query<{ device_id: string; p_actual_kw: number }>(
      'select device_id, p_actual_kw from der_reading join device using (device_key) order by 1',
    )
    assert.deepEqual(rows, [
      { device_id: 'pv-1', p_actual_kw: -1 },
      { device_id: 'pv-2', p_actual_kw: -2 },
    ])
    const log = await test.database.query<{ readings: number }>('select readings from batch_log')
    assert.deepEqual(log, [{ readings: 2 }])
  })

  it('knows a duplicate from a conflict, within a batch too', async () => {
    const payload = [der('pv-1', at, -1), der('pv-1', at, -1.5), der('pv-1', at + 1, -3), der('pv-1', at + 1, -4)]
    const { outcome, stored } = await writer.write({ topic: 'der', payload })
    assert.deepEqual(outcome, { stored: 1, duplicates: 1, quarantined: 2 })
    assert.deepEqual(stored, [payload[2]])
    const kept = await test.database.query<{ reason: string; detail: string }>(
      'select reason, detail from quarantine order by quarantine_id',
    )
    assert.deepEqual(kept, [
      { reason: 'conflicting_duplicate', detail: 'p_actual_kw was -1, now -1.5' },
      { reason: 'conflicting_duplicate', detail: 'p_actual_kw was -3, now -4' },
    ])
  })

  it('writes at once what comes in the moment the batch before it is durable', async function () {
    this.timeout(60_000)
    for (let second = 1; second <= 20; second++)
      await writer.write({ topic: 'der', payload: [der('pv-2', at + second * 1_000, -second)] })
  })

  it('keeps samples beyond the budget for devices of ours, and one share for all that wait for approval', async () => {
    await test.database.query(
      `insert into device (device_id, kind, status) select 'stranger-' || i, 'der', 'pending' from generate_series(1, 50) i`,
    )
    const newcomers = new Registry(test.database, 'approve', (error) => assert.fail(String(error)))
    const spent = new BatchWriter(
      test.database,
      newcomers,
      new Partitions(test.database),
      new QuarantineBudget(0, clock),
    )
    await newcomers.ready()
    const payload = Array.from({ length: 50 }, (_, i) => ({
      ...{ topic: 'der/telemetry/x', payload: '{}', detail: '', receivedAt: at },
      ...{ reason: 'awaiting_approval' as const, deviceId: `stranger-${i + 1}` },
    }))
    await spent.write({ topic: 'quarantine', payload })
    await spent.close()
    await newcomers.close()
    const [counted] = await test.database.query<{ count: number; kept: number }>(
      `select sum(count)::float8 as count, sum(kept)::float8 as kept from quarantine_count where reason = 'awaiting_approval'`,
    )
    assert.deepEqual(counted, { count: 50, kept: 10 })
  })

  it('makes one commit of what gathers while another is under way', async () => {
    const commits = async () =>
      (await test.database.query<{ commits: number }>('select count(*)::integer as commits from batch_log'))[0]!.commits
    const before = await commits()
    const batches = Array.from({ length: 50 }, (_, n) => ({
      topic: 'der' as const,
      payload: [der('pv-1', at + 100 + n, -1)],
    }))
    const committed = await Promise.all(batches.map((batch) => writer.write(batch)))
    assert.ok(committed.every(({ outcome }) => outcome.stored === 1))
    assert.ok((await commits()) - before <= 3)
  })

  it('answers each batch for itself when they go together', async () => {
    const committed = await Promise.all([
      writer.write({ topic: 'der', payload: [] }),
      writer.write({ topic: 'der', payload: [der('pv-1', at, -1), der('nobody', at, 1)] }),
      writer.write({ topic: 'der', payload: [der('pv-2', at + 200, -1)] }),
    ])
    assert.deepEqual(
      committed.map(({ outcome }) => outcome),
      [
        { stored: 0, duplicates: 0, quarantined: 0 },
        { stored: 0, duplicates: 1, quarantined: 1 },
        { stored: 1, duplicates: 0, quarantined: 0 },
      ],
    )
  })

  it('finds the rows that the database refuses among thousands, and stores the others', async () => {
    const payload = Array.from({ length: 2_000 }, (_, n) => der('pv-1', at + 10_000 + n, -1))
    for (const n of [0, 999, 1_000, 1_999]) payload[n]!.values = { p_max_kw: n }
    const { outcome, stored } = await writer.write({ topic: 'der', payload })
    assert.deepEqual(outcome, { stored: 1_996, duplicates: 0, quarantined: 4 })
    assert.equal(stored.length, 1_996)
    const [counted] = await test.database.query(
      "select count::integer, kept::integer from quarantine_count where reason = 'storage_refused' and device_id = 'pv-1'",
    )
    assert.deepEqual(counted, { count: 4, kept: 4 })
  })

  it('makes the partition again that was dropped under it', async () => {
    const lastWeek = Date.now() - 7 * 86_400_000
    await writer.write({ topic: 'der', payload: [der('pv-1', lastWeek, -1)] })
    const dropped = await test.database.query(
      "select drop_partitions_before('der_reading', now() - interval '2 days', now())",
    )
    assert.ok(dropped.length > 0)
    const { outcome } = await writer.write({ topic: 'der', payload: [der('pv-1', lastWeek, -1)] })
    assert.deepEqual(outcome, { stored: 1, duplicates: 0, quarantined: 0 })
  })

  it('takes no more than it can hold, and nothing once closed', async () => {
    const full = new BatchWriter(
      test.database,
      registry,
      new Partitions(test.database),
      new QuarantineBudget(1e6, clock),
    )
    const nobodys = (items: number): Reading[] => Array.from({ length: items }, () => der('nobody', at, 1))
    const taken = [full.write({ topic: 'der', payload: nobodys(1) }), full.write({ topic: 'der', payload: nobodys(3) })]
    await assert.rejects(
      full.write({ topic: 'der', payload: nobodys(200_000) }),
      /has \d+ items waiting, at most 200000/,
    )
    await Promise.all(taken)
    const late = assert.rejects(
      Promise.all([1, 2, 3].map(() => full.write({ topic: 'der', payload: nobodys(1) }))),
      /the store is closed/,
    )
    await full.close()
    await late
    await assert.rejects(full.write({ topic: 'der', payload: [] }), /the store is closed/)
  })
})
