import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import type { Clock } from '../../../platform/clock/clock.ts'
import { SaidConditions } from '../../../platform/conditions/said-conditions.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { conditionKinds } from '../../../platform/wire/condition-kinds.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import type { AnomalyChange } from '../domain/detectors/anomaly.ts'
import { emptySiteState, stateVersion, type SiteState } from '../domain/detectors/state.ts'
import { moveCursor } from '../slots/cursor-repository.ts'
import { readRefused, withRefused } from '../slots/refused-readings.ts'
import { SlotWalk, type SlotStep } from '../slots/slot-walk.ts'
import {
  detectorState,
  endAllOf,
  endOfGone,
  enterChanges,
  keepDetectorState,
  lastingAnomalies,
} from './anomaly-repository.ts'
import { detectStep, type Scores } from './detect-step.ts'
import { enterDoubts, forgetDoubts } from './doubt-repository.ts'
import { isSolarNews, solarConditions, solarNormal } from './solar-conditions.ts'

export interface RunningAnomaliesOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  readonly timeZone: string
  /** How long minutes of readings are kept. */
  readonly keepMs: number
  readonly scores: Scores
  /** Told what became of anomalies, once it is stored. */
  changed(changes: readonly AnomalyChange[]): void
  /** Told what began and ended for alarms. */
  conditions(conditions: readonly Condition[]): void
  /** Told after each round. */
  progress(anomalies: number, plants: number): void
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

/** Conditions that were lost on their way are said again by then. */
const recallEveryMs = 60_000
const tidyEveryMs = 6 * 3_600_000
/** More at once are no alarms of panels. */
const mostLasting = 2_000
/** States that are held ready: each is as much as its plant has panels. */
const mostHeld = 50

/** Looks at what panels report, slot by slot, and keeps what is amiss with them; all of it rests on what is stored. */
export class RunningAnomalies {
  readonly #database: Database
  readonly #options: RunningAnomaliesOptions
  readonly #walk: SlotWalk
  readonly #said = new SaidConditions({
    ...{ area: 'solar', kinds: conditionKinds.solar, normalOf: solarNormal, isNews: isSolarNews },
  })
  /** By plant, with the end of the slots that it took: read again where the cursor stands elsewhere. */
  readonly #states = new Map<string, { readonly until: number; readonly state: SiteState }>()
  #recallAt = -Infinity
  #tidyAt = 0

  constructor(database: Database, options: RunningAnomaliesOptions) {
    this.#database = database
    this.#options = options
    const { clock, clockIsSet, report, timeZone } = options
    this.#walk = new SlotWalk(database, {
      ...{ consumer: 'anomaly', clock, clockIsSet, report, days: civilDaysIn(timeZone) },
      take: (step, signal) => this.#take(step, signal),
      rounded: (plants, now) => this.#rounded(plants, now),
    })
  }

  close(): Promise<void> {
    return this.#walk.close()
  }

  async #take(step: SlotStep, signal: AbortSignal): Promise<void> {
    const { stored, from, to } = step
    const { plantId, keyOf } = stored
    const held = this.#states.get(plantId)
    this.#states.delete(plantId)
    const known = held?.until === from ? held.state : await detectorState<SiteState>(this.#database, plantId, stateVersion) // prettier-ignore
    const refused = await readRefused(this.#database, [...keyOf.keys()], from, to)
    const whole = { ...step, slots: withRefused(step.slots, refused) }
    const { state, changes, doubts } = await detectStep(known ?? emptySiteState, whole, this.#options.scores, signal)
    const isTaken = await this.#database.transaction(async (client) => {
      const queries = queriesOf(client)
      if (!(await moveCursor(queries, 'anomaly', plantId, { from, to }))) return false
      if (!known) await endAllOf(queries, plantId, from)
      await enterChanges(queries, plantId, keyOf, changes)
      await enterDoubts(queries, doubts)
      await keepDetectorState(queries, plantId, stateVersion, state)
      return true
    })
    if (!isTaken) return
    this.#states.set(plantId, { until: to, state })
    for (const oldest of [...this.#states.keys()].slice(0, -mostHeld)) this.#states.delete(oldest)
    if (changes.length > 0) this.#options.changed(changes)
  }

  async #rounded(plants: number, now: number): Promise<void> {
    const { conditions, progress } = this.#options
    await endOfGone(this.#database, now)
    if (performance.now() >= this.#recallAt) {
      await this.#said.recall(this.#database)
      this.#recallAt = performance.now() + recallEveryMs
    }
    const lasting = await lastingAnomalies(this.#database, mostLasting)
    const changes = this.#said.changes(solarConditions(lasting), now)
    if (changes.length > 0) conditions(changes)
    progress(lasting.length, plants)
    if (performance.now() < this.#tidyAt) return
    await forgetDoubts(this.#database, now - this.#options.keepMs)
    this.#tidyAt = performance.now() + tidyEveryMs
  }
}
