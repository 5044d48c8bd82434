import type { CivilDays } from '../../../platform/clock/civil-day.ts'
import type { Clock } from '../../../platform/clock/clock.ts'
import { messageOf } from '../../../platform/node/message-of.ts'
import { DatabaseUnavailable, type Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { sampleMs } from '../domain/expected-power.ts'
import { beginCursor, cursorsOf, type SlotConsumer } from './cursor-repository.ts'
import { findPlant, plantIds, type StoredPlant } from './plant-repository.ts'
import { firstMinute, readSlots, rolledUpUntil, type SlotSamples } from './slot-repository.ts'

/** Slots of one plant that are to be taken together: of one civil day, in order. */
export interface SlotStep {
  readonly stored: StoredPlant
  /** First slot, and the end of the last one; UTC milliseconds. */
  readonly from: number
  readonly to: number
  /** Civil day that they are of, and its first instant. */
  readonly day: string
  readonly dayBeginsAt: number
  /** As far as there is anything to take now. */
  readonly until: number
  /** By the beginning of the slot. */
  readonly slots: ReadonlyMap<number, SlotSamples>
}

export interface SlotWalkOptions {
  readonly consumer: SlotConsumer
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  readonly days: CivilDays
  /** Takes the slots, and moves the cursor in the transaction that writes what comes of them. */
  take(step: SlotStep, signal: AbortSignal): Promise<void>
  /** After each round, with the plants that there are. */
  rounded?(plants: number, now: number): Promise<void> | void
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

const dayMs = 86_400_000
/** Readings are on their way for so long, and come some at a time. */
const graceMs = 60_000
/** Who begins looks so far back: enough to know what is usual, and no year at once. */
const beginsBackMs = 35 * dayMs
const restMs = 5_000
/** However fast simulated time passes: nine tenths of the time is left to other work. */
const restFactor = 9
/** A round works so long at most, ms of the machine, and goes on in the next one. */
const roundMs = 250
const plantsAtOnce = 500

/**
 * Walks through what the panels of each plant reported, in slots of 5 minutes and in order, as far as the roll-ups are: a plant and
 * up to a civil day at a step, the plant that is furthest behind first. How far it has come stands in PostgreSQL.
 */
export class SlotWalk {
  readonly #database: Database
  readonly #options: SlotWalkOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #isBehind = false

  constructor(database: Database, options: SlotWalkOptions) {
    this.#database = database
    this.#options = options
    const rest = { restMs: () => (this.#isBehind ? 0 : restMs), restFactor }
    const rounds = { ...rest, round: (signal: AbortSignal) => this.#round(signal), report: options.report }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { clock, clockIsSet, consumer, rounded } = this.#options
    if (!clockIsSet()) return
    const began = performance.now()
    const now = clock.now()
    const until = slotBefore((await rolledUpUntil(this.#database, now)) - graceMs)
    const plants = await this.#plants()
    const cursors = await cursorsOf(this.#database, consumer, plants)
    const behind = plants
      .map((plantId) => ({ plantId, from: cursors.get(plantId) ?? -Infinity }))
      .filter(({ from }) => from < until)
      .sort((one, other) => one.from - other.from)
    this.#isBehind = false
    const faults: unknown[] = []
    for (const { plantId, from } of behind) {
      if (signal.aborted) return
      if (performance.now() - began > roundMs) {
        this.#isBehind = true
        break
      }
      try {
        const isDone = await this.#step(plantId, from, until, signal)
        this.#isBehind ||= !isDone
      } catch (error) {
        // One plant that cannot be judged keeps no other one waiting.
        if (error instanceof DatabaseUnavailable || signal.aborted) throw error
        faults.push(new Error(`solar plant ${plantId}: ${messageOf(error)}`, { cause: error }))
      }
    }
    await rounded?.(plants.length, now)
    if (faults.length > 0) throw faults[0]
  }

  async #plants(): Promise<string[]> {
    const plants: string[] = []
    for (let isFull = true; isFull;) {
      const page = await plantIds(this.#database, plants.at(-1) ?? '', plantsAtOnce)
      plants.push(...page)
      isFull = page.length === plantsAtOnce
    }
    return plants
  }

  /** @returns whether the plant has come as far as there is anything to take */
  async #step(plantId: string, stood: number, until: number, signal: AbortSignal): Promise<boolean> {
    const { consumer, days, take } = this.#options
    const stored = await findPlant(this.#database, plantId)
    if (!stored) return true
    if (stood === -Infinity) {
      await beginCursor(this.#database, consumer, plantId, await this.#beginning(stored, until))
      return false
    }
    const day = days.dayOf(stood)
    const to = Math.min(until, days.startOf(days.next(day)) ?? stood + dayMs)
    const slots = await readSlots(this.#database, stored.keyOf, stood, to)
    await take({ stored, from: stood, to, day, dayBeginsAt: days.startOf(day) ?? stood, until, slots }, signal)
    return to === until
  }

  async #beginning({ keyOf }: StoredPlant, until: number): Promise<number> {
    const { days } = this.#options
    const first = await firstMinute(this.#database, keyOf, until - beginsBackMs)
    return first === null ? until : (days.startOf(days.dayOf(first)) ?? slotBefore(first))
  }
}

const slotBefore = (instant: number): number => Math.floor(instant / sampleMs) * sampleMs
