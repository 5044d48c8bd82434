import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PoolConfig } from 'pg'
import { AccessLog, type AccessEntry } from '../access/access-log.ts'
import { anchorFolder } from '../audit/anchor-place.ts'
import { anchorKeyOf } from '../audit/anchor.ts'
import { Anchoring } from '../audit/anchoring.ts'
import { wallClock } from '../clock/clock.ts'
import { Database } from '../storage/database.ts'
import type { Environment } from './environment.ts'
import type { Kept } from './keep-running.ts'
import { openSecrets } from './secrets.ts'

/** A database that does not answer holds up no stop. */
const patienceMs = 1_500

/** The audit, as far as it is no business of Node-RED's: the heads that are signed, and what the broker refuses. */
export interface Auditing extends Kept {
  /** Tells the access log, within a second or so, of what was refused; of too much of it only the number. */
  refused(entry: AccessEntry): void
}

/**
 * Starts it in this process, where no flow runs. A database that is away is waited for.
 * @param login  of the running role
 */
export function startAuditing(login: PoolConfig, environment: Environment, warn: (line: string) => void): Auditing {
  const database = new Database({ ...login, max: 2, application_name: 'linha-viva-audit' })
  const log = new AccessLog(database, wallClock, (error) => warn(`what was refused is not recorded: ${String(error)}`))
  const key = anchorKeyOf(openSecrets(resolve(environment.DATA_DIR)).auditAnchors)
  const anchoring = new Anchoring({ database, folder: anchorFolder(environment), key, clock: wallClock, warn })
  return {
    started: Promise.resolve(),
    refused: (entry) => log.note(entry),
    async stop() {
      const ending = log.close().then(() => anchoring.stop())
      const told = ending.catch((error: unknown) => warn(`the audit is not anchored: ${(error as Error).message}`))
      await Promise.race([told, sleep(patienceMs, undefined, { ref: false })])
      await database.close()
    },
  }
}
