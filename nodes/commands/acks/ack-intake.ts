import type { HeldMessage } from '../../../platform/broker/held-acknowledgements.ts'
import type { Clock } from '../../../platform/clock/clock.ts'
import { pause } from '../../../platform/clock/pause.ts'
import type { ReceivedAck } from '../keeper/ack-repository.ts'
import type { ChangedCommand } from '../keeper/change-commands.ts'
import type { RefusedAnswer } from '../messages.ts'
import { readAck } from './ack-message.ts'

export interface AckIntakeOptions {
  readonly clock: Clock
  /** Stores answers with all that they change. */
  store(received: readonly ReceivedAck[]): Promise<readonly ChangedCommand[]>
  /** Told of answers once they are stored, each with what came of it. */
  stored(received: readonly ReceivedAck[], changed: readonly ChangedCommand[]): void
  /** Told of what is no answer to a command of ours: nobody will make one of it. */
  refused(answers: readonly RefusedAnswer[]): void
  report(error: unknown): void
}

/** Answers wait so long for company, ms. */
const batchMs = 10
const mostAtOnce = 500
/** Taken from the broker and not stored yet. */
const mostInFlight = 2_000
const retryMs = 1_000
const shownBytes = 500

/**
 * Takes from the broker what devices answer, and confirms each message once it is stored with all that it changed: what is lost on
 * the way the broker brings again. What is in flight is bounded: beyond it `receive` waits, and so does the broker.
 */
export class AckIntake {
  readonly #options: AckIntakeOptions
  readonly #closing = new AbortController()
  #waiting: (HeldMessage & { readonly receivedAt: number })[] = []
  #inFlight = 0
  #roomWanted: (() => void)[] = []
  #running: Promise<void> | undefined

  constructor(options: AckIntakeOptions) {
    this.#options = options
  }

  /** Takes one message; resolves when there is room for the next. */
  async receive(message: HeldMessage): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#inFlight++
    this.#waiting.push({ ...message, receivedAt: this.#options.clock.now() })
    this.#running ??= this.#run().finally(() => (this.#running = undefined))
    while (this.#inFlight >= mostInFlight && !this.#closing.signal.aborted)
      await new Promise<void>((resolve) => this.#roomWanted.push(resolve))
  }

  /** Forgets what is not stored: the broker still has it. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#giveRoom()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    await pause(batchMs, signal)
    while (this.#waiting.length > 0 && !signal.aborted) {
      const messages = this.#waiting.splice(0, mostAtOnce)
      if (!(await this.#take(messages))) return
      for (const { acknowledge } of messages) acknowledge()
      this.#inFlight -= messages.length
      this.#giveRoom()
    }
  }

  /** @returns whether they are stored; not where it is closed before */
  async #take(messages: readonly (HeldMessage & { readonly receivedAt: number })[]): Promise<boolean> {
    const refused: RefusedAnswer[] = []
    const received: ReceivedAck[] = []
    for (const { topic, payload, receivedAt } of messages) {
      const read = readAck(topic, payload)
      if ('problem' in read)
        refused.push({ topic, problem: read.problem, text: payload.toString('utf8', 0, shownBytes) })
      else received.push({ ...read, receivedAt })
    }
    const changed = await this.#store(received)
    if (!changed) return false
    this.#options.stored(received, changed)
    if (refused.length > 0) this.#options.refused(refused)
    return true
  }

  async #store(received: readonly ReceivedAck[]): Promise<readonly ChangedCommand[] | undefined> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        return await this.#options.store(received)
      } catch (error) {
        if (signal.aborted) return undefined
        this.#options.report(error)
        await pause(retryMs, signal)
      }
    }
    return undefined
  }

  #giveRoom(): void {
    for (const proceed of this.#roomWanted.splice(0)) proceed()
  }
}
