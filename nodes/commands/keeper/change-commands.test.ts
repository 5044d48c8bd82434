import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'mocha'
import { Database } from '../../../platform/storage/database.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { aMadeCommand, begun } from '../made-command.fixture.ts'
import type { CommandEvent } from '../domain/command.ts'
import { changeCommands, type CommandChange } from './change-commands.ts'
import { commandById } from './command-repository.ts'

const by = { username: 'ana' }

describe('changing commands', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const change = (changes: readonly CommandChange[], now = begun) =>
    test.database.transaction((client) => changeCommands(client, changes, now))
  const make = async (of: Parameters<typeof aMadeCommand>[0] = {}): Promise<string> => {
    const made = aMadeCommand(of)
    await change([{ made, by }])
    return made.commandId
  }
  const happen = async (commandId: string, event: CommandEvent, now = begun) =>
    (await change([{ commandId, event, by: null }], now))[0]!

  it('keeps a command as it was made, and each step of its life', async () => {
    const made = aMadeCommand({ feederId: 'f-1', requestReason: 'works' })
    const [done] = await change([{ made, by }])
    const kept = await commandById(test.database, made.commandId)
    assert.deepEqual(kept, done!.command)
    assert.deepEqual(kept, { ...kept, ...made, state: 'queued', requestedBy: 'ana', sendAt: begun })
    const sent = await happen(made.commandId, { kind: 'dispatching', controlNumber: 1_000_000_001 }, begun + 5)
    assert.deepEqual(await commandById(test.database, made.commandId), sent.command)
    await happen(made.commandId, { kind: 'answered', status: 'executed', reason: 'ok' }, begun + 9)
    const steps = await test.database.query(
      `select concat_ws(' ', from_state, to_state, cause, username, reason, extract(epoch from at) * 1000 - $2) as line
       from command_transition where command_id = $1 order by changed, ordinal`,
      [made.commandId, begun],
    )
    assert.deepEqual(
      steps.map(({ line }) => (line as string).replace(/\.0+$/, '')),
      ['queued requested ana works 0', 'queued dispatched dispatching 5', 'dispatched executed executed ok 9'],
    )
  })

  it('refuses what is not there, and takes no number where nothing changes', async () => {
    const progress = async () => (await test.database.query('select changed from command_progress'))[0]
    const commandId = await make()
    const before = await progress()
    assert.equal((await happen(randomUUID(), { kind: 'cancelled' })).refused, 'unknown-command')
    const heard = await happen(commandId, { kind: 'answered', status: 'failed' })
    assert.deepEqual([heard.refused, heard.changed, heard.command?.state], [null, null, 'queued'])
    assert.deepEqual(await progress(), before)
  })

  it('lets a newer command come in the place of one that was not sent', async () => {
    const commandId = await make()
    const made = aMadeCommand()
    await change([
      { made, by },
      { commandId, event: { kind: 'superseded', by: made.commandId }, by },
    ])
    const kept = await commandById(test.database, commandId)
    assert.deepEqual([kept?.state, kept?.supersededBy, kept?.sendAt], ['superseded', made.commandId, null])
  })

  it('sends one command of a device at a time, whoever sends them', async () => {
    const [first, second, third] = [await make(), await make(), await make({ deviceId: 'other' })]
    const send = (commandId: string): CommandChange => ({
      ...{ commandId, by: null },
      event: { kind: 'dispatching', controlNumber: 1 },
    })
    const together = await Promise.all([
      change([send(first!)]),
      change([{ ...send(second!), by }]),
      change([send(third!)]),
    ])
    const refusals = together.map(([done]) => done!.refused)
    assert.deepEqual(
      refusals.slice(0, 2).filter((refused) => refused !== null),
      ['device-busy'],
    )
    assert.equal(refusals[2], null)
    const [lost, won] = refusals[0] === null ? [second!, first!] : [first!, second!]
    const numbered = { kind: 'dispatching', controlNumber: 2 } as const
    assert.equal((await happen(lost, numbered)).refused, 'device-busy')
    // Beside its end, in one transaction.
    const both = await change([
      { commandId: won, event: { kind: 'answered', status: 'rejected' }, by: null },
      { commandId: lost, event: numbered, by: null },
    ])
    assert.deepEqual(
      both.map(({ command }) => command?.state),
      ['rejected', 'dispatched'],
    )
  })

  it('never waits in a circle, in whatever order commands are named, by whomever', async () => {
    const other = new Database(test.login)
    await other.ready()
    try {
      const ids = await Promise.all(Array.from({ length: 8 }, (_, index) => make({ deviceId: `race-${index}` })))
      const events: readonly CommandEvent[] = [
        { kind: 'dispatching', controlNumber: 1 },
        { kind: 'delivered' },
        { kind: 'answered', status: 'accepted' },
        { kind: 'due' },
      ]
      for (let round = 0; round < 10; round++)
        await Promise.all(
          [ids, ids.toReversed(), [...ids.slice(3), ...ids.slice(0, 3)], ids.toSpliced(2, 3)].map((order, index) =>
            (index % 2 === 0 ? test.database : other).transaction((client) =>
              changeCommands(
                client,
                order.map((commandId) => ({ commandId, event: events[(round + index) % events.length]!, by: null })),
                begun + round,
              ),
            ),
          ),
        )
      for (const commandId of ids) {
        const { attempts, plan } = (await commandById(test.database, commandId))!
        assert.ok(attempts >= 1 && attempts <= plan.mostAttempts)
      }
    } finally {
      await other.close()
    }
  })
})
