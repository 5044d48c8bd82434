import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { afterEach, describe, it } from 'mocha'
import { openCommands } from '../../../platform/http/health.ts'
import { Hub } from '../../../platform/live/hub.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { LiveCommand } from '../../../platform/wire/live-command.ts'
import { changeCommands, type CommandAct } from '../keeper/change-commands.ts'
import { aMadeCommand, begun } from '../made-command.fixture.ts'
import { LiveCommands } from './live-commands.ts'
import { newestChange, shownCommands } from './live-repository.ts'

describe('commands on the live stream', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let live: LiveCommands | undefined
  afterEach(() => live?.close())

  async function make(deviceId: string, now = begun): Promise<string> {
    const made = aMadeCommand({ deviceId, requestReason: 'test' })
    await test.database.transaction((client) => changeCommands(client, [{ made, by: { username: 'ana' } }], now))
    return made.commandId
  }
  const happen = (commandId: string, event: CommandAct['event'], now = begun) =>
    test.database.transaction((client) => changeCommands(client, [{ commandId, event, by: null }], now))

  it('stand there from their request until ten minutes after their end, by the published schema', async () => {
    await test.database.query(
      `insert into device (device_id, kind, status, first_seen_at) values ('meter-1', 'meter', 'active', to_timestamp(0))`,
    )
    await test.database.query(`insert into consumer_unit (unit_id, nominal_voltage_v) values ('unit-1', 220)`)
    await test.database.query(
      `insert into meter_assignment (unit_id, device_key, validity) select 'unit-1', device_key, '[2000-01-01,)' from device`,
    )
    const [commandId, other] = [await make('sw-1'), await make('meter-1')]
    const hub = new Hub()
    let now = begun
    live = new LiveCommands(test.database, {
      ...{ hub, clock: { now: () => now }, clockIsSet: () => true },
      report: (error) => assert.fail(error as Error),
    })
    const shown = () => hub.get('commands', commandId)
    await waitUntil('both', () => shown() !== undefined && hub.get('commands', other) !== undefined)
    const valid = addFormats.default(new Ajv({ strict: false })).compile(LiveCommand)
    assert.ok(valid(shown()), JSON.stringify(valid.errors))
    assert.deepEqual([shown()!.state, shown()!.ofUnit, hub.get('commands', other)!.ofUnit], ['queued', false, true])
    assert.deepEqual([shown()!.requestedBy, shown()!.reason], ['ana', 'test'])
    assert.deepEqual([openCommands()!['queued'], openCommands()!['unknown']], [2, 0])
    await happen(commandId, { kind: 'dispatching', controlNumber: 1 })
    await waitUntil('its dispatch', () => shown()!.state === 'dispatched' && shown()!.isInFlight)
    assert.deepEqual([openCommands()!['queued'], openCommands()!['dispatched']], [1, 1])
    await happen(commandId, { kind: 'answered', status: 'rejected', reason: 'in local' })
    await waitUntil('its end', () => shown()!.state === 'rejected')
    assert.match(shown()!.stateReason!, /in local/)
    now += 600_001
    await happen(other, { kind: 'cancelled', reason: 'no' }, now)
    await waitUntil('that it is gone', () => shown() === undefined)
    assert.equal(hub.get('commands', other)!.state, 'cancelled')
  })

  it('are the newest ones, where there are more than are shown', async () => {
    const ids = [await make('sw-7', begun + 1), await make('sw-8', begun + 2), await make('sw-9', begun + 3)]
    assert.ok((await newestChange(test.database)) >= 3)
    const rows = await shownCommands(test.database, begun + 1, begun + 9, { open: 2, ended: 0 })
    assert.deepEqual(rows.map(({ commandId }) => commandId).toSorted(), ids.slice(1).toSorted())
  })
})
