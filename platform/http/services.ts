import type { Access } from '../access/access.ts'
import type { Registry } from '../network/registry.ts'
import type { Environment } from '../runtime/environment.ts'
import type { Database } from '../storage/database.ts'

/** What the routes of every area stand on. One of each in a process of Node-RED, made before the flows are loaded. */
export interface Services {
  readonly database: Database
  readonly registry: Registry
  readonly access: Access
  readonly environment: Environment
  /** Aborted when the process is asked to stop. */
  readonly stopping: AbortSignal
}
