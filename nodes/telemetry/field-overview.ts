import type { NodeAPI } from 'node-red'
import { platformClock } from '../../platform/clock/clock.ts'
import { pause } from '../../platform/clock/pause.ts'
import { health, provideOfflineDevices } from '../../platform/http/health.ts'
import { defineNode } from '../../platform/node/define-node.ts'
import { environment } from '../../platform/runtime/environment.ts'
import { batchesBehind } from '../../platform/storage/batch-log.ts'
import type { Database } from '../../platform/storage/database.ts'
import type { PostgresqlNode } from '../../platform/storage/postgresql.ts'
import type { FieldOverview } from '../../platform/wire/overview.ts'
import { feederLoad, latestReadings, reportingDevices } from './overview-repository.ts'
import { countQuarantine } from './quarantine-repository.ts'

interface FieldOverviewConfig {
  database: string
}

const latestShown = 12
const refreshMs = 1_000

/** Sends a `FieldOverview` once a second: what the first screen shows. Without the database it says so, and goes on. */
export default function register(RED: NodeAPI): void {
  defineNode<FieldOverviewConfig>(RED, 'linhaviva-field-overview', { database: '' }, (config, node) => {
    const { database } = node.configNode<PostgresqlNode>('database', config.database)
    const silentAfterMs = environment().SILENT_AFTER_SECONDS * 1_000
    const closing = new AbortController()
    let last: FieldOverview | undefined
    let lastReceived = { count: health(0).ingest.received, at: performance.now() }
    const withdraw = provideOfflineDevices(() => last?.devices.silent ?? null)

    /** From the counts of this process, so that it is right while the database is away. */
    function readingsPerSecond(received: number): number {
      const now = performance.now()
      const rate = ((received - lastReceived.count) * 1_000) / Math.max(1, now - lastReceived.at)
      lastReceived = { count: received, at: now }
      return Math.max(0, rate)
    }

    async function refresh(): Promise<void> {
      const now = platformClock.now()
      const { ingest } = health(0)
      const live = {
        at: now,
        readingsPerSecond: readingsPerSecond(ingest.received),
        lagMs: ingest.lagMs,
        stored: ingest.stored,
        duplicates: ingest.duplicates,
        quarantined: ingest.quarantined,
        degraded: degradedParts(),
      }
      const known = database.state.up ? await readStored(database, now, silentAfterMs) : (last ?? nothingKnown)
      last = { ...known, ...live }
      node.send({ topic: 'field-overview', payload: last })
      node.status.show(live.degraded.length > 0 ? 'yellow' : 'green', 'dot', `${live.readingsPerSecond.toFixed(1)}/s`)
    }

    async function run(): Promise<void> {
      while (!closing.signal.aborted) {
        try {
          await refresh()
        } catch (error) {
          if (database.state.up) node.reportError(error)
        }
        await pause(refreshMs, closing.signal)
      }
    }
    const running = run()

    return {
      async onClose() {
        withdraw()
        closing.abort()
        await running
      },
    }
  })
}

const nothingKnown = {
  rollupLagBatches: 0,
  devices: { reporting: 0, silent: 0, silentIds: [] },
  feeders: [],
  quarantine: [],
  latest: [],
}

async function readStored(database: Database, now: number, silentAfterMs: number) {
  const [devices, feeders, latest, quarantine, rollupLagBatches] = await Promise.all([
    reportingDevices(database, now, silentAfterMs),
    feederLoad(database, now, silentAfterMs),
    latestReadings(database, now, latestShown),
    countQuarantine(database, {}),
    batchesBehind(database, 'rollups'),
  ])
  return {
    devices,
    feeders,
    latest,
    quarantine: quarantine.map(({ reason, count }) => ({ reason, count })),
    rollupLagBatches,
  }
}

/** What this screen rests on: it needs no time series. */
const shownParts: Readonly<Record<string, FieldOverview['degraded'][number]['part']>> = {
  db: 'database',
  mqtt: 'broker',
}

function degradedParts(): FieldOverview['degraded'] {
  const { reasons = [] } = health(0)
  return reasons.flatMap((reason) => {
    const part = shownParts[reason.slice(0, reason.indexOf(':'))]
    return part ? [{ part, detail: reason.slice(reason.indexOf(':') + 2) }] : []
  })
}
