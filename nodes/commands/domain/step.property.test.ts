import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ackStatuses } from '../../../platform/wire/command.ts'
import { isEnded, isInFlight } from './command.ts'
import type { Command, CommandEvent, CommandTransition } from './command.ts'
import { aCommand, begun } from './command.fixture.ts'
import { step } from './step.ts'

const controlNumber = fc.integer({ min: 1, max: 9 })
const event: fc.Arbitrary<CommandEvent> = fc.oneof(
  fc.constantFrom<CommandEvent>(
    ...([{ kind: 'approved' }, { kind: 'declined' }, { kind: 'cancelled' }] as const),
    ...([
      { kind: 'superseded', by: 'another' },
      { kind: 'forbidden', reason: 'a tag' },
    ] as const),
    ...([{ kind: 'delivered' }, { kind: 'unquarantined', reason: 'looked' }] as const),
    ...([
      { kind: 'released', as: 'reconciled_done', reason: 'looked' },
      { kind: 'released', as: 'reconciled_not_done', reason: 'looked' },
    ] as const),
  ),
  fc.record({ kind: fc.constantFrom('selecting', 'dispatching', 'asking'), controlNumber }),
  fc.record({ kind: fc.constantFrom('selecting', 'dispatching', 'asking'), controlNumber }),
  fc.record({ kind: fc.constant('answered' as const), status: fc.constantFrom(...ackStatuses) }),
  fc.record({
    kind: fc.constant('observed' as const),
    effect: fc.boolean(),
    at: fc.integer({ min: begun, max: begun + 200_000 }),
  }),
  fc.constant<CommandEvent>({ kind: 'due' }),
)
const beginning = fc
  .record({
    plan: fc.record({
      ...{ needsApproval: fc.boolean(), needsSelect: fc.boolean(), needsVerification: fc.boolean() },
      ...{ mostAttempts: fc.integer({ min: 1, max: 3 }), answerWithinMs: fc.constantFrom(1_000, 20_000) },
      verifyWithinMs: fc.constant(10_000),
    }),
    capabilities: fc.record({
      ...{ ledger: fc.boolean(), expiry: fc.boolean(), select: fc.boolean(), clock: fc.boolean() },
      signature: fc.constant(false),
    }),
    expiresInMs: fc.constantFrom(5_000, 60_000),
    quarantined: fc.boolean(),
  })
  .map(({ quarantined, ...of }) => ({ ...aCommand(of), quarantined: quarantined && of.plan.answerWithinMs === 1_000 }))
const happenings = fc.array(fc.tuple(fc.constantFrom(0, 1, 999, 5_000, 30_000), event), { maxLength: 25, size: 'max' })

interface Look {
  readonly before: Command
  readonly event: CommandEvent
  readonly now: number
  readonly after: Command
  readonly transitions: readonly CommandTransition[]
  readonly refused: string | null
}

function lookAt(begunCommand: Command, sequence: readonly (readonly [number, CommandEvent])[]): Look[] {
  let [command, now] = [begunCommand, begun]
  return sequence.map(([afterMs, one]) => {
    now += afterMs
    const before = command
    const stepped = step(before, one, now)
    command = stepped.command
    return { before, event: one, now, after: command, transitions: stepped.transitions, refused: stepped.refused }
  })
}

/** Says something of each step in any sequence of events. */
const ofEachStep = (check: (look: Look, all: readonly Look[]) => void, numRuns = 3_000): void =>
  fc.assert(
    fc.property(beginning, happenings, (command, sequence) => {
      const looks = lookAt(command, sequence)
      for (const look of looks) check(look, looks)
    }),
    { seed: 84, numRuns },
  )

const wasTold = ({ event: { kind }, refused }: Look): boolean => kind === 'dispatching' && refused === null

describe('the life of a command (properties)', function () {
  this.timeout(30_000)

  it('has ends that are final', () =>
    ofEachStep(({ before, after, transitions }) => {
      if (!isEnded(before)) return
      assert.equal(after, before)
      assert.deepEqual(transitions, [])
    }))

  it('goes step by step, in the order of time, and changes nothing that is refused', () =>
    ofEachStep(({ before, after, transitions, refused, now }) => {
      if (refused) assert.equal(after, before)
      assert.equal(transitions[0]?.from ?? before.state, before.state)
      for (const [index, { from }] of transitions.entries())
        if (index > 0) assert.equal(from, transitions[index - 1]!.to)
      assert.equal(transitions.at(-1)?.to ?? before.state, after.state)
      for (const { at } of transitions) assert.equal(at, now)
    }))

  it('tells a device without a ledger once, one with a ledger as often as may be; none late, or out of quarantine', () =>
    ofEachStep((look, all) => {
      if (!wasTold(look)) return
      const { before, now, after } = look
      const told = all.slice(0, all.indexOf(look) + 1).filter(wasTold).length
      assert.equal(after.attempts, told)
      assert.ok(told <= (before.capabilities.ledger ? before.plan.mostAttempts : 1))
      assert.ok(now < before.expiresAt && !before.quarantined)
      assert.equal(after.controlNumber, before.controlNumber ?? after.controlNumber)
    }))

  it('ends without an effect, once it was sent, by the device’s word, by what is seen, or by a person alone', () =>
    ofEachStep(({ before, after, event: { kind } }) => {
      if (before.firstDispatchedAt === null || isEnded(before) || !isEnded(after)) return
      assert.ok(['answered', 'observed', 'released'].includes(kind), kind)
      assert.ok(!['cancelled', 'superseded'].includes(after.state))
    }))

  it('is never forgotten: time, the device or a person goes on with it', () =>
    ofEachStep(({ after, now }) => {
      if (isEnded(after)) return assert.deepEqual([after.sendAt, after.dueAt], [null, null])
      if (after.state === 'unknown') return assert.equal(after.dueAt, null)
      assert.ok(after.dueAt !== null)
      const { after: passed } = lookAt(after, [[after.dueAt - begun, { kind: 'due' }]])[0]!
      // What is due changes something: nobody finds it due over and over.
      assert.notEqual(passed, after)
      assert.ok(passed.dueAt === null || passed.dueAt > after.dueAt || now >= after.dueAt)
    }))

  it('comes to an end or to unknown by time alone', () =>
    ofEachStep(({ after }) => {
      let [command, rounds] = [after, 0]
      for (; command.dueAt !== null; rounds++) command = step(command, { kind: 'due' }, command.dueAt).command
      assert.ok(rounds < 5 && (isEnded(command) || command.state === 'unknown'))
    }, 1_000))

  it('takes the same answer twice as once', () =>
    ofEachStep(({ event: said, after, now }) => {
      if (said.kind !== 'answered') return
      assert.deepEqual(step(after, said, now + 1).transitions, [])
    }))

  it('is in flight from the moment on that something of it is on its way', () =>
    ofEachStep(({ after }) => {
      if (after.firstDispatchedAt !== null && !isEnded(after)) assert.ok(isInFlight(after))
    }))

  it('goes to each state', () => {
    const seen = new Set<string>()
    ofEachStep(({ after }) => void seen.add(after.state))
    assert.deepEqual([...seen].toSorted(), [
      ...['accepted', 'cancelled', 'delivered', 'dispatched', 'executed', 'expired', 'failed', 'pending_approval'],
      ...[
        'queued',
        'reconciled_done',
        'reconciled_not_done',
        'rejected',
        'selected',
        'superseded',
        'unknown',
        'verified',
      ],
    ])
  })
})
