import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readImportFiles } from '../network/import/files.ts'
import { importNetwork } from '../network/import/import.ts'
import { Database } from '../storage/database.ts'
import type { DatabaseLogin } from './embedded-database.ts'
import { installation } from './installation.ts'

/**
 * Tells a registry that knows no device yet where the devices of the simulator stand: panels, meters and switches do
 * not say it themselves; and gives its units example limits and monetary bases, so that what goes wrong there costs something. A
 * registry that somebody has filled is left alone.
 * @returns whether there was anything to tell
 */
export async function registerSimulatedField(login: DatabaseLogin, timeZone: string): Promise<boolean> {
  const database = new Database({ ...login, max: 2 })
  try {
    await database.ready(AbortSignal.timeout(10_000))
    const [known] = await database.query<{ devices: boolean }>('select exists (select from device) as devices')
    if (known?.devices) return false
    await importNetwork(database, await readImportFiles([join(installation, 'docs', 'registry')]), { timeZone })
  } finally {
    await database.close()
  }
  await enterExamples(login)
  return true
}

/** What a program of an area does with `docs/registers`: what stands there is the area's own affair. */
async function enterExamples({ host, port, user, password, database }: DatabaseLogin): Promise<void> {
  const program = join(installation, 'dist', 'nodes', 'continuity', 'registers', 'registers-cli.js')
  const env = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: database }
  try {
    const folder = join(installation, 'docs', 'registers')
    await promisify(execFile)(process.execPath, [program, 'import', folder], { env, timeout: 30_000 })
  } catch (error) {
    const [line = ''] = (error as { stderr?: string }).stderr?.split('\n') ?? []
    throw new Error(`its example limits are not entered: ${line || (error as Error).message}`, { cause: error })
  }
}
