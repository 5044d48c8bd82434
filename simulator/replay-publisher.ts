import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync, type MqttClient } from 'mqtt'
import { accessOptions, reasonOf, shownUrl, type Broker } from './broker.ts'
import type { Outgoing } from './connection.ts'

/** Messages sent and not yet acknowledged, at most: beyond it whoever sends waits. */
const mostInFlight = 1_000

/**
 * A connection that sends in order, at QoS 1, as fast as the broker acknowledges. What is under way when it is lost is
 * sent again, in the same order, when it is back.
 */
export class ReplayPublisher {
  #client: MqttClient
  #stopped: AbortSignal
  #inFlight = 0
  #refused = 0
  #waiting: (() => void)[] = []

  /**
   * @param stopped  nothing is waited for any more
   * @throws Error where the broker cannot be reached, or does not let us in
   */
  static async connect(
    broker: Broker,
    device: string,
    stopped: AbortSignal,
    tell: (line: string) => void,
  ): Promise<ReplayPublisher> {
    const clientId = `replay-${device}-${process.pid}`
    const options = { ...accessOptions(broker), clientId, protocolVersion: 4, reconnectPeriod: 1_000 } as const
    const url = shownUrl(broker)
    try {
      return new ReplayPublisher(await connectAsync(broker.url, options, false), url, stopped, tell)
    } catch (error) {
      throw new Error(`${url} cannot be reached: ${reasonOf(error)}`, { cause: error })
    }
  }

  private constructor(client: MqttClient, url: string, stopped: AbortSignal, tell: (line: string) => void) {
    this.#client = client
    this.#stopped = stopped
    stopped.addEventListener('abort', () => this.#proceed())
    let isAway = false
    client.on('close', () => {
      if (!isAway && !client.disconnecting) tell(`${url} is away: waiting for it`)
      isAway = true
    })
    client.on('connect', () => {
      if (isAway) tell(`${url} is back`)
      isAway = false
    })
    // That the connection is lost was told; it is tried again until somebody stops us.
    client.on('error', () => undefined)
  }

  /** Messages that were given up. */
  get refused(): number {
    return this.#refused
  }

  /** Takes a message; resolves when there is room for the next one. */
  async send({ topic, payload, retain }: Outgoing): Promise<void> {
    this.#inFlight++
    this.#client.publish(topic, payload, { qos: 1, retain }, (error) => {
      if (error) this.#refused++
      this.#inFlight--
      this.#proceed()
    })
    while (this.#inFlight >= mostInFlight && !this.#stopped.aborted) await this.#acknowledgement()
  }

  /** Waits until all that was sent is acknowledged (stopped, for `patienceMs` at most), and ends; the rest is given up. */
  async close(patienceMs: number): Promise<void> {
    while (this.#inFlight > 0 && !this.#stopped.aborted) await this.#acknowledgement()
    const patience = sleep(patienceMs, undefined, { ref: false }).then(() => false)
    while (this.#inFlight > 0 && (await Promise.race([this.#acknowledgement().then(() => true), patience])));
    await this.#client.endAsync(this.#inFlight > 0)
    this.#refused += this.#inFlight
    this.#inFlight = 0
  }

  #acknowledgement(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #proceed(): void {
    for (const proceed of this.#waiting.splice(0)) proceed()
  }
}
