import { civilDaysIn, type CivilDays } from '../../../platform/clock/civil-day.ts'
import type { Clock } from '../../../platform/clock/clock.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { Partitions } from '../../../platform/storage/partitions.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { yieldsOf } from '../domain/day-yields.ts'
import { expectOf } from '../domain/expected-power.ts'
import { moveCursor } from '../slots/cursor-repository.ts'
import type { StoredPlant } from '../slots/plant-repository.ts'
import { readSlots, type SlotSamples } from '../slots/slot-repository.ts'
import { SlotWalk, type SlotStep } from '../slots/slot-walk.ts'
import { openDays, writeDay, type CivilDay, type WrittenDay } from './day-repository.ts'
import { writePlantSlots, type PlantSlot } from './plant-slot-repository.ts'
import { appendRound, forgetSlots } from './round-repository.ts'

/** A day of a plant as it was computed. */
export interface FoundDay extends WrittenDay {
  readonly stored: StoredPlant
}

export interface RunningPerformanceOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  readonly timeZone: string
  /** How long minutes of readings are kept, and with them what plants made of 5 minutes; days are kept for ever. */
  readonly keepMs: number
  /** Told of each day that was computed, once it is stored. */
  found(day: FoundDay): void
  /** Told after each round. */
  progress(plants: number): void
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

/** The running day is computed anew each time that so much of it has passed. */
const againEveryMs = 15 * 60_000
/** Readings may come so late and count in their day. */
const lateMs = 3_600_000
const tidyEveryMs = 6 * 3_600_000
/** Days of a plant that nothing was computed of since: more is left to the next day's beginning. */
const mostOpenDays = 40

/** Computes what panels and plants make of their days, as far as the roll-ups are, and keeps it. */
export class RunningPerformance {
  readonly #database: Database
  readonly #options: RunningPerformanceOptions
  readonly #days: CivilDays
  readonly #partitions: Partitions
  readonly #walk: SlotWalk
  #tidyAt = 0

  constructor(database: Database, options: RunningPerformanceOptions) {
    this.#database = database
    this.#options = options
    this.#days = civilDaysIn(options.timeZone)
    this.#partitions = new Partitions(database)
    const { clock, clockIsSet, report } = options
    this.#walk = new SlotWalk(database, {
      ...{ consumer: 'performance', clock, clockIsSet, report, days: this.#days },
      take: (step) => this.#take(step),
      rounded: (plants, now) => this.#rounded(plants, now),
    })
  }

  close(): Promise<void> {
    return this.#walk.close()
  }

  async #take(step: SlotStep): Promise<void> {
    const { stored, from, to, dayBeginsAt } = step
    const { plantId } = stored
    const slots = plantSlotsOf(step)
    const days = [...(await this.#running(step)), ...(await this.#over(step))]
    for (const at of [from, to]) await this.#partitions.ensure('solar_plant_slot', at)
    for (const { beginsAt } of days) await this.#partitions.ensure('solar_panel_day', beginsAt)
    const isTaken = await this.#database.transaction(async (client) => {
      const queries = queriesOf(client)
      if (!(await moveCursor(queries, 'performance', plantId, { from, to }))) return false
      await writePlantSlots(queries, plantId, slots)
      for (const day of days) await writeDay(queries, day)
      const recordedAt = this.#options.clock.now()
      const round = { plantId, from, to, recordedAt }
      const today = { day: step.day, beginsAt: dayBeginsAt }
      await appendRound(queries, { ...round, slots: slots.length, civilDay: today, panels: 0 })
      for (const { day, beginsAt, panels } of days)
        await appendRound(queries, { ...round, from: to, slots: 0, civilDay: { day, beginsAt }, panels: panels.length })
      return true
    })
    if (isTaken) for (const day of days) this.#options.found(day)
  }

  /** The day of the step, each time that enough of it has passed, and at its end. */
  async #running({ stored, from, to, day, dayBeginsAt, slots, until }: SlotStep): Promise<FoundDay[]> {
    const end = this.#endOf({ day, beginsAt: dayBeginsAt })
    const isOver = to === end
    if (!isOver && Math.floor(from / againEveryMs) === Math.floor(to / againEveryMs)) return []
    const all = from === dayBeginsAt ? slots : await readSlots(this.#database, stored.keyOf, dayBeginsAt, to)
    return computed(stored, { day, beginsAt: dayBeginsAt }, all, isOver && until >= end + lateMs)
  }

  /** Days before, computed for good once what comes late has come. */
  async #over({ stored, from, to, dayBeginsAt }: SlotStep): Promise<FoundDay[]> {
    const finalAt = dayBeginsAt + lateMs
    if (from >= finalAt || to < finalAt) return []
    const found: FoundDay[] = []
    for (const civilDay of await openDays(this.#database, stored.plantId, dayBeginsAt, mostOpenDays)) {
      const slots = await readSlots(this.#database, stored.keyOf, civilDay.beginsAt, this.#endOf(civilDay))
      found.push(...computed(stored, civilDay, slots, true))
    }
    return found
  }

  /** A day that no zone has begins where its rows say. */
  #endOf({ day, beginsAt }: CivilDay): number {
    return this.#days.startOf(this.#days.next(day)) ?? beginsAt + 86_400_000
  }

  async #rounded(plants: number, now: number): Promise<void> {
    this.#options.progress(plants)
    if (performance.now() < this.#tidyAt) return
    await forgetSlots(this.#database, now - this.#options.keepMs, now)
    this.#tidyAt = performance.now() + tidyEveryMs
  }
}

/** What panels made of a day, of those that reported anything; none: there is no such day. */
function computed(
  stored: StoredPlant,
  { day, beginsAt }: CivilDay,
  slots: ReadonlyMap<number, SlotSamples>,
  isFinal: boolean,
): FoundDay[] {
  const { plant, plantId, keyOf } = stored
  const yields = yieldsOf(
    plant,
    [...slots].map(([at, samples]) => ({ at, samples })),
  )
  const panels = plant.panels.flatMap(({ panelId, ratedW }) => {
    const sums = yields.get(panelId)!
    return sums.hours > 0 ? [{ deviceKey: keyOf.get(panelId)!, ratedW, sums }] : []
  })
  if (panels.length === 0) return []
  return [{ day, beginsAt, plantId, isFinal, tariffBrlPerKwh: plant.tariffBrlPerKwh, panels, stored }]
}

function plantSlotsOf({ stored: { plant }, slots }: SlotStep): PlantSlot[] {
  return [...slots].flatMap(([at, samples]) => {
    const expected = expectOf(plant, at, samples)
    const judged = plant.panels.flatMap(({ panelId }) => {
      const { powerW = null } = samples.get(panelId) ?? {}
      const due = expected.get(panelId)
      return powerW !== null && due ? [{ powerW, due }] : []
    })
    if (judged.length === 0) return []
    const sum = (of: (one: (typeof judged)[number]) => number) => judged.reduce((total, one) => total + of(one), 0)
    return [
      {
        ...{ at, powerW: sum(({ powerW }) => powerW), expectedW: sum(({ due }) => due.powerW) },
        irradianceWm2: sum(({ due }) => due.irradianceWm2) / judged.length,
        ...{ basis: judged[0]!.due.basis, reporting: judged.length, panels: plant.panels.length },
      },
    ]
  })
}
