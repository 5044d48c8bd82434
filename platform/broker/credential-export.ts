import { isAbort, pause } from '../clock/pause.ts'
import { messageOf } from '../node/message-of.ts'
import type { Database } from '../storage/database.ts'
import { selectHashes } from './credential-repository.ts'
import { writeDevices } from './devices-file.ts'

/**
 * Keeps the file of devices what the database says, until aborted: at once, after every change, and after every time
 * that the database was away.
 */
export async function exportCredentials(
  database: Database,
  path: string,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let isDue = false
  let working: Promise<void> = Promise.resolve()

  async function work(): Promise<void> {
    while (isDue && !signal.aborted) {
      isDue = false
      try {
        const hashes = await selectHashes(database)
        if (writeDevices(path, hashes)) log(`devices with credentials in force at the broker: ${hashes.size}`)
      } catch (error) {
        if (isAbort(error)) return
        log(`the broker does not learn the credentials of devices: ${messageOf(error)}`)
        isDue = true
        await pause(2_000, signal)
      }
    }
  }

  const heard = (): void => {
    if (!isDue) {
      isDue = true
      working = working.then(work)
    }
  }
  await database.listen('mqtt_credential_changed', heard, signal)
  await working
}
