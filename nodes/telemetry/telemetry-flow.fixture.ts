import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import broker from '../../platform/broker/broker.ts'
import { functionNode, startFlow, type FlowNode, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { acknowledgements, type Outcome } from '../../platform/node/acknowledgements.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import type { Registry } from '../../platform/network/registry.ts'
import influxdb from '../../platform/storage/influxdb.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import type { Reading } from '../../platform/wire/reading.ts'
import fieldOverview from './field-overview.ts'
import influxdbStore from './influxdb-store.ts'
import quarantine from './quarantine.ts'
import rollups from './rollups.ts'
import sparkplugIn from './sparkplug-in.ts'
import telemetryIn from './telemetry-in.ts'
import telemetryStore from './telemetry-store.ts'
import telemetryValidate from './telemetry-validate.ts'

/** The client ids of the broker's sessions go there. */
const dataDir = mkdtempSync(join(tmpdir(), 'linha-viva-telemetry-'))
process.env['DATA_DIR'] = dataDir
process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }))

const registrations = [
  postgresql,
  influxdb,
  broker,
  telemetryIn,
  sparkplugIn,
  telemetryValidate,
  telemetryStore,
  quarantine,
  rollups,
  influxdbStore,
  fieldOverview,
]

/** Runs the real nodes against a database, whose configuration node is `db`. */
export function startTelemetry(
  { host, port, database, user, password }: ClientConfig,
  nodes: FlowNode[],
  credentials: Record<string, object> = {},
): Promise<TestFlow> {
  const db: FlowNode = { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user }
  return startFlow([...registrations, functionNode], [db, ...nodes], { db: { password }, ...credentials })
}

export const validate = (to: string[], rejectedTo = to): FlowNode => ({
  ...{ id: 'validate', type: 'linhaviva-telemetry-validate', database: 'db', kind: 'topic', wires: [to, rejectedTo] },
})
export const store = (to: string[] = []): FlowNode => ({
  ...{ id: 'store', type: 'linhaviva-telemetry-store', database: 'db', wires: [to] },
})
export const probe = (id: string): FlowNode => ({ id, type: 'helper', wires: [] })

/** What an engineer writes in a function node. */
export const tinker = (code: string, to: string[]): FlowNode => ({
  ...{ id: 'tinker', type: 'function', func: code, outputs: 1, wires: [to] },
})

export const registryOf = (flow: TestFlow): Registry => flow.node<{ registry: Registry }>('db').registry

/** Opens a number for a batch. `outcome` resolves when it is settled. */
export function openBatch(): { batchId: number; settled(): Promise<Outcome>; isSettled(): boolean } {
  let outcome: Outcome | undefined
  const batchId = acknowledgements.open(600_000, { onSettled: (how) => (outcome = how), onOverdue: () => undefined })
  return {
    batchId,
    settled: () => waitUntil(`batch ${batchId} to be settled`, () => outcome),
    isSettled: () => outcome !== undefined,
  }
}

/** The body of a battery's message, as the field sends it. */
export const batteryBody = (deviceId: string, at: number, kw: number) => ({
  ...{ deviceId, type: 'battery', timestamp: at, p_actual_kw: kw, p_max_kw: 1_000 },
  ...{ site_id: 'house-1', feeder_id: 'f-1', parent_feeder_id: 'substation-1' },
})

export const meterBody = (meterId: string, at: number, voltage: number) => ({
  ...{ meter_id: meterId, timestamp: at, va_v: voltage, interval_s: 600, aggregation: 'rms' },
})

/** A battery's reading as it travels inside. */
export const batteryReading = (deviceId: string, at: number, kw: number): Reading => ({
  ...{ deviceId, kind: 'der', at, receivedAt: at + 5, values: { p_actual_kw: kw, p_max_kw: 1_000 } },
  ...{ labels: { type: 'battery' }, quality: 'good' },
})
