import { SaidConditions } from '../../../platform/conditions/said-conditions.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import {
  isNews,
  normalOf,
  outageConditionKinds,
  outageConditions,
  type OutageThresholds,
  type WatchedDay,
  type WatchedOutage,
} from '../domain/outage-conditions.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import type { ListedOutage } from '../messages.ts'
import type { ConjuntoState } from './conjunto-keeper.ts'
import type { Outlook, RankedOutage } from './outlook.ts'

/** What a list says that was not said before: who is listed, where, and with how many units out. */
export class OutageWatch {
  readonly #thresholds: OutageThresholds
  readonly #mostListed: number
  readonly #said = new SaidConditions({ area: 'continuity', kinds: outageConditionKinds, normalOf, isNews })
  #listed: string | undefined

  constructor(thresholds: OutageThresholds, mostListed: number) {
    this.#thresholds = thresholds
    this.#mostListed = mostListed
  }

  /** @returns the first outages; undefined where they are the same, with as many units out, as last time */
  listOf({ outages }: Outlook): readonly ListedOutage[] | undefined {
    const first = outages.slice(0, this.#mostListed)
    const key = JSON.stringify([
      outages.length,
      ...first.map(({ outage, unitsOut, estimatedBy }) => [outage.interruption.interruptionId, unitsOut, estimatedBy]),
    ])
    if (key === this.#listed) return undefined
    this.#listed = key
    return first.map(listedOutage)
  }

  /** Looks what stands of what was said: what of it ended while nothing ran is taken back next. */
  recall(queries: Queries): Promise<void> {
    return this.#said.recall(queries)
  }

  /** What holds now that was not said before, and what holds no more. */
  conditionsOf(outlook: Outlook, states: readonly ConjuntoState[]): readonly Condition[] {
    const { at, outages } = outlook
    const holding = outageConditions(outages.map(watchedOutage), states.flatMap(watchedDay), this.#thresholds, at)
    return this.#said.changes(holding, at)
  }
}

function listedOutage(one: RankedOutage): ListedOutage {
  const { interruptionId, eventId, elementId, feederId, startedAt } = one.outage.interruption
  return {
    ...{ rank: one.rank, interruptionId, eventId, elementId, feederId, startedAt, unitsOut: one.unitsOut },
    ...{ customerHours: one.customerHours, restoredAt: one.ends.restored, laterAt: one.ends.later },
    ...{ avoidedBrl: one.avoidedCents / 100, costBrl: one.asItStands.restored / 100, pendingUnits: one.pendingUnits },
  }
}

function watchedOutage({ outage, unitsOut, services, standing, steps, event }: RankedOutage): WatchedOutage {
  const { interruptionId, elementId, feederId, startedAt } = outage.interruption
  const { eventId, chiH, judgement, reachesAt } = event
  return {
    ...{ interruptionId, elementId, feederId, startedAt, unitsOut, services },
    steps: standing === 'uncounted' ? [] : (steps?.[standing] ?? []),
    event: { eventId, chiH, reachesAt, limitH: judgement?.limitH ?? null },
  }
}

const watchedDay = ({ conjuntoId, name, day, occurrences, threshold }: ConjuntoState): WatchedDay[] =>
  threshold ? [{ conjuntoId, name, day, occurrences, threshold: threshold.perDay }] : []
