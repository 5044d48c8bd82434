import {
  type Refusal,
  sentenceOf,
  type SimulationAnswer,
  type SimulationOrder,
  simulationTopics,
  type Simulator,
  type SimulatorState,
} from '../platform/wire/simulation.ts'
import type { Broker } from './broker.ts'
import { Connection, type Outgoing } from './connection.ts'
import { drawOf } from './draw.ts'
import { readRequest } from './requests.ts'

export interface RemoteControlOptions {
  readonly broker: Broker
  readonly seed: number
  /** What the simulator is and does now. */
  readonly simulator: () => Simulator
  /** Does what was asked for. @returns why it was not done */
  readonly carryOut: (order: SimulationOrder) => Refusal | undefined
  /** Something was asked for, in one line. */
  readonly report: (line: string) => void
  readonly warn: (line: string) => void
}

/** The state is told so often, ms of the wall. */
const STATE_EVERY_MS = 2_000
/** A request that comes again is known among so many. */
const ANSWERS_KEPT = 100
const CLOSE_WITHIN_MS = 1_000

/** The simulator as others see and control it, over a connection of its own. */
export class RemoteControl {
  readonly #options: RemoteControlOptions
  readonly #connection: Connection
  readonly #answers = new Map<string, SimulationAnswer>()
  #telling: NodeJS.Timeout | undefined

  constructor(options: RemoteControlOptions) {
    this.#options = options
    this.#connection = new Connection({
      broker: options.broker,
      clientId: 'sim-control',
      lastWill: stateMessage({ connected: false }),
      topics: [simulationTopics.control],
      greetings: () => [this.#state()],
      queueLimit: ANSWERS_KEPT,
      draw: drawOf(options.seed, 'connection/control'),
      onMessage: (_topic, payload, retained) => this.#take(payload, retained),
      onConnected: () => undefined,
      // the devices tell that the broker is away
      onLost: () => undefined,
      onOverflow: () => undefined,
      onRefused: (reason) => options.warn(`control of the simulator: ${reason}`),
    })
  }

  /** Begins to connect; from then on requests are taken, and the state is told. */
  open(): void {
    this.#connection.open()
    this.#telling = setInterval(() => this.#tell(), STATE_EVERY_MS)
  }

  /** Says that the simulator is gone, and disconnects; in about a second, whatever the broker does. */
  async close(): Promise<void> {
    clearInterval(this.#telling)
    await this.#connection.close([stateMessage({ connected: false })], CLOSE_WITHIN_MS)
  }

  #take(payload: string, retained: boolean): void {
    // it would be done at every start again
    if (retained) return this.#options.warn(`request refused: it is retained on ${simulationTopics.control}`)
    const read = readRequest(payload)
    if (read.is === 'refused') {
      this.#warn('request', read.refusal)
      if (read.id !== undefined) this.#answer({ id: read.id, done: false, refusal: read.refusal })
      return
    }
    const { id, action, parameters } = read.request
    // QoS 1 may bring a request twice
    const before = this.#answers.get(id)
    if (before) return this.#answer(before)
    const refusal = this.#options.carryOut(read.request)
    if (refusal) {
      this.#warn(`request ${action}`, refusal)
      return this.#answer({ id, done: false, refusal })
    }
    this.#options.report(`request ${action} ${JSON.stringify(parameters)}`)
    this.#tell()
    this.#answer({ id, done: true, simulator: this.#options.simulator() })
  }

  #answer(answer: SimulationAnswer): void {
    this.#answers.set(answer.id, answer)
    if (this.#answers.size > ANSWERS_KEPT) this.#answers.delete(this.#answers.keys().next().value!)
    this.#connection.publish({ topic: simulationTopics.answers, payload: JSON.stringify(answer), retain: false })
  }

  #warn(what: string, refusal: Refusal): void {
    this.#options.warn(`${what} refused: ${sentenceOf(refusal)}`)
  }

  /** To a broker that is away there is nothing to tell: the state is the first thing that it hears. */
  #tell(): void {
    if (this.#connection.connected) this.#connection.publish(this.#state())
  }

  #state = (): Outgoing => stateMessage({ connected: true, simulator: this.#options.simulator() })
}

const stateMessage = (state: SimulatorState): Outgoing => ({
  ...{ topic: simulationTopics.state, payload: JSON.stringify(state), retain: true },
})
