import type { Clock } from '../../../platform/clock/clock.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { endOf } from '../domain/demand-response/call.ts'
import type { Civil } from '../domain/demand-response/program-window.ts'
import type { DemandEventTold, DemandResultsTold } from '../messages.ts'
import { findEvent } from './event-repository.ts'
import { enterOccurrences } from './occurrences.ts'
import { markTold, untold } from './progress-repository.ts'
import { resultsOf } from './result-repository.ts'
import { computeDueResults } from './results-round.ts'

export interface DemandRoundOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** Days and clocks of the zone in which days are alike. */
  readonly civil: Civil
  readonly referenceBrlPerKwh: number
  /** Sends on; whoever comes after has it when this returns. */
  event(message: DemandEventTold): void
  results(message: DemandResultsTold): void
  /** Told of each round that went well, with the events in force. */
  progress(): Promise<void> | void
  report(error: unknown): void
}

const restMs = 1_000
/** Results take their time from the machine: it is left to others. */
const restFactor = 9
const mostTold = 200

/**
 * Makes the rounds of demand response until the signal aborts: windows of programs become events, what began and ended is told, and
 * results are computed. What is told is marked after it was sent: after a crash it may be told twice, never not at all.
 */
export function keepDemandResponse(
  database: Database,
  options: DemandRoundOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, clockIsSet, report } = options
  async function round(): Promise<void> {
    if (!clockIsSet()) return
    const at = clock.now()
    await enterOccurrences(database, at, options.referenceBrlPerKwh)
    await computeDueResults(database, options.civil, at)
    await tell(database, options, at)
    await options.progress()
  }
  return makeRounds(database, { restMs, restFactor, round, report }, signal)
}

async function tell(database: Database, options: DemandRoundOptions, at: number): Promise<void> {
  for (const { eventId, telling, results } of await untold(database, at, mostTold)) {
    const event = (await findEvent(database, eventId))!
    const { programId, type, feederId, action, startsAt, cancelledAt, endsAt } = event
    if (telling === 'results') {
      const payload = { eventId, programId, results: (await resultsOf(database, eventId)).map(toldResult) }
      options.results({ topic: 'feeders/results', payload })
    } else {
      const payload = {
        ...{ change: telling, eventId, programId, type, feederId, action, startsAt, endsAt: endOf(event) },
        isCancelled: telling === 'ended' && cancelledAt !== null && cancelledAt < endsAt,
      }
      options.event({ topic: 'feeders/events', payload })
    }
    await markTold(database, eventId, telling, results)
  }
}

const toldResult = (
  of: Awaited<ReturnType<typeof resultsOf>>[number],
): DemandResultsTold['payload']['results'][number] => ({
  ...{ feederId: of.feederId, isFinal: of.isFinal, baselineKwh: of.baselineKwh, actualKwh: of.actualKwh },
  ...{ deliveredKwh: of.deliveredKwh, committedKwh: of.committedKwh, reason: of.reason },
  amountBrl: of.money?.amountBrl ?? null,
})
