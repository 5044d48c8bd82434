import { pause } from '../clock/pause.ts'
import { DatabaseUnavailable, type Database } from './database.ts'

/** Work that is done over and over, as long as there is anything to keep. */
export interface Rounds {
  /** Rests at least so long after each round, ms; asked after each where it depends on what was found. */
  readonly restMs: number | (() => number)
  /** And at least so many times as long as the round took: the rest is left to other work. 0 unless given. */
  readonly restFactor?: number
  /** One round: what it leaves undone the next one finds. */
  round(signal: AbortSignal): Promise<void>
  /** Told of each round that failed, but not of a database that is away. */
  report(error: unknown): void
}

const firstRetryMs = 250
const lastRetryMs = 10_000

/**
 * Makes rounds over a database until the signal aborts; never rejects. After one that failed the rests grow up to ten seconds, or
 * stay what they are where that is longer: what is wrong for good fills no log.
 */
export async function makeRounds(database: Database, rounds: Rounds, signal: AbortSignal): Promise<void> {
  const { restMs, restFactor = 0 } = rounds
  let failures = 0
  while (!signal.aborted) {
    let began = performance.now()
    try {
      await database.ready(signal)
      // To wait for the database is no work to rest from.
      began = performance.now()
      await rounds.round(signal)
      failures = 0
    } catch (error) {
      if (!signal.aborted && !(error instanceof DatabaseUnavailable)) {
        failures++
        rounds.report(error)
      }
    }
    const retryMs = failures === 0 ? 0 : Math.min(firstRetryMs * 2 ** failures, lastRetryMs)
    const restingMs = typeof restMs === 'number' ? restMs : restMs()
    await pause(Math.max(restingMs, restFactor * (performance.now() - began), retryMs), signal)
  }
}

/** Makes rounds until one says that it is done, or the signal aborts; never rejects. */
export async function roundsUntilDone(
  database: Database,
  rounds: Omit<Rounds, 'round'> & { round(signal: AbortSignal): Promise<boolean> },
  signal: AbortSignal,
): Promise<void> {
  const done = new AbortController()
  const round = async (ends: AbortSignal): Promise<void> => {
    if (await rounds.round(ends)) done.abort()
  }
  await makeRounds(database, { ...rounds, round }, AbortSignal.any([signal, done.signal]))
}
