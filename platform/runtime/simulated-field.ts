import { join } from 'node:path'
import { readImportFiles } from '../network/import/files.ts'
import { importNetwork } from '../network/import/import.ts'
import { Database } from '../storage/database.ts'
import type { DatabaseLogin } from './embedded-database.ts'
import { installation } from './installation.ts'

/**
 * Tells a registry that knows no device yet where the devices of the simulator stand: panels, meters and switches do
 * not say it themselves. A registry that somebody has filled is left alone.
 * @returns whether there was anything to tell
 */
export async function registerSimulatedField(login: DatabaseLogin, timeZone: string): Promise<boolean> {
  const database = new Database({ ...login, max: 2 })
  try {
    await database.ready(AbortSignal.timeout(10_000))
    const [known] = await database.query<{ devices: boolean }>('select exists (select from device) as devices')
    if (known?.devices) return false
    await importNetwork(database, await readImportFiles([join(installation, 'docs', 'registry')]), { timeZone })
    return true
  } finally {
    await database.close()
  }
}
