import {
  outageConditions,
  type OutageThresholds,
  type Said,
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
  #said: Said = new Map()
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

  /** What holds now that was not said before, and what holds no more. */
  conditionsOf(outlook: Outlook, states: readonly ConjuntoState[]): readonly Condition[] {
    const { conditions, said } = outageConditions(
      ...[outlook.outages.map(watchedOutage), states.flatMap(watchedDay), this.#thresholds, this.#said, outlook.at],
    )
    this.#said = said
    return conditions
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

function watchedOutage({ outage, services, standing, steps, event }: RankedOutage): WatchedOutage {
  const { interruptionId, elementId, feederId, startedAt } = outage.interruption
  const { eventId, chiH, judgement, reachesAt } = event
  return {
    ...{ interruptionId, elementId, feederId, startedAt, services },
    steps: standing === 'uncounted' ? [] : (steps?.[standing] ?? []),
    event: { eventId, chiH, reachesAt, limitH: judgement?.limitH ?? null },
  }
}

const watchedDay = ({ conjuntoId, name, day, occurrences, threshold }: ConjuntoState): WatchedDay[] =>
  threshold ? [{ conjuntoId, name, day, occurrences, threshold: threshold.perDay }] : []
