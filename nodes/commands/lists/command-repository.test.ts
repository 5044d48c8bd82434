import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { changeCommands } from '../keeper/change-commands.ts'
import { aMadeCommand, begun, fullCapabilities, plainPlan } from '../made-command.fixture.ts'
import { acksOf, findCommand, listCommands, transitionsOf, type CommandFilter } from './command-repository.ts'

const all: CommandFilter = {
  ...{ deviceId: null, feederId: null, types: null, states: null, inFlight: null, requestedBy: null },
  ...{ since: null, until: null },
}

describe('what is listed of commands', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const ids: string[] = []
  before(async () => {
    const changes = Array.from({ length: 5 }, () => ({ made: aMadeCommand(), by: { username: 'ana' } }))
    ids.push(...changes.map(({ made }) => made.commandId))
    await test.database.transaction((client) => changeCommands(client, changes, begun))
  })

  it('those of one instant follow by their ids, on any page', async () => {
    const found = await listCommands(test.database, all, { after: undefined, limit: 10 })
    assert.deepEqual(
      found.map(({ commandId }) => commandId),
      ids.toSorted(),
    )
    const { requestedAt, commandId } = found[2]!
    const next = await listCommands(test.database, all, { after: { requestedAt, commandId }, limit: 10 })
    assert.deepEqual(
      next.map(({ commandId }) => commandId),
      ids.toSorted().slice(3),
    )
  })

  it('one has what it was accepted with', async () => {
    const command = (await findCommand(test.database, ids[0]!))!
    assert.deepEqual([command.plan, command.capabilities], [plainPlan, fullCapabilities])
    assert.deepEqual([command.requestedAt, command.expiresAt], [begun, begun + 600_000])
    assert.equal(await findCommand(test.database, crypto.randomUUID()), undefined)
  })

  it('a device that answers on and on fills no page', async () => {
    const answer = `insert into command_ack (command_id, device_id, status, received_at)
      select $1, 'sw-1', 'accepted', to_timestamp(n) from generate_series(1, 5) n`
    await test.database.query(answer, [ids[0]])
    const acks = await acksOf(test.database, ids[0]!, 3)
    assert.deepEqual(
      acks.map(({ receivedAt }) => receivedAt),
      [1_000, 2_000, 3_000],
    )
    assert.equal((await transitionsOf(test.database, ids[0]!)).length, 1)
  })
})
