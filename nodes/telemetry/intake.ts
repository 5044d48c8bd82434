import { setTimeout as delay } from 'node:timers/promises'
import type { Acknowledgements } from '../../platform/node/acknowledgements.ts'
import { machineClock, type Clock } from '../../platform/clock/clock.ts'
import { asError } from '../../platform/node/message-of.ts'
import type { TelemetryBatch } from './messages.ts'
import type { HeldMessage } from '../../platform/broker/held-acknowledgements.ts'
import type { Fault, FieldMessage } from './domain/interpret.ts'

export interface IntakeOptions {
  /** A batch waits this long for company, ms. */
  batchMs: number
  /** A batch has this many messages at most. */
  batchSize: number
  /** Messages and bytes taken from the broker and not yet durable, at most. */
  maxInFlight: number
  maxInFlightBytes: number
  /** A batch that nobody settled for this long is emitted again, ms. */
  deadlineMs: number
}

export interface IntakeSteps {
  /** Interprets and admits one message. Rejects while the database cannot be asked. */
  prepare(messages: FieldMessage[]): Promise<TelemetryBatch[][]>
  /** Sends a batch down the flow, for the first time or again. */
  emit(batch: TelemetryBatch, again: boolean): void
  /** A batch is overdue: someone ought to know. */
  complain(error: Error): void
}

interface Taken {
  message: FieldMessage
  /** By the machine's clock. */
  since: number
  acknowledge(): void
  /** Batches with something of this message in them that are not settled yet. */
  open: number
  /** Items of this message in the last batch of each topic that it was put into. */
  items: Partial<Record<TelemetryBatch['topic'], number>>
}

/**
 * Takes messages from the broker, emits them as batches, and acknowledges each one when every batch that has
 * something of it is settled. What is in flight is bounded: beyond it `receive` waits, and so does the broker.
 */
export class Intake {
  #steps: IntakeSteps
  #options: IntakeOptions
  #acknowledgements: Acknowledgements
  #clock: Clock
  #machine: Clock
  #pending: Taken[] = []
  #inFlight = new Set<Taken>()
  #inFlightBytes = 0
  #openBatches = new Set<number>()
  #openItems = 0
  #roomWanted: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined
  #flushing = false
  #closed = false

  /** @param clock  says when a message was received; what is late for the machine is measured by the machine's */
  constructor(
    options: IntakeOptions,
    steps: IntakeSteps,
    acknowledgements: Acknowledgements,
    clock: Clock,
    machine: Clock = machineClock,
  ) {
    this.#options = options
    this.#steps = steps
    this.#acknowledgements = acknowledgements
    this.#clock = clock
    this.#machine = machine
  }

  get inFlight(): number {
    return this.#inFlight.size
  }

  /** Age of the oldest message that is not durable yet, ms; 0 where there is none. */
  get lagMs(): number {
    const [oldest] = this.#inFlight
    return oldest ? Math.round(this.#machine.now() - oldest.since) : 0
  }

  /**
   * Takes one message; resolves when there is room for the next.
   * @param refusal  where the protocol that brought it found it at fault already
   */
  async receive(
    { topic, payload, repeated, acknowledge }: Omit<HeldMessage, 'repeated'> & Partial<HeldMessage>,
    refusal?: Fault,
  ): Promise<void> {
    if (this.#closed) return
    const message: FieldMessage = { topic, payload, receivedAt: this.#clock.now() }
    if (repeated) message.repeated = true
    if (refusal) message.refusal = refusal
    const taken: Taken = { message, since: this.#machine.now(), acknowledge, open: 0, items: {} }
    this.#inFlight.add(taken)
    this.#inFlightBytes += payload.length
    this.#pending.push(taken)
    if (this.#pending.length >= this.#options.batchSize) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), this.#options.batchMs)
    while (this.#isFull() && !this.#closed) await new Promise<void>((resolve) => this.#roomWanted.push(resolve))
  }

  /** Forgets what is in flight: the broker still has it, and delivers it again. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const id of this.#openBatches) this.#acknowledgements.abandon(id)
    this.#openBatches.clear()
    this.#inFlight.clear()
    this.#pending = []
    this.#giveRoom()
  }

  #isFull(): boolean {
    return this.#inFlight.size >= this.#options.maxInFlight || this.#inFlightBytes >= this.#options.maxInFlightBytes
  }

  #giveRoom(): void {
    if (this.#isFull() && !this.#closed) return
    for (const proceed of this.#roomWanted.splice(0)) proceed()
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#flushing || this.#pending.length === 0 || this.#openItems >= mostOpenItems) return
    this.#flushing = true
    const taken = this.#takePending()
    this.#emitPending(taken)
      .catch(async (error: unknown) => {
        this.#steps.complain(asError(error))
        await delay(retryMs)
        this.#pending.unshift(...taken)
      })
      .finally(() => {
        this.#flushing = false
        this.#goOn()
      })
  }

  #goOn(): void {
    if (this.#closed || this.#flushing) return
    if (this.#pending.length >= this.#options.batchSize) this.#flush()
    else if (this.#pending.length > 0) this.#timer ??= setTimeout(() => this.#flush(), this.#options.batchMs)
  }

  /** As many messages as make up a batch, and no more bytes than are easily taken apart: at least one. */
  #takePending(): Taken[] {
    let count = 0
    let bytes = 0
    for (const { message } of this.#pending) {
      bytes += message.payload.length
      if (count === this.#options.batchSize || (count > 0 && bytes > mostBytesInBatch)) break
      count++
    }
    return this.#pending.splice(0, count)
  }

  async #emitPending(taken: Taken[]): Promise<void> {
    const prepared = await this.#prepare(taken)
    if (!this.#closed) this.#emitParts(partsOf(taken, prepared, mostItemsInBatch))
  }

  #emitParts(parts: Part[]): void {
    for (const part of parts) for (const one of part.taken) one.open++
    for (const part of parts) this.#emitPart(part)
  }

  #emitPart({ batch, taken, counts }: Part): void {
    const { topic } = batch
    // Counted now: a node on the way may shorten the payload.
    const items = batch.payload.length
    taken.forEach((one, index) => (one.items[topic] = counts[index]!))
    const id = this.#acknowledgements.open(this.#options.deadlineMs, {
      onSettled: () => this.#settled(id, taken, items),
      onOverdue: (ageMs) => {
        const seconds = Math.round(ageMs / 1_000)
        this.#steps.complain(
          new Error(`batch ${id} (${topic}, ${taken.length} messages) is not stored after ${seconds} s: emitted again`),
        )
        this.#emitAgain(id, topic, taken).catch((error: unknown) => this.#steps.complain(asError(error)))
      },
    })
    this.#openBatches.add(id)
    this.#openItems += items
    this.#emit({ ...batch, batchId: id }, false)
  }

  /**
   * Interprets the messages anew: what was emitted may have been changed on its way. Under the same number, so that
   * whichever copy reaches the store first settles it. What goes another way by now, because its device was approved
   * or rejected meanwhile, is in no copy under this number: it goes in a batch of its own.
   */
  async #emitAgain(id: number, topic: TelemetryBatch['topic'], taken: Taken[]): Promise<void> {
    const prepared = await this.#prepare(taken)
    if (!this.#acknowledgements.isOpen(id)) return
    const same = prepared.map((batches) => batches.filter((batch) => batch.topic === topic))
    const moved = prepared.map((batches, index) =>
      batches.filter((batch) => batch.payload.length > (taken[index]!.items[batch.topic] ?? 0)),
    )
    const [again] = partsOf(taken, same, Infinity)
    this.#emitParts(partsOf(taken, moved, mostItemsInBatch))
    if (again) this.#emit({ ...again.batch, batchId: id }, true)
    else this.#acknowledgements.settle(id, { stored: 0, duplicates: 0, quarantined: 0 })
  }

  /** A flow that throws has not taken the batch: it stays open, and is emitted again when it is due. */
  #emit(batch: TelemetryBatch, again: boolean): void {
    try {
      this.#steps.emit(batch, again)
    } catch (error) {
      this.#steps.complain(asError(error))
    }
  }

  #prepare(taken: Taken[]): Promise<TelemetryBatch[][]> {
    return this.#steps.prepare(taken.map(({ message }) => message))
  }

  #settled(id: number, taken: Taken[], items: number): void {
    this.#openBatches.delete(id)
    this.#openItems -= items
    for (const one of taken) {
      if (--one.open > 0 || !this.#inFlight.delete(one)) continue
      this.#inFlightBytes -= one.message.payload.length
      one.acknowledge()
    }
    this.#giveRoom()
    this.#goOn()
  }
}

interface Part {
  batch: TelemetryBatch
  /** The messages that have something in the batch. */
  taken: Taken[]
  /** How many items of it each of them has. */
  counts: number[]
}

/** Puts together what goes the same way, never splitting what one message has in it. */
function partsOf(taken: Taken[], prepared: TelemetryBatch[][], mostItems: number): Part[] {
  const parts: Part[] = []
  const filling = new Map<TelemetryBatch['topic'], Part>()
  taken.forEach((one, index) => {
    for (const { topic, payload } of prepared[index] ?? []) {
      let part = filling.get(topic)
      if (!part || part.batch.payload.length + payload.length > mostItems) {
        part = { batch: { topic, payload: [] } as TelemetryBatch, taken: [], counts: [] }
        filling.set(topic, part)
        parts.push(part)
      }
      part.taken.push(one)
      part.counts.push(payload.length)
      for (const item of payload) (part.batch.payload as unknown[]).push(item)
    }
  })
  return parts
}

/** A message can carry thousands of items, and the store takes so many in one commit. */
const mostItemsInBatch = 5_000

const mostBytesInBatch = 262_144
/**
 * Items taken apart and not settled yet: the next messages stay as they came until there are fewer. Some kilobytes can
 * be thousands of items, each many times its size once it is an object, and the store lets only so many wait.
 */
const mostOpenItems = 50_000

const retryMs = 1_000
