import assert from 'node:assert/strict'
import type { Command, CommandEvent } from './command.ts'
import {
  aCommand,
  answered,
  asking,
  begun,
  dispatching,
  due,
  live,
  noCapabilities,
  selecting,
} from './command.fixture.ts'
import type { Happenings } from './command.fixture.ts'
import { clockToleranceMs } from './step.ts'

const statesOf = (command: Command, happenings: Happenings): string[] => {
  const states: string[] = []
  for (let count = 1; count <= happenings.length; count++)
    states.push(live(command, happenings.slice(0, count)).command.state)
  return states
}
const stateAfter = (command: Command, happenings: Happenings): string => live(command, happenings).command.state
const refusedAfter = (command: Command, happenings: Happenings): string | null => live(command, happenings).refused
const observed = (effect: boolean, afterMs: number): CommandEvent => ({ kind: 'observed', effect, at: begun + afterMs })
const released: CommandEvent = { kind: 'released', as: 'reconciled_done', reason: 'looked there' }
const simple = { capabilities: noCapabilities }
const verified = { plan: { needsVerification: true } }

describe('a command', () => {
  it('goes from its approval over the select to what was observed', () => {
    const command = aCommand({ plan: { needsApproval: true, needsSelect: true, needsVerification: true } })
    assert.equal(command.state, 'pending_approval')
    const happenings: Happenings = [
      [1, { kind: 'approved' }],
      [2, selecting],
      [3, answered('selected')],
      [4, dispatching],
      [5, { kind: 'delivered' }],
      [6, answered('accepted')],
      [7, answered('executed')],
      [8, observed(true, 8)],
    ]
    assert.deepEqual(statesOf(command, happenings), [
      ...['queued', 'selected', 'selected', 'dispatched', 'delivered', 'accepted', 'executed', 'verified'],
    ])
    assert.deepEqual(
      live(command, happenings.slice(0, 1)).transitions.map(({ from, to }) => [from, to]),
      [
        ['pending_approval', 'approved'],
        ['approved', 'queued'],
      ],
    )
  })

  it('ends with what the device says where nothing is to be verified', () => {
    for (const status of ['executed', 'failed', 'rejected', 'expired'] as const) {
      const { command } = live(aCommand(), [
        [1, dispatching],
        [2, answered(status)],
      ])
      assert.deepEqual([command.state, command.sendAt, command.dueAt], [status, null, null])
    }
  })

  it('is not sent before it is approved, selected, or while it is in quarantine; nor after it expired', () => {
    assert.equal(refusedAfter(aCommand({ plan: { needsApproval: true } }), [[1, dispatching]]), 'not-possible')
    const select = aCommand({ plan: { needsSelect: true } })
    assert.equal(refusedAfter(select, [[1, dispatching]]), 'not-possible')
    assert.equal(
      refusedAfter(select, [
        [1, selecting],
        [2, dispatching],
      ]),
      'not-possible',
    )
    assert.equal(refusedAfter({ ...aCommand(), quarantined: true }, [[1, dispatching]]), 'quarantined')
    assert.equal(refusedAfter(aCommand(), [[600_000, dispatching]]), 'expired')
  })

  it('is not selected where the device cannot be', () => {
    const command = aCommand({ plan: { needsSelect: true }, capabilities: { select: false } })
    assert.equal(refusedAfter(command, [[1, selecting]]), 'not-possible')
    assert.equal(stateAfter(command, [[1, dispatching]]), 'dispatched')
  })

  it('goes back to the queue where nobody answers the select, and expires there', () => {
    const command = aCommand({ plan: { needsSelect: true } })
    assert.deepEqual(
      statesOf(command, [
        [1, selecting],
        [5_000, due],
        [5_001, due],
        [5_002, selecting],
        [600_000, due],
      ]),
      ['selected', 'selected', 'queued', 'selected', 'expired'],
    )
  })

  it('ends where the device refuses the select', () => {
    const command = aCommand({ plan: { needsSelect: true } })
    const refused = (status: 'rejected' | 'failed' | 'expired') =>
      stateAfter(command, [
        [1, selecting],
        [2, answered(status)],
      ])
    assert.deepEqual([refused('rejected'), refused('failed'), refused('expired')], ['rejected', 'rejected', 'expired'])
  })

  it('is taken back until it is dispatched, and not after', () => {
    const command = aCommand({ plan: { needsSelect: true } })
    const back: CommandEvent[] = [{ kind: 'cancelled' }, { kind: 'superseded', by: 'another' }]
    for (const event of back) {
      assert.equal(stateAfter(command, [[1, event]]), event.kind)
      assert.equal(
        stateAfter(command, [
          [1, selecting],
          [2, event],
        ]),
        event.kind,
      )
      assert.equal(
        refusedAfter(aCommand(), [
          [1, dispatching],
          [2, event],
        ]),
        'too-late-to-take-back',
      )
      assert.equal(
        refusedAfter(aCommand(), [
          [1, { kind: 'cancelled' }],
          [2, event],
        ]),
        'ended',
      )
    }
  })

  it('is told again with pauses that double, and asked once it was told as often as may be', () => {
    let { command } = live(aCommand({ plan: { mostAttempts: 3 } }), [[0, dispatching]])
    const pauses: number[] = []
    for (let now = command.sendAt; now !== null; now = command.sendAt) {
      pauses.push(now - begun)
      command = live(command, [[now - begun, dispatching]]).command
    }
    assert.deepEqual(pauses, [5_000, 15_000])
    assert.equal(command.attempts, 3)
    assert.equal(command.dueAt! - begun, 35_000)
    assert.equal(refusedAfter(command, [[30_000, dispatching]]), 'not-possible')
    const unknown = live(command, [[35_000, due]]).command
    assert.deepEqual([unknown.state, unknown.sendAt! - begun, unknown.dueAt], ['unknown', 35_000, null])
    const asked = live(unknown, [
      [35_000, asking],
      [40_000, asking],
    ]).command
    assert.deepEqual([asked.asked, asked.sendAt! - begun], [2, 50_000])
  })

  it('is told once where the device has no ledger, and is then unknown for good: only what is seen or a person ends that', () => {
    const { command } = live(aCommand(simple), [[0, dispatching]])
    assert.deepEqual([command.sendAt, command.dueAt! - begun], [null, 5_000])
    assert.equal(refusedAfter(command, [[1, dispatching]]), 'not-possible')
    const unknown = live(command, [[5_000, due]]).command
    assert.deepEqual([unknown.state, unknown.sendAt, unknown.dueAt], ['unknown', null, null])
    assert.equal(refusedAfter(unknown, [[5_001, asking]]), 'not-possible')
    for (const status of ['rejected', 'failed', 'expired', 'not_done', 'accepted'] as const)
      assert.equal(stateAfter(unknown, [[5_001, answered(status)]]), 'unknown', status)
    assert.equal(stateAfter(unknown, [[5_001, answered('executed')]]), 'reconciled_done')
    assert.equal(stateAfter(unknown, [[5_001, observed(true, 5_001)]]), 'reconciled_done')
    assert.equal(stateAfter(unknown, [[5_001, released]]), 'reconciled_done')
  })

  it('is unknown where a device without a ledger refuses what may be a copy: too late, or armed for before', () => {
    const late: Happenings = [
      [0, dispatching],
      [1, answered('expired')],
    ]
    assert.equal(stateAfter(aCommand(simple), late), 'unknown')
    const armed: Happenings = [
      [0, selecting],
      [1, answered('selected')],
      [2, dispatching],
      [3, answered('rejected')],
    ]
    const select = { plan: { needsSelect: true }, capabilities: { ...noCapabilities, select: true } }
    assert.equal(stateAfter(aCommand(select), armed), 'unknown')
    assert.equal(
      stateAfter(aCommand(simple), [
        [0, dispatching],
        [1, answered('rejected')],
      ]),
      'rejected',
    )
  })

  it('is reconciled by a late answer of a device with a ledger', () => {
    const unknown = live(aCommand(), [
      [0, dispatching],
      [600_000, due],
    ]).command
    assert.equal(unknown.state, 'unknown')
    for (const status of ['rejected', 'failed', 'expired', 'not_done'] as const)
      assert.equal(stateAfter(unknown, [[600_001, answered(status)]]), 'reconciled_not_done', status)
    assert.equal(stateAfter(unknown, [[600_001, answered('executed')]]), 'reconciled_done')
  })

  it('ends at once where the device says that it never did, and never will', () => {
    const happenings: Happenings = [
      [0, dispatching],
      [1, asking],
      [2, answered('not_done')],
    ]
    assert.equal(stateAfter(aCommand(), happenings), 'reconciled_not_done')
  })

  it('is unknown where it says that it acted and nothing is seen of it; saying so again changes nothing', () => {
    const unseen = live(aCommand(verified), [
      [0, dispatching],
      [1, answered('executed')],
      [2, observed(false, 2)],
      [60_001, due],
    ]).command
    assert.deepEqual([unseen.state, unseen.sendAt], ['unknown', null])
    assert.equal(stateAfter(unseen, [[60_002, answered('executed')]]), 'unknown')
    assert.equal(stateAfter(unseen, [[60_002, answered('not_done')]]), 'unknown')
    assert.equal(stateAfter(unseen, [[60_002, observed(true, 60_002)]]), 'reconciled_done')
  })

  it('waits for what is seen where the device says late that it acted', () => {
    const happenings: Happenings = [
      [0, dispatching],
      [600_000, due],
      [600_001, answered('executed')],
      [600_002, observed(true, 600_002)],
    ]
    assert.deepEqual(statesOf(aCommand(verified), happenings), ['dispatched', 'unknown', 'executed', 'verified'])
  })

  it('is not shown by what was seen before it was sent', () => {
    const executed = live(aCommand(verified), [
      [10, dispatching],
      [20, answered('executed')],
    ]).command
    assert.equal(stateAfter(executed, [[30, observed(true, 10)]]), 'executed')
    assert.equal(stateAfter(executed, [[30, observed(true, 11)]]), 'verified')
  })

  it('was not done where the contrary is seen once the device would refuse it', () => {
    const late = 600_000 + clockToleranceMs
    const unknown = (of: Parameters<typeof aCommand>[0]) =>
      live(aCommand(of), [
        [0, dispatching],
        [600_000, due],
      ]).command
    const expiring = unknown({ capabilities: { ...noCapabilities, expiry: true, clock: true } })
    assert.equal(stateAfter(expiring, [[late, observed(false, late)]]), 'unknown')
    assert.equal(stateAfter(expiring, [[late + 1, observed(false, late + 1)]]), 'reconciled_not_done')
    assert.equal(stateAfter(unknown(simple), [[late + 1, observed(false, late + 1)]]), 'unknown')
    // Of a device with a ledger, once that has spoken: it may have been undone since.
    assert.equal(stateAfter(unknown({}), [[late + 1, observed(false, late + 1)]]), 'unknown')
    const said = live(aCommand(verified), [
      [0, dispatching],
      [1, answered('executed')],
      [60_001, due],
    ]).command
    assert.equal(stateAfter(said, [[late + 1, observed(false, late + 1)]]), 'reconciled_not_done')
  })

  it('is released by a person once it is unknown, and not before', () => {
    assert.equal(refusedAfter(aCommand(), [[1, released]]), 'not-unknown')
    const happenings: Happenings = [
      [0, dispatching],
      [600_000, due],
      [600_001, released],
    ]
    const { command } = live(aCommand(), happenings)
    assert.deepEqual([command.state, command.reason], ['reconciled_done', 'looked there'])
    assert.equal(refusedAfter(aCommand(), [...happenings, [600_002, released]]), 'ended')
  })

  it('is not told again what is forbidden meanwhile: the device is asked', () => {
    const forbidden: CommandEvent = { kind: 'forbidden', reason: 'a tag' }
    assert.equal(stateAfter(aCommand(), [[1, forbidden]]), 'rejected')
    const { command } = live(aCommand(), [
      [0, dispatching],
      [5_000, forbidden],
    ])
    assert.deepEqual([command.state, command.reason], ['unknown', 'not sent again: a tag'])
    assert.equal(refusedAfter(command, [[5_001, dispatching]]), 'not-possible')
  })

  it('is approved in time, once, and ends where it is declined', () => {
    const command = aCommand({ plan: { needsApproval: true } })
    const [approved, declined] = [{ kind: 'approved' }, { kind: 'declined', reason: 'no' }] as const
    assert.equal(refusedAfter(command, [[600_000, approved]]), 'expired')
    assert.equal(stateAfter(command, [[600_000, due]]), 'expired')
    assert.equal(stateAfter(command, [[1, declined]]), 'rejected')
    assert.equal(
      refusedAfter(command, [
        [1, approved],
        [2, approved],
      ]),
      'not-pending',
    )
  })
})

describe('a command that a backup left', () => {
  const kept = (of?: Parameters<typeof aCommand>[0]): Command => ({ ...aCommand(of), quarantined: true })
  const cleared: CommandEvent = { kind: 'unquarantined', reason: 'looked there' }

  it('gets a number of the new epoch, whatever is said to its device', () => {
    const inFlight = { ...live(aCommand(), [[0, dispatching]]).command, quarantined: true }
    const anew = { kind: 'dispatching', controlNumber: 2_000_000_001 } as const
    assert.equal(refusedAfter(inFlight, [[1, anew]]), 'quarantined')
    assert.equal(
      live(inFlight, [
        [1, cleared],
        [2, anew],
      ]).command.controlNumber,
      2_000_000_001,
    )
    assert.equal(live(inFlight, [[1, { ...anew, kind: 'asking' }]]).command.controlNumber, 2_000_000_001)
  })

  it('unsent, is sent once a person says so, or has ended as a person says', () => {
    assert.equal(
      stateAfter(kept(), [
        [1, cleared],
        [2, dispatching],
      ]),
      'dispatched',
    )
    assert.equal(refusedAfter(aCommand(), [[1, cleared]]), 'not-quarantined')
    assert.equal(refusedAfter(kept(), [[600_000, cleared]]), 'expired')
    const { command } = live(kept(), [[1, released]])
    assert.deepEqual([command.state, command.quarantined], ['reconciled_done', false])
  })

  it('unsent, is unknown where it would end: it may have been sent after the backup', () => {
    const asks = (event: CommandEvent, afterMs: number): unknown[] => {
      const { command } = live(kept(), [[afterMs, event]])
      return [command.state, command.sendAt! - begun]
    }
    assert.deepEqual(asks(due, 600_000), ['unknown', 600_000])
    assert.deepEqual(asks({ kind: 'cancelled' }, 1), ['unknown', 1])
    assert.equal(stateAfter(kept({ plan: { needsApproval: true } }), [[1, { kind: 'declined' }]]), 'unknown')
    assert.equal(refusedAfter(kept(), [[1, { kind: 'superseded', by: 'another' }]]), 'quarantined')
    assert.equal(
      stateAfter(kept(), [
        [600_000, due],
        [600_001, asking],
        [600_002, answered('executed')],
      ]),
      'reconciled_done',
    )
  })

  it('was sent after it where its device says that it acts on it, or has, to a select or by itself', () => {
    const armed = kept({ plan: { needsSelect: true, needsVerification: true } })
    const sentAgain: Happenings = [
      [1, cleared],
      [2, selecting],
    ]
    assert.equal(stateAfter(armed, [...sentAgain, [3, answered('executed')]]), 'executed')
    assert.equal(stateAfter(armed, [...sentAgain, [3, answered('executed')], [9, observed(true, 8)]]), 'verified')
    assert.equal(stateAfter(armed, [...sentAgain, [3, answered('accepted')], [4, dispatching]]), 'accepted')
    assert.equal(stateAfter(armed, [...sentAgain, [3, answered('not_done')]]), 'rejected')
    const { command } = live(kept(), [[1, answered('executed')]])
    assert.deepEqual([command.state, command.quarantined, command.executedAt], ['executed', false, begun + 1])
    assert.equal(
      refusedAfter(armed, [
        [1, answered('executed')],
        [2, cleared],
        [3, dispatching],
      ]),
      'not-possible',
    )
  })
})
