import type { Hub } from '../../platform/live/hub.ts'
import type { Database } from '../../platform/storage/database.ts'
import type { Reading } from '../../platform/wire/reading.ts'
import { isRegisteredAs, latestOf, withoutReading, withReading } from './domain/live-device.ts'
import { latestReadingsOf, registeredDevices } from './live-repository.ts'

/** A device that has never reported is older than any reading. */
const never = -Infinity

/**
 * Shows readings that have become durable on the live stream. Of each device the newest one counts, so they are looked at from
 * the last one on. A device that is not shown yet comes with its latest reading, from the database: what is stored now may be
 * older than what was before the start.
 */
export function publishReadings(hub: Hub, readings: readonly Reading[]): void {
  for (let index = readings.length - 1; index >= 0; index--) {
    const reading = readings[index]!
    const { deviceId, at } = reading
    const shownAt = hub.instantOf('devices', deviceId)
    if (shownAt === undefined || shownAt >= at) continue
    hub.publish('devices', deviceId, withReading(hub.get('devices', deviceId)!, latestOf(reading)), at)
  }
}

/** Shows what the database has of these devices, as far as it is newer than what is shown. */
export async function publishLatest(
  hub: Hub,
  database: Database,
  written: readonly { deviceId: string; at: number }[],
): Promise<void> {
  const isNewer = ({ deviceId, at }: { deviceId: string; at: number }): boolean =>
    (hub.instantOf('devices', deviceId) ?? Infinity) < at
  const newer = written.filter(isNewer)
  if (newer.length === 0) return
  for (const { deviceId, ...reading } of await latestReadingsOf(
    database,
    newer.map(({ deviceId }) => deviceId),
  )) {
    const shown = hub.get('devices', deviceId)
    if (shown && isNewer({ deviceId, at: reading.at }))
      hub.publish('devices', deviceId, withReading(shown, reading), reading.at)
  }
}

/** Shows every device of the registry with the place it has now, and no other; those that come new with their latest reading. */
export async function publishRegistry(hub: Hub, database: Database, now: number): Promise<void> {
  const registered = await registeredDevices(database, now)
  const known = new Set(registered.map(({ deviceId }) => deviceId))
  for (const { deviceId } of hub.values('devices')) if (!known.has(deviceId)) hub.remove('devices', deviceId)
  const fresh: { deviceId: string; at: number }[] = []
  for (const device of registered) {
    const { deviceId } = device
    const shown = hub.get('devices', deviceId)
    if (!shown) hub.publish('devices', deviceId, withoutReading(device), never)
    else if (!isRegisteredAs(shown, device))
      hub.publish('devices', deviceId, { ...shown, ...device }, hub.instantOf('devices', deviceId))
    if (!shown) fresh.push({ deviceId, at: Infinity })
  }
  try {
    await publishLatest(hub, database, fresh)
  } catch (error) {
    // They come again, with their latest readings.
    for (const { deviceId } of fresh) hub.remove('devices', deviceId)
    throw error
  }
}
