import { messageOf } from '../node/message-of.ts'
import type { Behaviour, LinhaVivaNode } from '../node/define-node.ts'
import type { Database } from './database.ts'
import { Follower, type Log, type LogEntry } from './follower.ts'
import { InfluxUnavailable, type Written } from './influxdb-connection.ts'

/** What is shipped, and from which log. */
export interface Shipment<Entry extends LogEntry> {
  readonly log: Log<Entry>
  /** Name of its place in the log. */
  readonly consumer: string
  /**
   * Writes the points of some commits; resolves when all are confirmed, or refused for good.
   * @throws InfluxUnavailable, DatabaseUnavailable: the same commits come again
   */
  write(commits: Entry[], signal: AbortSignal): Promise<Written>
  /** Told of rounds that had something to do. */
  shipped(round: { batches: number; readings: number; behind: number }): void
}

/** What a node lends to it. */
export interface ShippingNode extends Pick<LinhaVivaNode, 'text' | 'reportError'> {
  readonly status: Pick<LinhaVivaNode['status'], 'show'>
}

/** Small rounds: putting points into words must not hold up what comes from the field. */
const pace = { maxItems: 5_000, restMs: 500, restFactor: 0.25 }

/**
 * Behaviour of a node that follows a log and writes it to InfluxDB: each commit at least once, in order, and only a confirmed
 * one is left behind. Its status says how far it is; an outage is one fault for Catch, however often it is met with.
 * @param catalogue  where the node's texts are: `<catalogue>.status.behind` and `.away`
 */
export function shipping<Entry extends LogEntry>(
  node: ShippingNode,
  catalogue: string,
  database: Database,
  { log, consumer, write, shipped }: Shipment<Entry>,
): Behaviour {
  const text = (key: string, values: Record<string, string>): string => node.text(`${catalogue}.status.${key}`, values)
  let told: string | undefined
  const follower = new Follower(database, log, {
    ...{ name: consumer, ...pace },
    async before(commits, signal) {
      const { written, refused, reason } = await write(commits, signal)
      if (refused > 0) node.reportError(new Error(`InfluxDB refused ${refused} points for good: ${reason}`))
      return { written, refused }
    },
    progress(round) {
      told = undefined
      node.status.show(round.behind > 0 ? 'yellow' : 'green', 'dot', text('behind', { behind: String(round.behind) }))
      if (round.batches > 0) shipped(round)
    },
    report(error) {
      const detail = messageOf(error)
      const away = error instanceof InfluxUnavailable
      node.status.show('red', 'ring', away ? text('away', { detail }) : detail)
      const fault = away ? 'away' : detail
      if (told !== fault) node.reportError(away ? new Error(`InfluxDB cannot be written: ${detail}`) : error)
      told = fault
    },
  })
  return { onClose: () => follower.close() }
}
