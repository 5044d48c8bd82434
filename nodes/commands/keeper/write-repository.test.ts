import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { begin } from '../domain/begin.ts'
import { aMadeCommand, begun } from '../made-command.fixture.ts'
import { commandById, nextChange } from './command-repository.ts'
import type { KeptCommand } from './kept-command.ts'
import { insertCommands, writeCommands, writeTransitions } from './write-repository.ts'

const made = aMadeCommand({ args: { p_limit_kw: 2 }, feederId: 'f-1', requestReason: 'why' })
const kept: KeptCommand = {
  ...begin(made, begun).command,
  ...{ feederId: 'f-1', bodyHash: made.bodyHash, requestReason: 'why', requestedBy: 'ana' },
  ...{ supersededBy: null, approvalId: null },
}
const { commandId } = kept

describe('writing commands', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('keeps all of a command, at first and as it changes', async () => {
    await test.database.transaction(async (client) => insertCommands(client, [kept], await nextChange(client)))
    assert.deepEqual(await commandById(test.database, commandId), kept)
    const changed: KeptCommand = {
      ...kept,
      ...{
        state: 'unknown',
        stateSince: begun + 3,
        reason: 'no answer',
        controlNumber: 4_000_000_001,
        attempts: 2,
        asked: 1,
      },
      ...{ firstDispatchedAt: begun + 1, executedAt: begun + 2, sendAt: begun + 4, dueAt: null, quarantined: true },
    }
    await test.database.transaction(async (client) => writeCommands(client, [changed], await nextChange(client)))
    assert.deepEqual(await commandById(test.database, commandId), changed)
    const [row] = await test.database.query('select in_flight as "inFlight" from command where command_id = $1', [
      commandId,
    ])
    assert.deepEqual(row, { inFlight: true })
  })

  it('keeps steps in their order, by the platform’s clock and by the wall’s', async () => {
    const step = {
      commandId,
      from: null,
      at: begun,
      cause: 'requested',
      reason: null,
      username: 'ana',
      detail: { a: 1 },
    }
    await test.database.transaction(async (client) => {
      const position = await nextChange(client)
      const steps = [
        { ...step, to: 'queued' },
        { ...step, from: 'queued', to: 'expired', username: null, detail: null },
      ] as const
      await writeTransitions(client, steps, position, begun + 9)
    })
    const rows = await test.database.query(
      `select ordinal, from_state as "from", to_state as "to", username, detail,
         (extract(epoch from recorded_at - at) * 1000)::integer as later
       from command_transition where command_id = $1 order by changed, ordinal`,
      [commandId],
    )
    assert.deepEqual(rows, [
      { ordinal: 0, from: null, to: 'queued', username: 'ana', detail: { a: 1 }, later: 9 },
      { ordinal: 1, from: 'queued', to: 'expired', username: null, detail: null, later: 9 },
    ])
  })
})
