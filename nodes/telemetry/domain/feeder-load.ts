import { parseInstant } from '../../../platform/wire/instant.ts'
import type { LiveDevice, LiveFeeder } from '../../../platform/wire/live.ts'

/**
 * Load of each feeder: of the devices on it and on all feeders below it, by their newest readings. A device that has been
 * silent for too long, or has no power, counts for nothing.
 * @param parents        every feeder, and which one it hangs on; null: none
 * @param now            UTC ms
 * @param silentAfterMs  age of a reading at which its device counts as silent
 * @param heads          meters at the heads of feeders: they measure what the others do
 */
export function feederLoads(
  devices: Iterable<LiveDevice>,
  parents: ReadonlyMap<string, string | null>,
  now: number,
  silentAfterMs: number,
  heads: ReadonlySet<string> = new Set(),
): Map<string, LiveFeeder> {
  const feeders = new Map<string, LiveFeeder>()
  for (const feederId of parents.keys())
    feeders.set(feederId, { feederId, totalKw: 0, limitKw: null, deviceCount: 0, byType: {} })
  for (const { deviceId, feederId, type, powerKw, receivedAt } of devices) {
    if (
      heads.has(deviceId) ||
      powerKw === null ||
      receivedAt === null ||
      now - parseInstant(receivedAt)! >= silentAfterMs
    )
      continue
    for (const upstream of upstreamOf(feederId, parents)) {
      const feeder = feeders.get(upstream)!
      const ofType = (feeder.byType[type] ??= { count: 0, totalKw: 0 })
      feeder.totalKw += powerKw
      feeder.deviceCount++
      ofType.totalKw += powerKw
      ofType.count++
    }
  }
  for (const feeder of feeders.values()) {
    feeder.totalKw = toWatt(feeder.totalKw)
    for (const ofType of Object.values(feeder.byType)) ofType.totalKw = toWatt(ofType.totalKw)
  }
  return feeders
}

/** A feeder and those it hangs on, each once: a registry that goes in circles is no reason to do so here. */
function upstreamOf(feederId: string | null, parents: ReadonlyMap<string, string | null>): Set<string> {
  const upstream = new Set<string>()
  for (let next = feederId; next !== null && parents.has(next) && !upstream.has(next); next = parents.get(next)!)
    upstream.add(next)
  return upstream
}

/** To a watt: what is left of adding up in another order is no change. */
const toWatt = (kw: number): number => Math.round(kw * 1_000) / 1_000
