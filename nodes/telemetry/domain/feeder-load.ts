import { parseInstant } from '../../../platform/wire/instant.ts'
import type { LiveDevice, LiveFeeder } from '../../../platform/wire/live.ts'

/**
 * Load of each feeder that has devices, by the devices' newest readings. A device that has been silent for too long, or has
 * no power, counts for nothing; a feeder all of whose devices do so stands there with nothing.
 * @param now            UTC ms
 * @param silentAfterMs  age of a reading at which its device counts as silent
 */
export function feederLoads(
  devices: Iterable<LiveDevice>,
  now: number,
  silentAfterMs: number,
): Map<string, LiveFeeder> {
  const feeders = new Map<string, LiveFeeder>()
  for (const device of devices) {
    const { feederId, powerKw, receivedAt } = device
    if (feederId === null) continue
    const feeder = feeders.get(feederId) ?? { feederId, totalKw: 0, limitKw: null, deviceCount: 0, byType: {} }
    feeders.set(feederId, feeder)
    if (powerKw === null || receivedAt === null || now - parseInstant(receivedAt)! >= silentAfterMs) continue
    const type = (feeder.byType[device.type ?? device.kind] ??= { totalKw: 0, deviceCount: 0 })
    for (const sum of [feeder, type]) {
      sum.totalKw += powerKw
      sum.deviceCount++
    }
  }
  for (const feeder of feeders.values()) {
    feeder.totalKw = toWatt(feeder.totalKw)
    for (const sum of Object.values(feeder.byType)) sum.totalKw = toWatt(sum.totalKw)
  }
  return feeders
}

/** To a watt: what is left of adding up in another order is no change. */
const toWatt = (kw: number): number => Math.round(kw * 1_000) / 1_000
