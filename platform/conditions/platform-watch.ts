import { statfs } from 'node:fs/promises'
import { machineClock, type Clock } from '../clock/clock.ts'
import { pause } from '../clock/pause.ts'
import { stateOf } from '../http/health.ts'
import { DatabaseUnavailable, type Database } from '../storage/database.ts'
import { conditionKinds } from '../wire/condition-kinds.ts'
import type { Condition } from '../wire/condition.ts'
import {
  brokerLost,
  databaseWasLost,
  diskNearlyFull,
  platformNormal,
  type DiskUse,
  type LostPart,
} from './platform-conditions.ts'
import { SaidConditions } from './said-conditions.ts'

export interface PlatformWatchOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** Where everything that must survive is kept. */
  readonly dataDir: string
  readonly restMs?: number
  /** A part must be away for so long, ms. */
  readonly lostAfterMs?: number
  /** How full the disk of a folder is; asked of the system, unless given. */
  readonly diskUse?: (folder: string) => Promise<DiskUse>
  /** Told of what is so now, or is so no more. Resolves once that is stored. */
  conditions(conditions: readonly Condition[]): Promise<unknown>
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

const usualRestMs = 2_000
const usualLostAfterMs = 10_000
const recallEveryMs = 300_000
const diskEveryMs = 60_000
const diskPlace = 'DATA_DIR'

/** A part that is away, since when by the platform's clock, and by the machine's. */
interface Away extends LostPart {
  readonly sinceMachineMs: number
}

/**
 * Looks after what the platform itself needs: the broker, the database, room on the disk. It keeps nothing that matters but since when
 * the database is away: what was before the start of this process nobody can tell.
 */
export class PlatformWatch {
  readonly #database: Database
  readonly #options: PlatformWatchOptions
  readonly #conditions = new SaidConditions({
    ...{ area: 'platform', kinds: conditionKinds.platform },
    normalOf: platformNormal,
  })
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  #databaseAway: Away | undefined
  #brokerAway: Away | undefined
  #recallDue = -Infinity
  #diskDue = -Infinity
  #disk: Condition | undefined
  #told = ''

  constructor(database: Database, options: PlatformWatchOptions) {
    this.#database = database
    this.#options = options
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing
    const { restMs = usualRestMs, clockIsSet, report } = this.#options
    while (!signal.aborted) {
      try {
        if (clockIsSet()) await this.#round()
        this.#told = ''
      } catch (error) {
        const fault = String(error)
        if (!(error instanceof DatabaseUnavailable) && !signal.aborted && fault !== this.#told) report(error)
        this.#told = fault
      }
      await pause(restMs, signal)
    }
  }

  async #round(): Promise<void> {
    const { state } = this.#database
    const broker = stateOf('mqtt')
    this.#brokerAway = this.#awayOf(this.#brokerAway, broker)
    const before = this.#databaseAway
    this.#databaseAway = this.#awayOf(before, state)
    // Without it nothing can be looked up, nor said.
    if (!state.up) return
    if (before && this.#isLost(before)) this.#say(databaseWasLost(before, this.#options.clock.now()))
    if (machineClock.now() >= this.#recallDue) {
      await this.#conditions.recall(this.#database)
      this.#recallDue = machineClock.now() + recallEveryMs
    }
    await this.#lookAtDisk()
    const holding = [
      ...(this.#brokerAway && this.#isLost(this.#brokerAway) ? [brokerLost(this.#brokerAway)] : []),
      ...(this.#disk ? [this.#disk] : []),
    ]
    // Where no node stands for the broker nothing is known of it; one that is away for a moment only is not known to be back.
    const isBrokerKnown = broker !== undefined && (broker.up || holding.some(({ kind }) => kind === 'broker-lost'))
    const judged = ({ kind }: Condition): boolean => kind !== 'broker-lost' || isBrokerKnown
    this.#say(this.#conditions.changes(holding, this.#options.clock.now(), judged))
  }

  #awayOf(before: Away | undefined, state: { up: true } | { up: false; detail: string } | undefined): Away | undefined {
    if (state === undefined || state.up) return undefined
    const { detail } = state
    return before ?? { sinceAt: this.#options.clock.now(), sinceMachineMs: machineClock.now(), detail }
  }

  #isLost({ sinceMachineMs }: Away): boolean {
    return machineClock.now() - sinceMachineMs >= (this.#options.lostAfterMs ?? usualLostAfterMs)
  }

  async #lookAtDisk(): Promise<void> {
    if (machineClock.now() < this.#diskDue) return
    const { dataDir, diskUse = diskUseOf, clock } = this.#options
    const was = this.#conditions.said.has(`platform/disk-nearly-full/${diskPlace}`)
    this.#disk = diskNearlyFull(diskPlace, await diskUse(dataDir), was, clock.now())
    this.#diskDue = machineClock.now() + diskEveryMs
  }

  /** They wait where the database is away once more: what is looked at does not. */
  #say(conditions: readonly Condition[]): void {
    if (conditions.length === 0) return
    this.#options.conditions(conditions).catch((error: unknown) => {
      if (!this.#closing.signal.aborted) this.#options.report(error)
    })
  }
}

async function diskUseOf(folder: string): Promise<DiskUse> {
  const { bsize, blocks, bavail, bfree } = await statfs(folder)
  // As `df` says it: what only the system's administrator could still fill does not count.
  return { total: (blocks - bfree + bavail) * bsize, available: bavail * bsize }
}
