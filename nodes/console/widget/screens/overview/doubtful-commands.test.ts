import assert from 'node:assert/strict'
import type { LiveCommand } from '../../../../../platform/wire/live-command.ts'
import { doubtfulCommands } from './doubtful-commands.ts'

const command = (commandId: string, state: string, stateSince: string, isInFlight = false) =>
  ({ commandId, state, stateSince, isInFlight }) as LiveCommand

describe('commands in doubt', () => {
  it('are those of which nobody knows the effect, the oldest first', () => {
    const found = doubtfulCommands([
      command('late', 'unknown', '2026-03-10T12:00:00-03:00', true),
      command('done', 'verified', '2026-03-10T12:00:00Z'),
      command('early', 'unknown', '2026-03-10T14:00:00Z', true),
      command('waits', 'pending_approval', '2026-03-10T14:00:00Z'),
      command('sent', 'dispatched', '2026-03-10T14:00:00Z', true),
    ])
    assert.deepEqual(
      found.inDoubt.map(({ commandId }) => commandId),
      ['early', 'late'],
    )
    assert.deepEqual([found.inFlight, found.awaitingApproval], [3, 1])
  })
})
