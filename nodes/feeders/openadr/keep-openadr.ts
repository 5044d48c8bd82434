import { randomUUID } from 'node:crypto'
import { platformClock, wallClock } from '../../../platform/clock/clock.ts'
import { EnvironmentError, type Environment } from '../../../platform/runtime/environment.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { holdPolling, notePoll, releasePolling } from './openadr-repository.ts'
import { pollOnce, type PollOptions } from './poll-round.ts'
import { PublishedSchemas } from './published-schemas.ts'
import { VtnClient, VtnFault } from './vtn-client.ts'

export interface KeepOptions extends PollOptions {
  /** Whether the platform's clock shows the time. */
  readonly clockIsSet: () => boolean
  /** Rest between two polls, and between two looks whether one is due, ms. */
  readonly pollMs?: number
  readonly restMs?: number
  report(error: unknown): void
}

/** A poll that takes longer is given up, and its process has lost the right to poll. */
const longestPollMs = 120_000
const holdMs = 180_000
const longestRestMs = 15 * 60_000

/** Asks the VTN that the environment names, if it names one, until the signal aborts. */
export async function keepOpenadr(
  database: Database,
  environment: Pick<
    Environment,
    | 'OPENADR_URL'
    | 'OPENADR_CLIENT_ID'
    | 'OPENADR_CLIENT_SECRET'
    | 'OPENADR_SPECIFICATION'
    | 'FEEDER_DEFAULT_LIMIT_KW'
    | 'TIME_ZONE'
    | 'CLOCK'
  >,
  report: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const { OPENADR_URL: url, OPENADR_CLIENT_ID: clientId, OPENADR_CLIENT_SECRET: clientSecret } = environment
  if (url === undefined || clientId === undefined || clientSecret === undefined) return
  const published = publishedSchemas(environment.OPENADR_SPECIFICATION)
  if (published instanceof EnvironmentError) return report(published)
  await keepPolling(
    database,
    {
      client: new VtnClient({ url, clientId, clientSecret, clock: wallClock }),
      ...{ clientName: clientId, clock: platformClock, wallClock, report, timeZone: environment.TIME_ZONE },
      clockIsSet: () => platformClock.isSet(environment.CLOCK),
      defaultLimitKw: environment.FEEDER_DEFAULT_LIMIT_KW ?? null,
      published,
    },
    signal,
  )
}

/** Without them nothing is asked for that would then be followed unchecked. */
function publishedSchemas(document: string | undefined): PublishedSchemas | EnvironmentError | null {
  if (document === undefined) return null
  try {
    return new PublishedSchemas(document)
  } catch (error) {
    return new EnvironmentError('OPENADR_SPECIFICATION', (error as Error).message)
  }
}

/**
 * Polls until the signal aborts, in one process at a time; after a poll that failed at growing distances, or as the VTN asks for.
 * Whoever comes to the same database finds when the next poll is due.
 */
export async function keepPolling(database: Database, options: KeepOptions, signal: AbortSignal): Promise<void> {
  const { pollMs = 60_000, restMs = 2_000, wallClock: wall, clockIsSet, report } = options
  const holder = randomUUID()
  async function round(): Promise<void> {
    if (!clockIsSet()) return
    const now = wall.now()
    const held = await holdPolling(database, { holder, now, until: now + holdMs })
    if (!held || (held.nextAt !== null && now < held.nextAt)) return
    const fault = await faultOfPoll(database, options, signal)
    if (signal.aborted) return
    const failures = fault === undefined ? 0 : held.failures + 1
    const restingMs = Math.max(Math.min(pollMs * 2 ** Math.min(failures, 10), longestRestMs), retryAfterMsOf(fault))
    await notePoll(database, holder, {
      ...{ attemptedAt: now, succeededAt: fault === undefined ? now : null, failures },
      ...{ error: fault === undefined ? null : fault.message.slice(0, 1_000) },
      nextAt: wall.now() + (fault === undefined ? pollMs : restingMs),
    })
    // Told once: it stands in the status until it is over.
    if (fault !== undefined && failures === 1) report(fault)
  }
  await makeRounds(database, { restMs, round, report }, signal)
  await releasePolling(database, holder).catch(report)
}

const retryAfterMsOf = (fault: VtnFault | undefined): number => Math.min(fault?.retryAfterMs ?? 0, longestRestMs)

/** @returns why the VTN could not be asked; a fault of our own is thrown */
async function faultOfPoll(
  database: Database,
  options: PollOptions,
  signal: AbortSignal,
): Promise<VtnFault | undefined> {
  const deadline = AbortSignal.timeout(longestPollMs)
  try {
    await pollOnce(database, options, AbortSignal.any([signal, deadline]))
    return undefined
  } catch (error) {
    if (error instanceof VtnFault) return error
    if (deadline.aborted) return new VtnFault(`a poll takes longer than ${longestPollMs / 1_000} s`, { cause: error })
    if (signal.aborted) return undefined
    throw error
  }
}
