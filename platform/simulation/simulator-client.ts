import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { Ajv } from 'ajv'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { messageOf } from '../node/message-of.ts'
import {
  type Refusal,
  sentenceOf,
  SimulationAnswer,
  type SimulationOrder,
  type SimulationRequest,
  simulationTopics,
  type Simulator,
  SimulatorState,
} from '../wire/simulation.ts'

export interface SimulatorClientOptions {
  readonly url: string
  /** Of every connection to this broker: user, password, authority. */
  readonly options: IClientOptions
  /** For what the simulator says and nobody can read, in one line. */
  readonly report: (line: string) => void
  /** The broker, and then the simulator, may take so long to answer, ms. */
  readonly patienceMs?: number
}

/** No simulator is connected to the broker. */
export class NoSimulator extends Error {
  override readonly name = 'NoSimulator'
}

/** Broker or simulator did not answer in time, or may not be asked. */
export class SimulatorUnreachable extends Error {
  override readonly name = 'SimulatorUnreachable'
}

/** The simulator did not do what it was asked for. */
export class OrderRefused extends Error {
  override readonly name = 'OrderRefused'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(sentenceOf(refusal))
    this.refusal = refusal
  }
}

/** A retained state comes with the subscription, or within this time, ms. */
const stateWithinMs = 500
const mostWaiting = 50

const ajv = new Ajv({ strict: false })
const isState = ajv.compile<SimulatorState>(SimulatorState)
const isAnswer = ajv.compile<SimulationAnswer>(SimulationAnswer)

/**
 * Asks the simulator, over a connection that is made when somebody first asks, and again after it was closed. Every wait
 * has an end.
 */
export class SimulatorClient {
  readonly #settings: Required<SimulatorClientOptions>
  readonly #changes = new EventEmitter().setMaxListeners(mostWaiting)
  readonly #answers = new Map<string, SimulationAnswer | undefined>()
  #client: MqttClient | undefined
  #listening = false
  #state: SimulatorState | undefined
  #lastError = ''

  constructor(options: SimulatorClientOptions) {
    this.#settings = { patienceMs: 3_000, ...options }
  }

  /**
   * What the simulator is and does.
   * @throws NoSimulator, SimulatorUnreachable
   */
  async simulator(): Promise<Simulator> {
    const { patienceMs, url } = this.#settings
    this.#client ??= this.#connect()
    if (!(await this.#found(() => this.#listening || undefined, patienceMs)))
      throw new SimulatorUnreachable(
        `the broker ${hostOf(url)} did not answer within ${patienceMs} ms${this.#lastError && ` (${this.#lastError})`}`,
      )
    const state = await this.#found(() => this.#state, stateWithinMs)
    if (!this.#listening) throw new SimulatorUnreachable(`the connection to the broker ${hostOf(url)} has ended`)
    if (!state?.connected) throw new NoSimulator('no simulator is connected')
    return state.simulator
  }

  /**
   * Has the simulator do something.
   * @returns what it is and does afterwards
   * @throws NoSimulator, SimulatorUnreachable, OrderRefused
   */
  async order(order: SimulationOrder): Promise<Simulator> {
    await this.simulator()
    const request: SimulationRequest = { id: randomUUID(), ...order }
    this.#answers.set(request.id, undefined)
    try {
      const sent = this.#client?.publishAsync(simulationTopics.control, JSON.stringify(request), { qos: 1 })
      sent?.catch((error: unknown) => (this.#lastError = messageOf(error)))
      const answer = await this.#found(() => this.#answers.get(request.id), this.#settings.patienceMs)
      if (!answer)
        throw new SimulatorUnreachable(
          `the simulator did not answer within ${this.#settings.patienceMs} ms: it may do it all the same`,
        )
      if (!answer.done) throw new OrderRefused(answer.refusal)
      return answer.simulator
    } finally {
      this.#answers.delete(request.id)
    }
  }

  /** Ends the connection, and the waiting of whoever waits. */
  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    this.#lost()
    this.#changes.emit('end')
    await client?.endAsync(true)
  }

  #connect(): MqttClient {
    const { url, options } = this.#settings
    const client = connect(url, {
      ...options,
      clientId: `linha-viva-simulation-${randomUUID().slice(0, 8)}`,
      clean: true,
      resubscribe: false,
      reconnectOnConnackError: true,
    })
    client.on('connect', () => void this.#listen(client))
    client.on('error', (error) => (this.#lastError = messageOf(error)))
    client.on('close', () => {
      if (client === this.#client) this.#lost()
    })
    client.on('message', (topic, payload) => this.#take(topic, payload.toString('utf8')))
    return client
  }

  async #listen(client: MqttClient): Promise<void> {
    try {
      await client.subscribeAsync([simulationTopics.state, simulationTopics.answers], { qos: 1 })
      if (client !== this.#client) return
      this.#listening = true
      this.#lastError = ''
      this.#changes.emit('change')
    } catch (error) {
      this.#lastError = messageOf(error)
    }
  }

  #lost(): void {
    this.#listening = false
    // it may be gone before we hear of it again
    this.#state = undefined
  }

  #take(topic: string, payload: string): void {
    const body = parsed(payload)
    if (topic === simulationTopics.state && isState(body)) this.#state = body
    else if (topic === simulationTopics.answers && isAnswer(body)) {
      if (this.#answers.has(body.id)) this.#answers.set(body.id, body)
    } else this.#settings.report(`${topic}: ${JSON.stringify(payload.slice(0, 80))} is none of a simulator's messages`)
    this.#changes.emit('change')
  }

  /** What `look` finds, now or with a change; undefined when the time is over. */
  async #found<T>(look: () => T | undefined, withinMs: number): Promise<T | undefined> {
    if (this.#changes.listenerCount('change') >= mostWaiting)
      throw new SimulatorUnreachable(`${mostWaiting} requests wait for the simulator already`)
    let found = look()
    if (found !== undefined) return found
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, withinMs)
    const onChange = () => {
      found = look()
      if (found !== undefined) resolve()
    }
    this.#changes.on('change', onChange).on('end', resolve)
    await promise
    clearTimeout(timer)
    this.#changes.off('change', onChange).off('end', resolve)
    return found
  }
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    // Told as what it is in the next step.
    return undefined
  }
}

/** The broker as it may be shown: without user and password. */
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)
