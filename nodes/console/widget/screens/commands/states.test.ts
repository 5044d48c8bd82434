import assert from 'node:assert/strict'
import { commandStates, type LiveCommand } from '../../../../../platform/wire/live-command.ts'
import { canBeTakenBack, isInDoubt, isOver, severityOf, signOf, sorted } from './states.ts'

const command = (commandId: string, state: LiveCommand['state'], more: Partial<LiveCommand> = {}): LiveCommand => ({
  ...{ commandId, deviceId: 'sw-001', feederId: 'feeder-01', ofUnit: false, type: 'open', args: {}, state },
  ...{ stateSince: '2026-11-22T12:00:00.000Z', stateReason: null, isInFlight: false, isQuarantined: false },
  ...{ requestedBy: 'operator', requestedAt: '2026-11-22T12:00:00.000Z', reason: null, attempts: 0, approvalId: null },
  ...{ expiresAt: '2026-11-22T12:10:00.000Z', ...more },
})

describe('where a command stands', () => {
  it('is over in eight states, can be taken back in four, and no state is both', () => {
    const all = commandStates.map((state) => command('c', state))
    assert.equal(all.filter(isOver).length, 8)
    assert.deepEqual(
      all.filter(canBeTakenBack).map(({ state }) => state),
      ['pending_approval', 'approved', 'queued', 'selected'],
    )
    assert.equal(all.filter((each) => canBeTakenBack(each) && isOver(each)).length, 0)
  })

  it('is in doubt where nobody knows, and where it comes from a backup until it is over', () => {
    assert.ok(isInDoubt(command('c', 'unknown')))
    assert.ok(isInDoubt(command('c', 'queued', { isQuarantined: true })))
    assert.ok(!isInDoubt(command('c', 'cancelled', { isQuarantined: true })))
    assert.ok(!isInDoubt(command('c', 'dispatched')))
  })

  it('is told by a sign, too: what is in doubt never looks done', () => {
    assert.deepEqual([signOf(command('c', 'unknown')), severityOf(command('c', 'unknown'))], ['?', 'alarm'])
    assert.deepEqual([signOf(command('c', 'verified')), severityOf(command('c', 'verified'))], ['✓', 'normal'])
    assert.notEqual(signOf(command('c', 'executed')), signOf(command('c', 'verified')))
  })
})

describe('the commands of the stream', () => {
  it('are the newest first, each in one list only', () => {
    const at = (minutes: number) => ({ requestedAt: `2026-11-22T12:0${minutes}:00.000Z` })
    const { pending, inDoubt, others } = sorted([
      ...[command('a', 'pending_approval', at(1)), command('b', 'pending_approval', at(3))],
      ...[command('c', 'unknown', at(2)), command('d', 'pending_approval', { ...at(4), isQuarantined: true })],
      command('e', 'verified', at(5)),
    ])
    const ids = (list: readonly LiveCommand[]): string => list.map(({ commandId }) => commandId).join('')
    assert.deepEqual([ids(pending), ids(inDoubt), ids(others)], ['ba', 'dc', 'e'])
  })
})
