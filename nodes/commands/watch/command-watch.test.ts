import assert from 'node:assert/strict'
import { afterEach, before, describe, it } from 'mocha'
import { provideStandingConditions } from '../../../platform/conditions/standing-conditions.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import { noteListener } from '../acks/listener-repository.ts'
import { changeCommands, type CommandAct } from '../keeper/change-commands.ts'
import { aMadeCommand, begun } from '../made-command.fixture.ts'
import { CommandWatch } from './command-watch.ts'
import { countOpen, failedCommands, followedSetpoints, sentSince, unknownCommands } from './watch-repository.ts'

const minuteMs = 60_000

describe('the watch over commands', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let watch: CommandWatch | undefined
  let withdraw: (() => void) | undefined
  let now = begun
  afterEach(async () => {
    await watch?.close()
    withdraw?.()
  })
  before(() =>
    test.database.query(
      `insert into device (device_id, kind, der_type, status, rated_kw, first_seen_at)
       values ('bat-1', 'der', 'battery', 'active', 5, to_timestamp(0))`,
    ),
  )

  async function sent(deviceId: string, at = begun): Promise<string> {
    const made = aMadeCommand({ deviceId, expiresAt: at + 600_000 })
    const { commandId } = made
    await test.database.transaction((client) => changeCommands(client, [{ made, by: { username: 'ana' } }], at))
    await happen(commandId, { kind: 'dispatching', controlNumber: ++numbers }, at)
    return commandId
  }
  let numbers = 0
  const happen = (commandId: string, event: CommandAct['event'], at = begun) =>
    test.database.transaction((client) => changeCommands(client, [{ commandId, event, by: null }], at))
  function start(): string[] {
    const said: string[] = []
    watch = new CommandWatch(test.database, {
      ...{ clock: { now: () => now }, clockIsSet: () => true },
      conditions: (conditions) => said.push(...conditions.map(({ key, state }) => `${key} ${state}`)),
      progress: async () => undefined,
      report: (error) => assert.fail(error as Error),
    })
    return said
  }

  it('reads what is open, unknown, and came to nothing', async () => {
    const failing = await sent('sw-1')
    await happen(failing, { kind: 'answered', status: 'failed' }, begun + 1)
    assert.deepEqual(
      (await failedCommands(test.database, begun, 9)).map(({ commandId }) => commandId),
      [failing],
    )
    // One that is taken back says nothing of the device, and one that comes to something does.
    const well = await sent('sw-1', begun + 2)
    assert.equal((await failedCommands(test.database, begun, 9)).length, 1)
    assert.equal(await sentSince(test.database), begun + 2)
    await happen(well, { kind: 'answered', status: 'executed' }, begun + 3)
    assert.deepEqual(await failedCommands(test.database, begun, 9), [])
    assert.deepEqual(await countOpen(test.database), { open: 0, unknown: 0 })
    assert.equal(await sentSince(test.database), null)
  })

  it('says what is amiss, takes it back, and what ended while nothing ran too', async () => {
    const standing: Condition = {
      ...{ key: 'commands/command-unknown/sw-9', area: 'commands', kind: 'command-unknown', subject: 'sw-9' },
      ...{ state: 'active', at: begun, priority: 'high', deviceId: 'sw-9' },
      text: { message: 'commands.command-unknown', parameters: { device: 'sw-9', command: 'open' } },
    }
    withdraw = provideStandingConditions(async () => [standing])
    const commandId = await sent('sw-2')
    await happen(commandId, { kind: 'due' }, begun + 60 * minuteMs)
    assert.equal((await unknownCommands(test.database, 9)).length, 1)
    await noteListener(test.database, 'node', Date.now())
    const said = start()
    await waitUntil('both', () => said.length === 2)
    assert.deepEqual(said, ['commands/command-unknown/sw-9 normal', 'commands/command-unknown/sw-2 active'])
    await happen(commandId, { kind: 'released', as: 'reconciled_not_done', reason: 'looked' })
    await waitUntil('its end', () => said.includes('commands/command-unknown/sw-2 normal'))
  })

  it('says that a device ignores its setpoint, once the broker has it', async () => {
    now = begun + 10 * minuteMs
    await test.database.query(
      `insert into desired_setpoint (device_id, power_kw, expires_at, requested_at, changed, published)
       values ('bat-1', 2, to_timestamp($1::float8 / 1000), to_timestamp($2::float8 / 1000), 1, null)`,
      [now + minuteMs, begun],
    )
    await test.database.query(
      `insert into latest_reading (device_key, kind, at, received_at, quality, power_kw, measures)
       select device_key, 'der', to_timestamp($1::float8 / 1000), to_timestamp($1::float8 / 1000), 'good', 4.5, '{"p_setpoint_kw": 2}'
       from device`,
      [now],
    )
    assert.deepEqual(await followedSetpoints(test.database, 9), [])
    await test.database.query('update desired_setpoint set published = changed')
    const [followed] = await followedSetpoints(test.database, 9)
    assert.deepEqual([followed!.powerKw, followed!.followsKw, followed!.at], [4.5, 2, now])
    const said = start()
    await waitUntil('the condition', () => said.includes('commands/setpoint-ignored/bat-1 active'))
  })
})
