import { once } from 'node:events'
import type { MqttClient } from 'mqtt'
import { keepConnected, type BrokerLine } from '../../../platform/broker/keep-connected.ts'
import { pause } from '../../../platform/clock/pause.ts'
import { messageOf } from '../../../platform/node/message-of.ts'
import { commandMessage, commandTopic, travels, type Sending } from './message.ts'

/** The broker, as the dispatcher, who alone may publish commands. */
export interface CommandSenderOptions extends BrokerLine {
  /** Of the installation, of which the keys of devices are derived. */
  readonly secret: string
  /** Told of what went wrong, once until something else does or it is well again. */
  report(error: unknown): void
}

/** So long the broker may take to confirm; after that the connection ends, and what it may still hold is not sent again. */
const confirmWithinMs = 10_000
/** A connection that is dead is found out before what waits in it could go out long after it was said. */
const keepaliveS = 10
const probeWithinMs = 2_000
const closeWithinMs = 2_000
const closeRestMs = 10
/** No device's: what is published there comes back to who may publish and read commands. */
const probeTopic = commandTopic('linha-viva.probe')

/**
 * Publishes commands. Each connection is a new one: what an old one left behind is never sent by it, for only who wrote an attempt
 * into the database may send it.
 */
export class CommandSender {
  readonly #options: CommandSenderOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #client: MqttClient | undefined
  /** Of this connection. */
  #unconfirmed = 0
  #told = ''

  constructor(options: CommandSenderOptions) {
    this.#options = options
    this.#running = keepConnected(
      { url: options.url, connection: { ...options.connection, keepalive: keepaliveS } },
      (client, ends, wellAgain) => this.#session(client, ends, wellAgain),
      (error) => this.#report(new Error(`commands wait: ${messageOf(error)}`)),
      this.#closing.signal,
    )
  }

  /** Whether commands can be sent now: the broker is there, and passes them on. */
  get isReady(): boolean {
    return this.#client?.connected === true
  }

  /** Sent, and not confirmed by the broker yet. */
  get unconfirmed(): number {
    return this.#unconfirmed
  }

  /**
   * Hands a phase of a command to the connection, at once.
   * @param confirmed  called when the broker has confirmed that it has it: not for what goes once, now or never
   * @returns whether it was handed over; if not, it is certain that nothing of it was sent
   */
  send(sending: Sending, now: number, confirmed: () => void): boolean {
    const client = this.#client
    if (!client?.connected) return false
    const payload = JSON.stringify(commandMessage(sending, this.#options.secret))
    const options = travels(sending, client.options.protocolVersion ?? 4, now)
    const late = setTimeout(() => client.end(true), confirmWithinMs)
    this.#unconfirmed++
    client.publish(commandTopic(sending.command.deviceId), payload, options, (error) => {
      clearTimeout(late)
      if (client === this.#client) this.#unconfirmed--
      if (error) this.#report(error)
      else if (options.qos === 1) confirmed()
    })
    return true
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  /** Ends with its connection; before that goes out what was written as sent, for nobody else will send it. */
  async #session(client: MqttClient, ends: AbortSignal, wellAgain: () => void): Promise<void> {
    try {
      await requirePassage(client, ends)
      this.#client = client
      this.#unconfirmed = 0
      this.#told = ''
      wellAgain()
      if (!ends.aborted) await once(ends as never, 'abort')
      await this.#handedOver(client)
    } finally {
      this.#client = undefined
      this.#unconfirmed = 0
    }
  }

  async #handedOver(client: MqttClient): Promise<void> {
    const lost = new AbortController()
    client.once('close', () => lost.abort())
    const until = performance.now() + closeWithinMs
    while (this.#unconfirmed > 0 && client.connected && performance.now() < until) await pause(closeRestMs, lost.signal)
  }

  #report(error: unknown): void {
    const detail = messageOf(error)
    if (this.#told !== detail) this.#options.report(error)
    this.#told = detail
  }
}

/**
 * A broker does not say that it keeps to itself what somebody without the right has published.
 * @throws Error where what is published on the topics of commands goes nowhere
 */
async function requirePassage(client: MqttClient, signal: AbortSignal): Promise<void> {
  const heard = new AbortController()
  client.once('message', () => heard.abort())
  const [granted] = await client.subscribeAsync(probeTopic, { qos: 0 })
  if (granted && granted.qos < 0x80) {
    await client.publishAsync(probeTopic, '', { qos: 0 })
    await pause(probeWithinMs, AbortSignal.any([signal, heard.signal]))
  }
  if (!heard.signal.aborted && !signal.aborted)
    throw new Error(
      'the broker does not pass on what is published on grid/commands/+: has its user the right of the dispatcher?',
    )
  await client.unsubscribeAsync(probeTopic)
}
