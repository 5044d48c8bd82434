import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import type { Clock } from '../../../platform/clock/clock.ts'
import { Consumer } from '../../../platform/storage/consumer.ts'
import type { LoggedBatch } from '../../../platform/storage/batch-log.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import { spanOf } from '../../../platform/storage/span.ts'
import type { MasterTable } from '../domain/definition.ts'
import type { Rule } from '../domain/rules/rule.ts'
import type { JudgedDevices } from './judged-devices.ts'
import { followerName, positionOf } from './follow-repository.ts'
import { readingsOf, takenUntil } from './reading-repository.ts'
import { rememberedDevices } from './remembered-devices.ts'
import { lockTurn, takeTurn } from './state-repository.ts'
import { storeOutcome } from './store-outcome.ts'

/** What is remembered as it was stored in one turn, and what is staged in it to be stored in another. */
interface Remembered {
  readonly stored: string | null
  staged: string | null
  readonly devices: JudgedDevices
  /** It was made again in this turn, and says something: it is of no use unless that is stored. */
  readonly isMadeAgain: boolean
}

export interface RuleRunOptions {
  readonly nodeId: string
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** The master alarm table as it holds now. */
  readonly table: () => MasterTable
  /** Feeder of a device, as the registry knows it. */
  readonly feederOf: (deviceId: string) => string | undefined
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

/** A second's readings come together under load; an alarm is there within a second of its reading. */
const pace = { maxItems: 20_000, restMs: 300, restFactor: 2 }
const timeEveryMs = 1_000

/**
 * Judges what is stored by rules: follows the batch log from where it stopped. What it remembers, where it is in the log, and the
 * alarms that come of it are stored in one transaction, so that nothing is lost or done twice, whatever is killed when.
 */
export class RuleFollower {
  readonly #database: Database
  readonly #rules: readonly Rule[]
  readonly #options: RuleRunOptions
  readonly #closing = new AbortController()
  readonly #running: Promise<unknown>
  readonly #consumer: Consumer
  #remembered: Remembered | undefined

  constructor(database: Database, rules: readonly Rule[], options: RuleRunOptions) {
    this.#database = database
    this.#rules = rules
    this.#options = options
    const rounds = { restMs: timeEveryMs, round: () => this.#passTime(), report: options.report }
    this.#running = makeRounds(database, rounds, this.#closing.signal)
    this.#consumer = new Consumer(database, {
      name: followerName(options.nodeId),
      ...pace,
      take: (client, batches) => this.#take(client, batches),
      progress: () => undefined,
      report: options.report,
    })
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([this.#running, this.#consumer.close()])
  }

  async #take(client: PoolClient, batches: LoggedBatch[]): Promise<void> {
    const queries = queriesOf(client)
    const devices = await this.#turn(queries)
    const span = spanOf(batches)
    if (span)
      for (const kind of new Set(this.#rules.map(({ scope }) => scope.kind)))
        for (const reading of await readingsOf(queries, kind, span, this.#options.feederOf))
          devices.takeReading(reading)
    await this.#store(client, devices)
  }

  async #passTime(): Promise<void> {
    const { clock, clockIsSet, feederOf, nodeId } = this.#options
    if (!clockIsSet()) return
    await this.#database.transaction(async (client) => {
      const queries = queriesOf(client)
      const devices = await this.#turn(queries)
      const position = await positionOf(queries, followerName(nodeId))
      devices.takeTime(await takenUntil(queries, position, clock.now()), feederOf)
      await this.#store(client, devices)
    })
  }

  /**
   * Takes its turn, and remembers what was stored last: what it staged then where that was stored, what was before where it was not.
   * Where somebody else has stored meanwhile it is made again.
   */
  async #turn(queries: Queries): Promise<JudgedDevices> {
    const { nodeId, table } = this.#options
    const stored = await lockTurn(queries, nodeId)
    const known = this.#asStored(stored)
    const devices = known ?? (await this.#madeAgain(queries))
    this.#remembered = { stored, staged: null, devices, isMadeAgain: !known && devices.isStaged }
    devices.table = table()
    return devices
  }

  #asStored(turn: string | null): JudgedDevices | undefined {
    if (!this.#remembered) return undefined
    const { stored, staged, devices, isMadeAgain } = this.#remembered
    if (turn !== null && turn === staged) devices.keep()
    else if (turn === stored && !isMadeAgain) devices.discard()
    else return undefined
    return devices
  }

  async #madeAgain(queries: Queries): Promise<JudgedDevices> {
    const { nodeId, clock, feederOf } = this.#options
    const position = await positionOf(queries, followerName(nodeId))
    return rememberedDevices(queries, this.#rules, position, { now: clock.now(), feederOf })
  }

  async #store(client: PoolClient, devices: JudgedDevices): Promise<void> {
    if (!devices.isStaged) return
    const { clock, table, feederOf, nodeId } = this.#options
    const turn = randomUUID()
    this.#remembered!.staged = turn
    await storeOutcome(client, devices.outcome, { table: table(), now: clock.now(), feederOf })
    await takeTurn(queriesOf(client), nodeId, turn)
  }
}
