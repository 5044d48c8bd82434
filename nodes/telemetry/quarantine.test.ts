import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import type { FlowNode, TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import {
  batteryBody,
  meterBody,
  openBatch,
  probe,
  registryOf,
  startTelemetry,
  store,
  tinker,
  validate,
} from './telemetry-flow.fixture.ts'

/** An approval of something. @returns its number */
async function approvalIn({ database }: ReturnType<typeof useDatabase>): Promise<number> {
  const [row] = await database.query<{ id: number }>(
    `insert into approval (kind, body, body_hash, evidence, effect, proposed_by, proposed_by_id, proposed_at, expires_at)
     values ('telemetry/replay', '{}', repeat('0', 64), 'x', '{}', 'engineer', 1, '2026-11-21', '2026-11-22')
     returning approval_id::float8 as id`,
  )
  return row!.id
}

const quarantineNode = (action = 'list'): FlowNode => ({
  ...{ id: 'quarantine', type: 'linhaviva-quarantine', database: 'db', action, wires: [['answer'], ['validate']] },
})

interface Entry {
  id: number
  reason: string
  deviceId: string
  topic: string
  detail: string
  payload: string
  replayedAt: number | null
}

describe('quarantine', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let flow: TestFlow

  before(() => (process.env['FIRST_CONTACT'] = 'approve'))
  after(() => delete process.env['FIRST_CONTACT'])
  afterEach(() => flow.stop())

  /** Field → validate → store, and what was refused again through quarantine. */
  const start = (code?: string): Promise<void> =>
    startTelemetry(test.login, [
      quarantineNode(),
      validate([code === undefined ? 'store' : 'tinker'], ['store']),
      ...(code === undefined ? [] : [tinker(code, ['store'])]),
      store(['stored']),
      ...[probe('answer'), probe('stored')],
    ]).then((started) => void (flow = started))

  async function ask<T>(payload: object): Promise<T> {
    const before = flow.received('answer').length
    flow.send('quarantine', { payload })
    await waitUntil('the answer', () => flow.received('answer').length > before)
    return flow.received('answer').at(-1)!.payload as T
  }
  async function publish(topic: string, payload: unknown) {
    const { batchId, settled } = openBatch()
    flow.send('validate', { topic, payload, batchId })
    return settled()
  }
  const counts = () => ask<{ reason: string; count: number; kept: number }[]>({ action: 'count' })
  const countOf = async (reason: string) => (await counts()).find((one) => one.reason === reason)?.count ?? 0
  const approve = async (deviceId: string) => {
    await registryOf(flow).approve([deviceId])
    await waitUntil('the approval', () => registryOf(flow).find(deviceId)?.status === 'active')
  }
  const readings = async (deviceId: string) =>
    test.database.query(
      'select p_actual_kw as kw from der_reading join device using (device_key) where device_id = $1',
      [deviceId],
    )

  it('holds what an unknown device sends, and stores all of it once the device is approved', async () => {
    await start()
    const now = Date.now()
    for (const kw of [1, 2, 3]) {
      const outcome = await publish('der/telemetry/battery-1', batteryBody('battery-1', now + kw, kw))
      assert.deepEqual(outcome, { stored: 0, duplicates: 0, quarantined: 1 })
    }
    assert.equal(await countOf('awaiting_approval'), 3)
    await approve('battery-1')
    assert.deepEqual(await ask({ action: 'replay', reason: 'awaiting_approval' }), {
      found: 3,
      replayed: 3,
      waitingForApproval: 0,
    })
    assert.deepEqual(await readings('battery-1'), [{ kw: 1 }, { kw: 2 }, { kw: 3 }])
    assert.ok((await ask<Entry[]>({ action: 'list' })).every(({ replayedAt }) => replayedAt !== null))
    assert.deepEqual(await ask({ action: 'replay' }), { found: 0, replayed: 0, waitingForApproval: 0 })
    assert.equal(await countOf('awaiting_approval'), 3)
  })

  it('lists the newest first, by reason and device, with the payload as it came', async () => {
    await start()
    await publish('der/telemetry/battery-2', '{"deviceId": broken')
    await publish('der/telemetry/battery-2', { deviceId: 'battery-2' })
    await publish('weather/today', 'sunny')
    const all = await ask<Entry[]>({ action: 'list' })
    assert.deepEqual(
      all.slice(0, 3).map(({ reason }) => reason),
      ['bad_topic', 'missing_field', 'bad_json'],
    )
    assert.equal(all[2]!.payload, '{"deviceId": broken')
    const [only, ...others] = await ask<Entry[]>({ deviceId: 'battery-2', reason: 'missing_field' })
    assert.deepEqual([only!.topic, others.length], ['der/telemetry/battery-2', 0])
    assert.equal((await ask<Entry[]>({ limit: 1 })).length, 1)
  })

  it("leaves alone what the regulator's indicators rest on, and says how much of it waits for an approval", async () => {
    await start()
    await publish('grid/meters/meter-9/readings', meterBody('meter-9', Date.now(), 127))
    await approve('meter-9')
    assert.deepEqual(await ask({ action: 'replay', deviceId: 'meter-9' }), {
      found: 0,
      replayed: 0,
      waitingForApproval: 1,
    })
    await test.database.query('update quarantine set replay_approval_id = $1', [await approvalIn(test)])
    assert.deepEqual(await ask({ action: 'replay', deviceId: 'meter-9' }), {
      found: 1,
      replayed: 1,
      waitingForApproval: 0,
    })
  })

  it('puts what fails again back, with the new reason, and counts both', async () => {
    await start()
    const before = { awaiting: await countOf('awaiting_approval'), rejected: await countOf('device_rejected') }
    await publish('der/telemetry/battery-3', batteryBody('battery-3', Date.now(), 1))
    await registryOf(flow).reject(['battery-3'])
    await waitUntil('the decision', () => registryOf(flow).find('battery-3')?.status === 'rejected')
    assert.deepEqual(await ask({ action: 'replay', reason: 'awaiting_approval' }), {
      found: 1,
      replayed: 1,
      waitingForApproval: 0,
    })
    assert.equal(await countOf('awaiting_approval'), before.awaiting + 1)
    assert.equal(await countOf('device_rejected'), before.rejected + 1)
    const entries = await ask<Entry[]>({ deviceId: 'battery-3' })
    assert.deepEqual(
      entries.map(({ reason, replayedAt }) => [reason, replayedAt !== null]),
      [
        ['device_rejected', false],
        ['awaiting_approval', true],
      ],
    )
  })

  it('takes back what the store refused, in the form in which it travelled', async () => {
    await start()
    const at = Date.now()
    await publish('der/telemetry/battery-4', batteryBody('battery-4', at, 1))
    await approve('battery-4')
    assert.deepEqual(await publish('der/telemetry/battery-4', batteryBody('battery-4', at, 5)), {
      ...{ stored: 1, duplicates: 0, quarantined: 0 },
    })
    // The first of them was another value of the same instant: in conflict by now.
    assert.deepEqual(await ask({ action: 'replay', deviceId: 'battery-4' }), {
      found: 1,
      replayed: 1,
      waitingForApproval: 0,
    })
    const [conflict] = await ask<Entry[]>({ reason: 'conflicting_duplicate' })
    assert.deepEqual([conflict!.topic, conflict!.detail], ['der', 'p_actual_kw was 5, now 1'])
    assert.deepEqual(await ask({ action: 'replay', reason: 'conflicting_duplicate' }), {
      found: 1,
      replayed: 1,
      waitingForApproval: 0,
    })
    assert.equal(await countOf('conflicting_duplicate'), 2)
    assert.deepEqual(await readings('battery-4'), [{ kw: 5 }])
    assert.deepEqual(flow.errors(), [])
  })

  it('replays every kind of wreck that a function node leaves, without an error', async () => {
    await start('if (msg.batchId) msg.payload = [null, { ...msg.payload[0], values: {} }, 7n, "text"]; return msg')
    await publish('der/telemetry/battery-5', batteryBody('battery-5', Date.now(), 1))
    await approve('battery-5')
    const outcome = await publish('der/telemetry/battery-5', batteryBody('battery-5', Date.now(), 1))
    assert.deepEqual(outcome, { stored: 0, duplicates: 0, quarantined: 4 })
    const { found, replayed } = await ask<{ found: number; replayed: number }>({
      action: 'replay',
      reason: 'storage_refused',
    })
    assert.deepEqual([found, replayed], [4, 4])
    assert.deepEqual(flow.errors(), [])
  })

  it('keeps bytes that are no text as they came, and does not make good ones of them at replay', async () => {
    await start()
    const broken = Buffer.concat([
      Buffer.from(JSON.stringify(batteryBody('battery-5', Date.now(), 9)).slice(0, -1)),
      Buffer.from(',"note":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ])
    const { quarantined } = await publish('der/telemetry/battery-5', broken)
    assert.equal(quarantined, 1)
    const before = await countOf('bad_json')
    await ask({ action: 'replay', reason: 'bad_json' })
    assert.equal(
      (await readings('battery-5')).some((row) => row['kw'] === 9),
      false,
    )
    assert.ok((await countOf('bad_json')) > before)
  })

  for (const [payload, fault] of [
    [{ action: 'delete' }, 'action is "delete": it takes list, count, replay'],
    [{ reason: 'because' }, 'reason is "because", none of the reason codes'],
    [{ deviceId: 7 }, 'deviceId is 7, not a text'],
    [{ limit: 0 }, 'limit is 0: it takes a whole number from 1 to 10000'],
    [{ limit: '10' }, 'limit is "10": it takes a whole number from 1 to 10000'],
  ] as const) {
    it(`refuses ${JSON.stringify(payload)}, by field and value`, async () => {
      await start()
      flow.send('quarantine', { payload })
      await waitUntil('the error', () => flow.errors().length === 1)
      assert.deepEqual(flow.errors(), [`TypeError: ${fault}`])
    })
  }

  it('says that the database is away, and answers when it is back', async () => {
    flow = await startTelemetry({ ...test.login, port: 1 }, [quarantineNode(), validate([]), probe('answer')])
    flow.send('quarantine', { payload: {} })
    await waitUntil('the error', () => flow.errors().length === 1)
    assert.match(flow.errors()[0]!, /^DatabaseUnavailable: /)
  })
})
