import { machineClock, type Clock } from '../clock/clock.ts'

/** What became of a batch: every item of it stands in exactly one of the counts. */
export interface Outcome {
  stored: number
  duplicates: number
  quarantined: number
}

export interface Waiting {
  /** The batch is durable. */
  onSettled(outcome: Outcome): void
  /** Nobody settled it in time: it may be lost in the flow. It stays open; called again after each further deadline. */
  onOverdue(ageMs: number): void
}

/**
 * Batches on their way through the flow. Wires carry their numbers, never functions, so any node may stand between
 * the one that emits a batch and the one that settles it.
 */
export class Acknowledgements {
  #open = new Map<number, Waiting & { since: number; due: number; deadlineMs: number }>()
  #last = 0
  #clock: Clock
  #timer: NodeJS.Timeout | undefined

  constructor(clock: Clock = machineClock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#open.size
  }

  /** @returns the number under which the batch is settled later */
  open(deadlineMs: number, waiting: Waiting): number {
    const id = ++this.#last
    const since = this.#clock.now()
    this.#open.set(id, { ...waiting, since, due: since + deadlineMs, deadlineMs })
    this.#timer ??= setInterval(() => this.checkDeadlines(), 500).unref()
    return id
  }

  /** @returns whether anybody still waited for it */
  settle(id: number, outcome: Outcome): boolean {
    const waiting = this.#take(id)
    waiting?.onSettled(outcome)
    return waiting !== undefined
  }

  /** Whether somebody still waits for it. */
  isOpen(id: number): boolean {
    return this.#open.has(id)
  }

  /** Nobody waits for it any more: its source was closed. */
  abandon(id: number): void {
    this.#take(id)
  }

  checkDeadlines(): void {
    const now = this.#clock.now()
    for (const waiting of this.#open.values()) {
      if (now < waiting.due) continue
      waiting.due = now + waiting.deadlineMs
      waiting.onOverdue(now - waiting.since)
    }
  }

  #take(id: number) {
    const waiting = this.#open.get(id)
    this.#open.delete(id)
    if (this.#open.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
    return waiting
  }
}

/** The one of this process. */
export const acknowledgements = new Acknowledgements()
