import { isUtf8 } from 'node:buffer'
import { machineClock, platformClock } from '../../platform/clock/clock.ts'
import type { Services } from '../../platform/http/services.ts'
import type { Reason } from '../../platform/wire/reasons.ts'
import { BatchWriter } from './batch-writer.ts'
import { isRegulated } from './domain/regulated.ts'
import { isBatchTopic } from './domain/wire-check.ts'
import { Partitions } from '../../platform/storage/partitions.ts'
import { QuarantineBudget } from './quarantine-budget.ts'
import { findQuarantine, markReplayed, quarantineBytes, type QuarantineEntry } from './quarantine-repository.ts'
import { batchAgain, receiveMessages, rulesFromEnvironment } from './reception.ts'

/** What became of a payload: each object in it stands in exactly one of the counts. */
export interface Replayed {
  readonly stored: number
  readonly duplicates: number
  readonly quarantined: number
  /** Why what was refused again was refused, a few of them. */
  readonly refusals: readonly { readonly reason: Reason; readonly detail: string }[]
  /** UTC milliseconds. */
  readonly replayedAt: number
  /** It had been replayed already: nothing was done now, and all counts are zero. */
  readonly before: boolean
}

const mostRefusals = 20
/** How much is kept is counted anew after so long: others keep more meanwhile. */
const measuredMs = 60_000

/** What indicators of the regulator rest on is replayed when two persons have agreed. */
export class ReplayNotApproved extends Error {
  override readonly name = 'ReplayNotApproved'

  constructor(id: number) {
    super(
      `quarantine entry ${id} is of a meter or a switch: its replay takes an approval first, of kind telemetry/replay`,
    )
  }
}

/**
 * Takes quarantined payloads the way of `telemetry validate` and `telemetry store`, without a flow: with the time at which
 * they were received, and with the registry as it is now. What an engineer's nodes on the wires would do is not done.
 */
export class Replay {
  #services: Pick<Services, 'database' | 'registry'>
  #budget: QuarantineBudget
  #writer: BatchWriter
  #measuredAt = -Infinity
  /** Nobody replays twice what is being replayed. */
  #running = new Map<number, Promise<Replayed | undefined>>()

  constructor({ database, registry, environment }: Pick<Services, 'database' | 'registry' | 'environment'>) {
    this.#services = { database, registry }
    this.#budget = new QuarantineBudget(environment.QUARANTINE_MAX_MB * 1024 * 1024, platformClock)
    this.#writer = new BatchWriter(database, registry, new Partitions(database), this.#budget)
  }

  /**
   * Replays one entry, and marks it as replayed after everything of it is durable: after a crash in between it can be
   * replayed again, and is a duplicate then.
   * @returns undefined where there is no such entry
   * @throws ReplayNotApproved where indicators rest on it, and nobody has approved it; DatabaseUnavailable
   */
  replay(id: number): Promise<Replayed | undefined> {
    const running = this.#running.get(id)
    if (running) return running
    const replaying = this.#replayOnce(id).finally(() => this.#running.delete(id))
    this.#running.set(id, replaying)
    return replaying
  }

  async #replayOnce(id: number): Promise<Replayed | undefined> {
    const entry = await findQuarantine(this.#services.database, id)
    if (!entry) return undefined
    const { replayedAt } = entry
    if (replayedAt === null) {
      if (isRegulated(entry.topic) && entry.replayApprovalId === null) throw new ReplayNotApproved(id)
      return this.#replay(entry)
    }
    return { stored: 0, duplicates: 0, quarantined: 0, refusals: [], replayedAt, before: true }
  }

  async #replay({ id, topic, payload, receivedAt }: QuarantineEntry): Promise<Replayed> {
    const { database, registry } = this.#services
    await this.#measure()
    // As text where it is text: bytes that are none must not become good ones on the way.
    const given = isUtf8(payload) ? payload.toString('utf8') : payload
    const batches = isBatchTopic(topic)
      ? [batchAgain(topic, given, receivedAt)]
      : (await receiveMessages([{ topic, payload: given, receivedAt }], rulesFromEnvironment(), registry)).flat()
    const replayed = { stored: 0, duplicates: 0, quarantined: 0, refusals: [] as Replayed['refusals'][number][] }
    for (const { outcome, rejected } of await Promise.all(batches.map((batch) => this.#writer.write(batch)))) {
      replayed.stored += outcome.stored
      replayed.duplicates += outcome.duplicates
      replayed.quarantined += outcome.quarantined
      for (const { reason, detail } of rejected)
        if (replayed.refusals.length < mostRefusals) replayed.refusals.push({ reason, detail })
    }
    const replayedAt = platformClock.now()
    await markReplayed(database, [id], replayedAt)
    return { ...replayed, replayedAt, before: false }
  }

  async #measure(): Promise<void> {
    if (machineClock.now() - this.#measuredAt < measuredMs) return
    this.#budget.bytes = await quarantineBytes(this.#services.database)
    this.#measuredAt = machineClock.now()
  }
}
