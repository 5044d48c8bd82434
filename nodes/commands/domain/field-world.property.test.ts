import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isEnded } from './command.ts'
import { aCommand } from './command.fixture.ts'
import { FieldWorld } from './field-world.fixture.ts'

type Move = (world: FieldWorld) => void
const fate = fc.constantFrom('brings', 'brings', 'repeats', 'loses')
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.boolean().map(
      (isKilled): Move =>
        (world) =>
          world.control(isKilled),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat(9), fate).map(
      ([place, what]): Move =>
        (world) =>
          world.toDevice(place, what),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat(9), fate).map(
      ([place, what]): Move =>
        (world) =>
          world.toController(place, what),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(10, 1_000, 6_000, 30_000).map(
      (ms): Move =>
        (world) =>
          void (world.now += ms),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Move>((world) => world.observe()) },
  { weight: 1, arbitrary: fc.constant<Move>((world) => world.reboot()) },
  { weight: 1, arbitrary: fc.constant<Move>((world) => void world.happen({ kind: 'cancelled' })) },
)
const beginning = (ledger: boolean) =>
  fc
    .record({
      plan: fc.record({
        ...{ needsSelect: fc.boolean(), needsVerification: fc.boolean() },
        ...{ mostAttempts: fc.integer({ min: 1, max: 4 }), answerWithinMs: fc.constantFrom(500, 5_000) },
      }),
      capabilities: fc.record({
        ...{ ledger: fc.constant(ledger), expiry: fc.boolean(), select: fc.boolean() },
      }),
      expiresInMs: fc.constantFrom(10_000, 100_000),
    })
    .map(aCommand)

interface Devices {
  readonly ledger: boolean
  readonly forgets?: boolean
}

const afterwards = ({ ledger, forgets }: Devices, check: (world: FieldWorld) => void) =>
  fc.property(beginning(ledger), fc.array(move, { maxLength: 40, size: 'max' }), (command, moves) => {
    const world = new FieldWorld(command, forgets)
    for (const one of moves) one(world)
    world.heal()
    check(world)
  })
const sample = { seed: 5_104, numRuns: 6_000 }

const doneStates = ['executed', 'verified', 'reconciled_done']

describe('a command, a network that fails and a device that may (properties)', function () {
  this.timeout(60_000)

  it('comes to its end without anybody, with the effect that its end says, where the device has a ledger', () => {
    const ends = new Map<string, number>()
    fc.assert(
      afterwards({ ledger: true }, ({ command, effects }) => {
        const { state } = command
        ends.set(state, (ends.get(state) ?? 0) + 1)
        assert.ok(isEnded(command), state)
        assert.equal(effects, doneStates.includes(state) ? 1 : 0, state)
      }),
      sample,
    )
    for (const state of [...doneStates, 'expired', 'rejected', 'cancelled', 'reconciled_not_done'])
      assert.ok(ends.has(state), `never came to ${state}`)
  })

  it('is told to a device without a ledger once at most, and ends with no other effect than its end says', () => {
    fc.assert(
      afterwards({ ledger: false }, ({ command, effects, sent }) => {
        const { state } = command
        assert.ok(sent <= 1)
        if (isEnded(command)) assert.equal(effects > 0, doneStates.includes(state), state)
        else assert.equal(state, 'unknown')
      }),
      sample,
    )
  })

  it('would act twice, were a device that forgets taken for one with a ledger', () => {
    const once = afterwards({ ledger: true, forgets: true }, ({ effects }) => assert.ok(effects <= 1))
    const { failed } = fc.check(once, sample)
    assert.ok(failed)
  })
})
