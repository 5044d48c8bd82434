import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { commandsIn } from '../commands.fixture.ts'
import { begun } from '../made-command.fixture.ts'
import { commandChanges, commandChangesFromNowOn } from './command-log.ts'
import { stepsAfter } from './log-repository.ts'

describe('the log of commands', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const { make, happen } = commandsIn(test)
  const after = (position: number, most: number, log = commandChanges) =>
    test.database.transaction((client) => log.after(client, position, most))

  it('has each transaction that changed commands, with all its transitions, in their order', async () => {
    const plan = { needsApproval: true, needsSelect: false, needsVerification: false }
    const times = { mostAttempts: 1, answerWithinMs: 1_000, verifyWithinMs: 1_000 }
    const commandId = await make({ deviceId: 'l-1', feederId: 'f-1', plan: { ...plan, ...times } })
    await happen(commandId, { kind: 'approved', reason: 'seen' }, begun + 1, { username: 'bia' })
    await happen(commandId, { kind: 'dispatching', controlNumber: 1 }, begun + 2)
    const all = await after(0, 100)
    assert.deepEqual(
      all.map(({ transitions }) => transitions),
      [1, 2, 1],
    )
    // Two would be cut in half: it comes whole.
    const some = await after(0, 2)
    assert.deepEqual(some, all.slice(0, 2))
    assert.equal(commandChanges.sizeOf(some[1]!).items, 2)
    assert.deepEqual(await after(all[1]!.position, 100), all.slice(2))
    assert.deepEqual(await commandChanges.lagAfter(test.database, all[0]!.position), {
      ...{ batches: 2, readings: 3, oldestAt: begun + 1 },
    })
    const steps = await stepsAfter(test.database, { changed: all[0]!.position, ordinal: 99 }, all.at(-1)!.position, 2)
    assert.deepEqual(
      steps.map(({ from, to, username, reason, changed, ordinal }) => [from, to, username, reason, changed, ordinal]),
      [
        ['pending_approval', 'approved', 'bia', 'seen', all[1]!.position, 0],
        ['approved', 'queued', 'bia', 'seen', all[1]!.position, 1],
      ],
    )
    assert.deepEqual(
      { ...steps[0] },
      {
        ...steps[0],
        ...{ commandId, deviceId: 'l-1', feederId: 'f-1', type: 'open', args: {}, requestedBy: 'ana' },
        ...{ at: begun + 1, expiresAt: begun + 600_000, cause: 'approved' },
      },
    )
  })

  it('begins at its end for who wants nothing of before', async () => {
    await make({ deviceId: 'l-2' })
    const fromNowOn = commandChangesFromNowOn('test')
    await test.database.query(
      `insert into consumer_cursor (log, consumer, updated_at) values ('commands', 'test', to_timestamp(0))`,
    )
    assert.deepEqual(await after(0, 100, fromNowOn), [])
    const [row] = await test.database.query<{ position: number }>(
      `select position::float8 as position from consumer_cursor where log = 'commands'`,
    )
    await make({ deviceId: 'l-3' })
    assert.equal((await after(row!.position, 100, fromNowOn)).length, 1)
  })
})
