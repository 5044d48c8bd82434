/** Settings of the stock Node-RED of the benchmark: Node-RED's own, but for what is in `STOCK_NODE_RED`. */
import { join } from 'node:path'
import { Pool } from 'pg'
import type { DatabaseLogin } from '../../platform/runtime/embedded-database.ts'

/** What the benchmark tells its stock Node-RED, as JSON in `STOCK_NODE_RED`. */
export interface StockSettings {
  readonly folder: string
  readonly port: number
  /** Where the flow's function node writes to; it finds the pool in its global context. */
  readonly database: DatabaseLogin | undefined
}

const { folder, port, database } = JSON.parse(process.env['STOCK_NODE_RED'] ?? '{}') as StockSettings

const settings = {
  uiPort: port,
  uiHost: '127.0.0.1',
  userDir: folder,
  flowFile: join(folder, 'flows.json'),
  credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  // Of what is installed beside it, a stock Node-RED has the InfluxDB nodes.
  externalModules: { palette: { allowList: ['node-red', 'node-red-contrib-influxdb'], denyList: ['*'] } },
  functionGlobalContext: database ? { pool: new Pool({ ...database }) } : {},
  logging: { console: { level: 'warn', metrics: false, audit: false } },
}

// Node-RED requires its settings file and adds to what it gets: a module's namespace could not be added to.
export { settings as 'module.exports' }
