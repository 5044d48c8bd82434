import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../runtime/embedded-database.ts'
import { freePort } from '../runtime/ports.ts'
import { migrate } from './migrate.ts'

/** A PostgreSQL that a test may kill and start again on the same data, at the same address. */
export interface RestartableDatabase {
  readonly server: EmbeddedDatabase
  /** As when the machine loses power. */
  kill(): Promise<void>
  start(): Promise<void>
  /** For good. */
  remove(): Promise<void>
}

/** @param migrated with the schema of this release, and started; else empty, and started */
export async function restartableDatabase({ migrated = true } = {}): Promise<RestartableDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'linha-viva-restartable-'))
  // Run as root, PostgreSQL runs as another user, who must get there.
  chmodSync(dataDir, 0o755)
  const port = await freePort()
  let server = await startEmbeddedDatabase({ dataDir, port })
  if (migrated) await migrate(server.owner, server.running.user, () => undefined)
  return {
    get server() {
      return server
    },
    async kill() {
      process.kill(server.pid, 'SIGKILL')
      await server.ended
    },
    async start() {
      server = await startEmbeddedDatabase({ dataDir, port })
    },
    async remove() {
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
