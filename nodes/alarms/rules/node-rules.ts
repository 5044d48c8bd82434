import { roundsUntilDone } from '../../../platform/storage/rounds.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import type { Registry } from '../../../platform/network/registry.ts'
import type { Evidence, Rule } from '../domain/rules/rule.ts'
import { untunable } from '../domain/rules/tuning.ts'
import type { MasterTable } from '../domain/definition.ts'
import { enterRules, leaveRules } from './enter-rules.ts'
import { enterAtEnd, stopFollowing } from './follow-repository.ts'
import { RuleFollower, type RuleRunOptions } from './rule-follower.ts'
import { RuleIntake } from './rule-intake.ts'

/** Where the readings come from that rules judge: what is stored, or what comes to the node. */
export const ruleSources = ['stored', 'wire'] as const
export type RuleSource = (typeof ruleSources)[number]

export interface NodeRulesOptions extends Omit<RuleRunOptions, 'feederOf' | 'table'> {
  readonly source: RuleSource
  readonly registry: Pick<Registry, 'ready' | 'find'>
  /** The master alarm table, once it has been read. */
  readonly table: (signal: AbortSignal) => Promise<MasterTable>
  /** The table as it holds now. */
  readonly tableNow: () => MasterTable
  /** Whether a node is in the flows. */
  readonly isInFlows: (nodeId: string) => boolean
  warn(text: string): void
}

/** The rules of an alarm node: entered once the database is there, then judged by until the node closes. */
export class NodeRules {
  readonly #database: Database
  readonly #rules: readonly Rule[]
  readonly #options: NodeRulesOptions
  readonly #closing = new AbortController()
  readonly #begun: Promise<void>
  #judging: RuleFollower | RuleIntake | undefined
  #warnedOf: MasterTable | undefined

  constructor(database: Database, rules: readonly Rule[], options: NodeRulesOptions) {
    this.#database = database
    this.#rules = rules
    this.#options = options
    this.#begun = this.#begin()
  }

  /** Takes readings that came on the wire. Resolves once what came of them is stored. */
  async take(readings: readonly Evidence[]): Promise<void> {
    await this.#begun
    if (this.#judging instanceof RuleIntake) await this.#judging.take(readings)
  }

  /** @param removed  the node is no more: its rules are taken out, and their alarms back */
  async close(removed: boolean): Promise<void> {
    this.#closing.abort()
    await this.#begun
    await this.#judging?.close()
    const { nodeId, clock, tableNow } = this.#options
    if (removed && this.#database.state.up)
      await this.#database.transaction((client) => leaveRules(client, nodeId, tableNow(), clock.now()))
  }

  async #begin(): Promise<void> {
    const { report, registry } = this.#options
    const round = async (signal: AbortSignal): Promise<boolean> => {
      await registry.ready(signal)
      await this.#enter(signal)
      return true
    }
    await roundsUntilDone(this.#database, { restMs: 100, round, report }, this.#closing.signal)
    if (this.#closing.signal.aborted || this.#rules.length === 0) return
    const options = {
      ...this.#options,
      table: () => this.#table(),
      feederOf: (id: string) => registry.find(id)?.feederId,
    }
    const Judging = this.#options.source === 'stored' ? RuleFollower : RuleIntake
    this.#judging = new Judging(this.#database, this.#rules, options)
  }

  async #enter(signal: AbortSignal): Promise<void> {
    const { nodeId, clock, source, isInFlows } = this.#options
    const table = await this.#options.table(signal)
    await this.#database.transaction(async (client) => {
      const now = clock.now()
      await enterRules(client, nodeId, this.#rules, { isInFlows, table, now })
      const queries = queriesOf(client)
      if (source === 'stored' && this.#rules.length > 0) await enterAtEnd(queries, nodeId, now)
      else await stopFollowing(queries, nodeId)
    })
  }

  /** Says, once for each table, what of it rules cannot follow. */
  #table(): MasterTable {
    const table = this.#options.tableNow()
    if (table === this.#warnedOf) return table
    this.#warnedOf = table
    for (const name of untunable(this.#rules, table.definitions))
      this.#options.warn(`rule "${name}" has several set points: that of the master alarm table is not used`)
    return table
  }
}
