import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'mocha'
import { Client } from 'pg'
import type { CommandType } from '../../../platform/wire/command.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { forbidding, forbiddingDispatch } from './forbidding.ts'
import { lockSwitching } from '../tags/tag-repository.ts'
import { buildSwitchedField, say, sayAllIsNormal, tuesday } from './switching.fixture.ts'

describe('what forbids a command, of all that is stored', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(() => buildSwitchedField(test.database))
  beforeEach(async () => {
    await test.database.query('delete from switch_reading')
    await test.database.query('delete from switch_operation')
    await sayAllIsNormal(test.database)
  })
  const intended = (type: CommandType, deviceId: string, args = {}) => ({ deviceId, type, args })
  const namesOf = async (type: CommandType, deviceId: string, args = {}, now = tuesday) =>
    (await forbidding(test.database, intended(type, deviceId, args), now)).map(({ interlock }) => interlock)

  it('nothing forbids to open and close a section switch that stands as it does normally', async () => {
    assert.deepEqual(await namesOf('open', 'sw-b'), [])
    await say(test.database, 'sw-b', { at: tuesday + 1_000, position: 'open' })
    assert.deepEqual(await namesOf('close', 'sw-b'), [])
  })

  it('to close the tie puts two sources in parallel, and to close it onto a dead section does not', async () => {
    assert.deepEqual(await namesOf('close', 'tie'), ['paralleling-sources'])
    await say(test.database, 'sw-b', { at: tuesday + 1_000, position: 'open' })
    assert.deepEqual(await namesOf('close', 'tie'), [])
  })

  it('of two commands that together would put sources in parallel the second is forbidden', async () => {
    for (const id of ['sw-b', 'tie']) await say(test.database, id, { at: tuesday + 1_000, position: 'open' })
    const both = await forbiddingDispatch(test.database, [intended('close', 'tie'), intended('close', 'sw-b')], tuesday)
    assert.deepEqual(
      both.map((each) => each.map(({ interlock }) => interlock)),
      [[], ['paralleling-sources']],
    )
  })

  it('the registry says which units are protected, and nobody else is', async () => {
    const disconnect = () => namesOf('disconnect', 'm-1', { reason: 'non_payment' })
    assert.deepEqual(await disconnect(), [])
    for (const [service, expected] of [
      ['life_support', ['protected-unit']],
      ['safety', ['protected-unit']],
      ['essential', []],
    ] as const) {
      await test.database.query(
        `insert into unit_service values ('u-1', $1) on conflict (unit_id) do update set service = excluded.service`,
        [service],
      )
      assert.deepEqual(await disconnect(), expected, service)
    }
    assert.deepEqual(await namesOf('disconnect', 'm-1', { reason: 'non_payment' }, tuesday + 3 * 86_400_000), [
      'non-payment-day',
    ])
    assert.deepEqual(await namesOf('disconnect', 'm-9', { reason: 'request' }), ['place-unknown'])
  })

  it('an earth switch that a person said was closed is closed, until it says itself that it is open', async () => {
    for (const id of ['es-a2', 'sw-a'])
      await say(test.database, id, { at: tuesday + 1_000, position: 'open', recloseBlocked: true })
    await test.database.query(
      `insert into switch_operation (switch_id, at, closed, source, reference)
       values ('es-a2', to_timestamp($1::float8 / 1000), 'ABC', 'person', '1')`,
      [tuesday + 2_000],
    )
    assert.deepEqual(await namesOf('close', 'sw-a'), ['earth-switch-closed'])
    await say(test.database, 'es-a2', { at: tuesday + 3_000, position: 'open' })
    assert.deepEqual(await namesOf('close', 'sw-a'), [])
    assert.deepEqual(await namesOf('close', 'es-a2'), [])
    assert.deepEqual(await namesOf('close', 'es-b1'), ['earthing-live-section'])
  })

  it('what is being closed by a command counts as closed', async () => {
    for (const id of ['sw-b', 'tie']) await say(test.database, id, { at: tuesday + 1_000, position: 'open' })
    await test.database.query(
      `insert into command (command_id, device_id, type, args, body_hash, plan, capabilities, requested_by, state, requested_at,
         expires_at, state_since, in_flight, changed)
       values (gen_random_uuid(), 'tie', 'close', '{}', '', '{}', '{}', 'x', 'unknown', to_timestamp(0), to_timestamp(0),
         to_timestamp(0), true, 1)`,
    )
    assert.deepEqual(await namesOf('close', 'sw-b'), ['paralleling-sources'])
    await test.database.query('update command set in_flight = false')
    assert.deepEqual(await namesOf('close', 'sw-b'), [])
  })

  it('the roll-ups’ last word of a switch elsewhere counts however old it is', async () => {
    await test.database.query(
      `delete from switch_reading using device d where d.device_key = switch_reading.device_key and d.device_id = 'sw-b'`,
    )
    await test.database.query(
      `insert into latest_reading select device_key, 'switch', to_timestamp(0), to_timestamp(0), 'good', null,
         '{"position": "open", "mode": "remote"}' from device where device_id = 'sw-b'`,
    )
    assert.deepEqual(await namesOf('close', 'tie'), [])
  })

  it('what is dispatched waits for who places a tag, and nobody waits who only asks', async () => {
    const client = new Client(test.login)
    await client.connect()
    try {
      await client.query('begin')
      await lockSwitching(queriesOf(client as never))
      assert.deepEqual(await namesOf('open', 'sw-b'), [])
      let done = false
      const dispatch = test.database.transaction(async (other) => {
        await forbiddingDispatch(queriesOf(other), [intended('open', 'sw-b')], tuesday)
        done = true
      })
      await waitUntil('it to wait', async () => {
        const waiting = await test.database.query(`select from pg_locks where locktype = 'advisory' and not granted`)
        return waiting.length > 0
      })
      assert.equal(done, false)
      await client.query('commit')
      await dispatch
    } finally {
      await client.end()
    }
  })
})
