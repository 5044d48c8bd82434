import type { NodeAPI } from 'node-red'
import type { Clock } from '../../platform/clock/clock.ts'
import type { Database } from '../../platform/storage/database.ts'
import { roundsUntilDone } from '../../platform/storage/rounds.ts'
import type { Condition } from '../../platform/wire/condition.ts'
import type { MasterTable } from './domain/definition.ts'
import { standingAlarms } from './keeper/standing-conditions.ts'
import { channelWorks } from './notify/channel.ts'
import { runningChannels } from './notify/running-channels.ts'
import { leaveRulesOfOthers } from './rules/enter-rules.ts'

export interface LeftBehindOptions {
  readonly clock: Clock
  /** Whether the clock shows the time: a simulated one does once it was told. */
  readonly clockIsSet: () => boolean
  masterTable(): Promise<MasterTable>
  /** Takes conditions. Resolves once they are stored. */
  conditions(conditions: readonly Condition[]): Promise<unknown>
  /** Told of a fault that is not the database being away. */
  report(error: unknown): void
}

/**
 * With each start of the flows takes back what nodes have left behind that are no more, or are switched off: the rules of alarm
 * nodes with their alarms, and that a channel does not get through. Until the signal aborts.
 */
export function takeBackLeftBehind(
  RED: Pick<NodeAPI, 'events' | 'nodes'>,
  database: Database,
  options: LeftBehindOptions,
  stopping: AbortSignal,
): void {
  let stopped = new AbortController()
  function onStarted(): void {
    stopped.abort()
    stopped = new AbortController()
    void lookOnce(RED, database, options, AbortSignal.any([stopping, stopped.signal]))
  }
  // Nodes that are being replaced are not there for a moment.
  const onStopping = (): void => stopped.abort()
  RED.events.on('flows:started', onStarted)
  RED.events.on('flows:stopping', onStopping)
  stopping.addEventListener('abort', () => {
    RED.events.off('flows:started', onStarted)
    RED.events.off('flows:stopping', onStopping)
  })
}

const lookEveryMs = 500

/** Looks until it could. */
async function lookOnce(
  RED: Pick<NodeAPI, 'nodes'>,
  database: Database,
  options: LeftBehindOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, clockIsSet, masterTable, conditions, report } = options
  const isRunning = (nodeId: string): boolean => {
    signal.throwIfAborted()
    return Boolean(RED.nodes.getNode(nodeId))
  }
  async function round(): Promise<boolean> {
    if (!clockIsSet()) return false
    const table = await masterTable()
    await database.transaction((client) => leaveRulesOfOthers(client, isRunning, table, clock.now()))
    const standing = await standingAlarms(database, 'alarms', ['notification-failed'])
    signal.throwIfAborted()
    const left = standing.filter(({ subject }) => !runningChannels.has(subject))
    if (left.length > 0) await conditions(left.map(({ subject }) => channelWorks(subject, clock.now())))
    return true
  }
  await roundsUntilDone(database, { restMs: lookEveryMs, round, report }, signal)
}
