import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { LiveClient } from '../wire/live-client.ts'
import type { LiveFilter } from '../wire/live.ts'
import { Hub } from './hub.ts'
import { type Line, SimulatedServer, SimulatedTime } from './simulated-line.fixture.ts'

/** Small enough that most rounds come in several pieces. */
const pieceCharacters = 60
const clients = 3

type Step =
  | { do: 'publish'; key: string; feederId: string; n: number }
  | { do: 'remove'; key: string }
  | { do: 'wait'; ms: number }
  | { do: 'drop' | 'stall' | 'flow'; client: number }
  | { do: 'take' | 'lose'; client: number; count: number }
  | { do: 'subscribe'; client: number; feederId: string | undefined }
  | { do: 'restart' }

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')
const feederId = fc.constantFrom('f-1', 'f-2')
const client = fc.nat(clients - 1)
const steps = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ do: fc.constant('publish' as const), key, feederId, n: fc.nat(99) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), key }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(700) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(30_000) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('drop' as const), client }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('stall' as const), client }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('flow' as const), client }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('take' as const), client, count: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const), client, count: fc.nat(3) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('subscribe' as const),
        client,
        feederId: fc.option(feederId, { nil: undefined }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  ) as fc.Arbitrary<Step>,
  { minLength: 1, maxLength: 120, size: 'max' },
)

/** A server, some clients, and what has been published. */
class World {
  readonly time = new SimulatedTime()
  readonly truth = new Map<string, { feederId: string; n: number }>()
  hub = new Hub('first')
  #server = new SimulatedServer(this.time, this.hub, pieceCharacters)
  #lines: Line[] = []
  #clients: LiveClient[] = []
  #filters: LiveFilter[] = [{}, { feederId: 'f-1' }, { keys: ['a', 'b', 'c'] }]
  lost = 0

  constructor(random: () => number) {
    const identity = {
      username: 'u',
      role: 'admin' as const,
      sessionId: 's',
      expiresAt: Infinity,
      sessionEndsAt: Infinity,
    }
    for (let index = 0; index < clients; index++) {
      const live = new LiveClient({
        ...{ timers: this.time, random },
        open: () => (this.#lines[index] = this.#server.connect(identity)),
      })
      live.subscribe('commands', { maxHz: [10, 1, 3][index]!, filter: this.#filters[index]! })
      this.#clients.push(live)
    }
  }

  run(step: Step): void {
    switch (step.do) {
      case 'publish': {
        const { key, feederId, n } = step
        this.truth.set(key, { feederId, n })
        return void this.hub.publish('commands', key, { feederId, n } as never)
      }
      case 'remove':
        this.truth.delete(step.key)
        return void this.hub.remove('commands', step.key)
      case 'wait':
        return this.time.pass(step.ms)
      case 'drop':
        return this.#lines[step.client]?.drop()
      case 'stall':
        return void (this.#lines[step.client]!.isStalled = true)
      case 'flow':
        return this.#flow(this.#lines[step.client]!)
      case 'take':
        return this.#lines[step.client]!.take(step.count)
      case 'lose':
        if (this.#lines[step.client]!.lose(step.count)) this.lost++
        return
      case 'subscribe':
        this.#filters[step.client] = step.feederId === undefined ? {} : { feederId: step.feederId }
        return this.#clients[step.client]!.subscribe('commands', { maxHz: 10, filter: this.#filters[step.client]! })
      case 'restart': {
        this.hub = new Hub(`after ${this.time.now}`)
        for (const [key, value] of this.truth) this.hub.publish('commands', key, value as never)
        return this.#server.restart(this.hub)
      }
    }
  }

  /** Nothing is slow any more, nobody is dropped, and nothing changes. */
  settle(): void {
    for (let second = 0; second < 90; second++) {
      for (const line of this.#lines) this.#flow(line)
      this.time.pass(1_000)
    }
  }

  assertEqual(): void {
    this.#clients.forEach((live, index) => {
      const { feederId, keys } = this.#filters[index]!
      const expected = [...this.truth].filter(
        ([key, value]) => (feederId === undefined || value.feederId === feederId) && (!keys || keys.includes(key)),
      )
      assert.deepEqual(new Map(live.state('commands')), new Map(expected), `client ${index}`)
    })
  }

  get gaps(): number {
    return this.#clients.reduce((sum, { gaps }) => sum + gaps, 0)
  }

  #flow(line: Line): void {
    line.isStalled = false
    line.take(Infinity)
  }
}

describe('clients of the live stream', () => {
  it('have the state of the server in the end, whatever was dropped, slow, lost or restarted (property)', function () {
    this.timeout(120_000)
    let gaps = 0
    fc.assert(
      fc.property(steps, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (taken, chances) => {
        const world = new World(() => chances.next().value as number)
        for (const step of taken) world.run(step)
        world.settle()
        world.assertEqual()
        gaps += world.gaps
        assert.ok(world.gaps <= world.lost, `${world.lost} pieces lost, and ${world.gaps} times something was missed`)
      }),
      { numRuns: Number(process.env['LIVE_RUNS'] ?? 1_000) },
    )
    // The test has tried it.
    assert.ok(gaps > 0, 'no gap was noticed in all these runs')
  })
})
