import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { begun, plainPlan } from '../made-command.fixture.ts'
import { useDispatch } from './dispatching.fixture.ts'

const weak = { ledger: false, expiry: false, select: false, clock: false, signature: false }

describe('a device that returns', function () {
  this.timeout(60_000)
  const test = useDispatch()
  let presenceAt = begun
  before(() =>
    test.database.query(`insert into device (device_id, status) values ('sw-1', 'active'), ('sw-last', 'active')`),
  )
  beforeEach(() => comes(true))

  async function comes(online: boolean): Promise<void> {
    await test.database.query(
      `insert into device_presence (device_key, online, at, received_at)
       select device_key, $1, at, at from to_timestamp($2::float8 / 1000) at, device where device_id = 'sw-1'
       on conflict (device_key) do update set online = excluded.online, at = excluded.at, received_at = excluded.received_at`,
      [online, (presenceAt += 1_000)],
    )
  }
  const phases = (): string[] => test.heard.flatMap(({ deviceId, phase }) => (deviceId === 'sw-1' ? [phase] : []))
  async function nothingElseIsSent(): Promise<void> {
    const before = phases()
    await test.stands(await test.make({ deviceId: `sw-last-${test.heard.length}` }), 'delivered')
    assert.deepEqual(phases(), before)
  }

  it('is told again at once what it has not answered, once for each return', async () => {
    test.start()
    await test.stands(await test.make(), 'delivered')
    await nothingElseIsSent()
    await comes(false)
    await nothingElseIsSent()
    await comes(true)
    await waitUntil('a second attempt', () => phases().length === 2)
    await nothingElseIsSent()
    assert.deepEqual(phases(), ['operate', 'operate'])
  })

  it('is asked at once what nobody knows the end of, and not only when it is time', async () => {
    test.start()
    const plan = { ...plainPlan, mostAttempts: 1 }
    const commandId = await test.make({ plan })
    test.now = (await test.stands(commandId, 'delivered')).dueAt!
    await test.happen(commandId, { kind: 'due' })
    await waitUntil('a question', () => phases().length === 2)
    await nothingElseIsSent()
    await comes(false)
    await comes(true)
    await waitUntil('another question', () => phases().length === 3)
    await nothingElseIsSent()
    assert.deepEqual(phases(), ['operate', 'query', 'query'])
  })

  it('is asked what it was told to do as often as may be', async () => {
    test.start()
    await test.stands(await test.make({ plan: { ...plainPlan, mostAttempts: 1 } }), 'delivered')
    await comes(true)
    await waitUntil('a question', () => phases().length === 2)
    await nothingElseIsSent()
    assert.deepEqual(phases(), ['operate', 'query'])
  })

  it('without a ledger is told when it is back, for it is told once', async () => {
    await comes(false)
    test.start()
    const commandId = await test.make({ capabilities: weak })
    await nothingElseIsSent()
    assert.equal((await test.of(commandId)).state, 'queued')
    await comes(true)
    await waitUntil('the attempt', () => phases().length === 1)
  })

  it('without a ledger is told where it was heard since it was said to be offline: its clock may be behind', async () => {
    await comes(false)
    await test.database.query(
      `insert into latest_reading (device_key, kind, at, received_at, quality, measures)
       select device_key, 'switch', to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000), 'good', '{}'
       from device where device_id = 'sw-1'`,
      [presenceAt + 1],
    )
    test.start()
    await test.make({ capabilities: weak })
    await waitUntil('the attempt', () => phases().length === 1)
    await test.database.query('delete from latest_reading')
  })

  it('without a ledger is neither told nor asked again', async () => {
    test.start()
    await test.make({ capabilities: weak })
    await waitUntil('an attempt', () => phases().length === 1)
    await comes(false)
    await comes(true)
    await nothingElseIsSent()
    assert.deepEqual(phases(), ['operate'])
  })
})
