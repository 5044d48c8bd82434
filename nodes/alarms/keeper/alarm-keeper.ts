import type { Clock } from '../../../platform/clock/clock.ts'
import { pause } from '../../../platform/clock/pause.ts'
import type { RootCauses } from '../../../platform/conditions/root-causes.ts'
import { DatabaseUnavailable, type Database } from '../../../platform/storage/database.ts'
import { Intake, judgeTransaction } from '../../../platform/storage/intake.ts'
import { makeRounds } from '../../../platform/storage/rounds.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import type { MasterTable } from '../domain/definition.ts'
import { dueAlarms, livingAlarms } from './alarm-repository.ts'
import { changeAlarms, type AlarmChange, type ChangedAlarm } from './change-alarms.ts'
import { AlarmHistory } from './alarm-history.ts'
import { explainedChanges, rootsFirst, settledChanges, type ExplainedBy } from './explain.ts'

export interface AlarmKeeperOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  /** The master alarm table as it holds now: another object once it says something else. Undefined: not read yet. */
  readonly table: () => MasterTable | undefined
  /** What explains alarms of others. */
  readonly causes: () => readonly RootCauses[]
  /** Transitions and occurrences are kept so long. */
  readonly historyMs: number
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

/** How often it is looked for what time has changed. Each transition carries the instant that it was due. */
const lookEveryMs = 500
/** How often it is looked for root causes that came or ended; at most a fifth of the time goes into it. */
const settleEveryMs = 5_000
const settleRestFactor = 4
const mostAtOnce = 2_000
const mostWaiting = 100_000

/** Keeps the alarms of all conditions that are said, lets time pass for them, and has them follow the master alarm table. */
export class AlarmKeeper {
  readonly #database: Database
  readonly #options: AlarmKeeperOptions
  readonly #intake: Intake<Condition, ChangedAlarm>
  readonly #history: AlarmHistory
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  /** By which all that stands lives already. */
  #applied: MasterTable | undefined
  /** By the machine's clock. */
  #settlesAt = 0

  constructor(database: Database, options: AlarmKeeperOptions) {
    this.#database = database
    this.#options = options
    const { report } = options
    this.#intake = new Intake({
      ...{ words: { items: 'conditions', kept: 'alarms' }, mostWaiting, mostAtOnce, judge: judgeTransaction },
      store: (conditions) => this.#say(conditions),
      ready: (signal) => this.#ready(signal),
    })
    this.#history = new AlarmHistory(database, options)
    const round = (signal: AbortSignal): Promise<void> => this.#round(signal)
    this.#running = makeRounds(database, { restMs: lookEveryMs, round, report }, this.#closing.signal)
  }

  /** Conditions that are not stored yet. */
  get waiting(): number {
    return this.#intake.waiting
  }

  /**
   * Takes conditions, in their order. Resolves once they are stored with all that they changed; saying the same twice changes
   * nothing. While the database is away they wait.
   * @throws IntakeRefused  where too many wait already: nothing of them is taken
   */
  take(conditions: readonly Condition[]): Promise<readonly ChangedAlarm[]> {
    return this.#intake.take(conditions)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([this.#intake.close(), this.#history.close(), this.#running])
  }

  async #ready(signal: AbortSignal): Promise<void> {
    await this.#database.ready(signal)
    const { clockIsSet, table } = this.#options
    while (!(clockIsSet() && table())) {
      await pause(readyRestMs, signal)
      signal.throwIfAborted()
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { clock, clockIsSet, table } = this.#options
    if (!clockIsSet() || !table()) return
    await this.#applyTable(signal)
    let due: number[]
    do {
      due = await dueAlarms(this.#database, clock.now(), mostAtOnce)
      await this.#change(due.map((alarmId) => ({ alarmId, event: { type: 'time' }, by: null })))
    } while (due.length === mostAtOnce && !signal.aborted)
    await this.#settle(signal)
  }

  /** What explains alarms, or has ceased to. */
  async #settle(signal: AbortSignal): Promise<void> {
    const began = performance.now()
    if (began < this.#settlesAt) return
    for await (const changes of settledChanges(this.#database, this.#explainedBy())) {
      await this.#change(changes)
      if (signal.aborted) return
    }
    const took = performance.now() - began
    this.#settlesAt = began + took + Math.max(settleEveryMs, settleRestFactor * took)
  }

  /** At the start, and whenever the table says something else: what stands lives by it from then on. */
  async #applyTable(signal: AbortSignal): Promise<void> {
    const table = this.#options.table()
    if (table === this.#applied) return
    let living: number[] = []
    do {
      living = await livingAlarms(this.#database, living.at(-1) ?? 0, mostAtOnce)
      await this.#change(living.map((alarmId) => ({ alarmId, event: { type: 'redefined' }, by: null })))
      if (signal.aborted) return
    } while (living.length > 0)
    this.#applied = table
  }

  async #say(conditions: readonly Condition[]): Promise<readonly ChangedAlarm[]> {
    const changed: ChangedAlarm[] = []
    for (const part of rootsFirst(conditions, this.#options.table()!)) {
      const stored = await this.#change(await this.#explained(part.map((index) => conditions[index]!)))
      for (const [place, index] of part.entries()) changed[index] = stored[place]!
    }
    return changed
  }

  /** An alarm more is better than one that is not there because nobody can say what explains it. */
  async #explained(conditions: readonly Condition[]): Promise<readonly AlarmChange[]> {
    try {
      return await explainedChanges(this.#database, conditions, this.#explainedBy())
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error
      this.#options.report(error)
      return conditions.map((condition) => ({ condition, by: null }))
    }
  }

  #explainedBy(): ExplainedBy {
    const { table, causes, clock } = this.#options
    return { table: table()!, causes: causes(), at: clock.now() }
  }

  async #change(changes: readonly AlarmChange[]): Promise<readonly ChangedAlarm[]> {
    if (changes.length === 0) return []
    const { clock, table } = this.#options
    return this.#database.transaction((client) => changeAlarms(client, changes, table()!, clock.now()))
  }
}

const readyRestMs = 50
