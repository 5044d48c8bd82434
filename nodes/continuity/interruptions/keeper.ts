import type { PoolClient } from 'pg'
import type { Clock } from '../../../platform/clock/clock.ts'
import type { LoggedBatch } from '../../../platform/storage/batch-log.ts'
import { Consumer } from '../../../platform/storage/consumer.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { Partitions } from '../../../platform/storage/partitions.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { logChange, nextChange } from './change-repository.ts'
import { computeInterruptions, evidenceRules, type Touched } from './computation.ts'
import { firstEvidence, spanAhead, takeNetworkChanges, waitingChanges } from './network-change-repository.ts'
import { touchedSwitches } from './operation-repository.ts'
import { renewOperations } from './switch-operations.ts'
import { unitsOfEvents } from './unit-evidence-repository.ts'

export interface KeeperOptions {
  readonly clock: Clock
  progress(round: { readonly behind: number }): void
  /** Told of what failed, but not of a database that is away. */
  report(error: unknown): void
}

export const consumerName = 'interruptions'
const pace = { maxItems: 20_000, restMs: 100, restFactor: 0.2 }
const networkRestMs = 1_000
const monthMs = 31 * 86_400_000

/**
 * Keeps the interruptions of all units: a function of the evidence that is stored. It follows the commits of events and readings,
 * and the changes of the network, and computes again what they touch: so nothing depends on the order in which evidence comes, on
 * what came twice, or on when a process was killed.
 */
export class InterruptionKeeper {
  #database: Database
  #options: KeeperOptions
  #partitions: Partitions
  #consumer: Consumer
  #closing = new AbortController()
  #running: Promise<void>

  constructor(database: Database, options: KeeperOptions) {
    this.#database = database
    this.#options = options
    this.#partitions = new Partitions(database)
    this.#consumer = new Consumer(database, {
      ...{ name: consumerName, ...pace },
      before: () => this.#ensureMonths(),
      take: (client, batches) => this.#take(client, batches),
      progress: (round) => options.progress(round),
      report: options.report,
    })
    const rounds = { restMs: networkRestMs, round: () => this.#takeNetworkChanges(), report: options.report }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#consumer.close()
    await this.#running
  }

  /**
   * What is computed again takes all evidence in that is there by then, also of commits that are not come to, or made meanwhile:
   * as a rule these are of the months beside.
   */
  async #ensureMonths(): Promise<void> {
    const ahead = await spanAhead(this.#database, consumerName)
    if (ahead === null) return
    for (const month of monthsFrom(ahead.from - monthMs, ahead.until + monthMs))
      await this.#partitions.ensure('unit_interruption', month)
  }

  async #take(client: PoolClient, batches: readonly LoggedBatch[]): Promise<void> {
    const ids = batches.map(({ batchId }) => batchId)
    const firstAt = Math.min(...batches.map((batch) => batch.firstAt ?? Infinity))
    const lastAt = Math.max(...batches.map((batch) => batch.lastAt ?? -Infinity))
    if (firstAt > lastAt) return
    const switches = await touchedSwitches(client, ids, Math.floor(firstAt), Math.ceil(lastAt))
    const withEvents = batches.filter(({ events }) => events > 0).map(({ batchId }) => batchId)
    if (switches.length + withEvents.length === 0) return
    await this.#write(client, async () => {
      const { toleranceMs } = await evidenceRules(client)
      const units = await unitsOfEvents(client, { batchIds: withEvents, firstAt, toleranceMs })
      return { networkFrom: await renewOperations(client, switches), units }
    })
  }

  async #write(client: PoolClient, touching: () => Promise<Touched>): Promise<void> {
    const writing = { changed: await nextChange(client), now: this.#options.clock.now() }
    await computeInterruptions(client, await touching(), writing)
    await logChange(client, writing.changed, writing.now)
  }

  async #takeNetworkChanges(): Promise<void> {
    const { waiting, instants } = await waitingChanges(this.#database)
    if (!waiting) return
    await this.#ensureMonths()
    for (const at of instants) await this.#partitions.ensure('unit_interruption', at)
    await this.#database.transaction((client) =>
      this.#write(client, async () => {
        const { networkFrom, units } = await takeNetworkChanges(client)
        const first = await firstEvidence(client)
        if (first === null) return { networkFrom: null, units: [] }
        // Before it all was as it is normally.
        const since = (from: number): number => Math.max(from, first) - 1
        return {
          networkFrom: networkFrom === null ? null : since(networkFrom),
          units: units.map(({ unitId, from }) => ({ unitId, from: since(from) })),
        }
      }),
    )
  }
}

/** An instant in each month (UTC) from one instant to another. */
export function monthsFrom(first: number, last: number): number[] {
  const months: number[] = []
  const start = new Date(first)
  for (let month = 0; ; month++) {
    const at = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + month)
    if (at > last) return months
    months.push(at)
  }
}
