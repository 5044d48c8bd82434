import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { AckStatus } from '../../../platform/wire/command.ts'
import { commandsIn } from '../commands.fixture.ts'
import { begun } from '../made-command.fixture.ts'
import type { ReceivedAck } from './ack-repository.ts'
import { takeAcks } from './take-acks.ts'

const ackOf = (commandId: string, status: AckStatus, deviceId: string): ReceivedAck => ({
  deviceId,
  ack: { command_id: commandId, status, at: '2026-09-07T12:00:01Z', reason: 'so', add_cause: 2 },
  receivedAt: begun + 2_000,
})

describe('answers of devices', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const { sent, commandOf } = commandsIn(test)
  const take = (...received: ReceivedAck[]) =>
    test.database.transaction((client) => takeAcks(client, received, begun + 2_000))
  const recorded = async (commandId: string): Promise<string[]> => {
    const rows = await test.database.query<{ line: string }>(
      `select concat_ws(' ', status, device_id, reason, add_cause, changed is not null,
         round(extract(epoch from said_at) * 1000 - $2)) as line
       from command_ack where command_id = $1 order by ack_id`,
      [commandId, begun],
    )
    return rows.map(({ line }) => line)
  }

  it('change the command and are recorded, with what they changed; a repetition is recorded and changes nothing', async () => {
    const commandId = await sent({ deviceId: 'd-1' })
    const [accepted, executed, again] = await take(
      ackOf(commandId, 'accepted', 'd-1'),
      ackOf(commandId, 'executed', 'd-1'),
      ackOf(commandId, 'executed', 'd-1'),
    )
    assert.deepEqual(
      [accepted, executed, again].map((one) => one!.command?.state),
      ['accepted', 'executed', 'executed'],
    )
    assert.equal(accepted!.changed, executed!.changed)
    assert.equal(again!.changed, null)
    assert.equal((await commandOf(commandId)).executedAt, begun + 2_000)
    assert.deepEqual(await recorded(commandId), [
      ...['accepted d-1 so 2 t 1000', 'executed d-1 so 2 t 1000', 'executed d-1 so 2 f 1000'],
    ])
  })

  it('count for the device that the command was for, and for no other; of what nobody asked they say nothing', async () => {
    const commandId = await sent({ deviceId: 'd-2' })
    const nobodys = randomUUID()
    const taken = await take(ackOf(commandId, 'executed', 'd-3'), ackOf(nobodys, 'executed', 'd-2'))
    assert.deepEqual(
      taken.map(({ refused }) => refused),
      ['unknown-command', 'unknown-command'],
    )
    assert.equal((await commandOf(commandId)).state, 'dispatched')
    assert.deepEqual([await recorded(commandId), await recorded(nobodys)], [[], []])
  })

  it('hold nobody up, whatever is in them', async () => {
    const commandId = await sent({ deviceId: 'd-5' })
    const strange: ReceivedAck[] = ['------------------------------------', 'ffffffffffffffffffffffffffffffffffff'].map(
      (id) => ackOf(id, 'executed', 'd-5'),
    )
    const of = ackOf(commandId, 'accepted', 'd-5')
    const clocks = [-8.64e15, 8.64e15, 'yesterday'].map((at) => ({ ...of, ack: { ...of.ack, at } }))
    const taken = await take(...strange, ...clocks)
    assert.deepEqual(
      taken.map(({ refused }) => refused),
      ['unknown-command', 'unknown-command', null, null, null],
    )
    const noInstant = 'accepted d-5 so 2'
    assert.deepEqual(await recorded(commandId), [`${noInstant} t`, `${noInstant} f`, `${noInstant} f`])
  })

  it('fill no disk: of a command so many that change nothing are recorded, and what changes it always', async () => {
    const commandId = await sent({ deviceId: 'd-4' })
    await take(...Array.from({ length: 600 }, () => ackOf(commandId, 'selected', 'd-4')))
    await take(ackOf(commandId, 'selected', 'd-4'), ackOf(commandId, 'executed', 'd-4'))
    const lines = await recorded(commandId)
    assert.ok(lines.length <= 601)
    assert.match(lines.at(-1)!, /^executed d-4 so 2 t/)
    assert.match(lines.at(-2)!, /^selected/)
  })

  it('are kept as they are', async () => {
    await assert.rejects(test.database.query('update command_ack set status = $1', ['rejected']), /permission denied/)
    await assert.rejects(test.database.query('delete from command_transition'), /permission denied/)
  })
})
