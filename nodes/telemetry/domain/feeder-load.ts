import { parseInstant } from '../../../platform/wire/instant.ts'
import type { LiveDevice, LiveFeeder } from '../../../platform/wire/live.ts'

/** What the registry says of where devices are. */
export interface FeederRegistry {
  /** Every feeder, and which one it hangs on; null: none. */
  readonly parents: ReadonlyMap<string, string | null>
  /** Meters at the heads of feeders: they measure what the others do. */
  readonly heads: ReadonlySet<string>
  /** On which phases devices are, as `AC`; on all of them where it is not said. */
  readonly phases: ReadonlyMap<string, string>
}

/**
 * Load of each feeder: of the devices on it and on all feeders below it, by their newest readings. A device that has been
 * silent for too long, or has no power, counts for nothing.
 * @param now            UTC ms
 * @param silentAfterMs  age of a reading at which its device counts as silent
 */
export function feederLoads(
  devices: Iterable<LiveDevice>,
  { parents, heads, phases: phasesOf }: FeederRegistry,
  now: number,
  silentAfterMs: number,
): Map<string, LiveFeeder> {
  const feeders = new Map<string, LiveFeeder>()
  for (const feederId of parents.keys())
    feeders.set(feederId, {
      ...{ feederId, totalKw: 0, limitKw: null, deviceCount: 0, byType: {} },
      byPhase: { A: 0, B: 0, C: 0 },
    })
  for (const { deviceId, feederId, type, powerKw, receivedAt, values } of devices) {
    if (
      heads.has(deviceId) ||
      powerKw === null ||
      receivedAt === null ||
      now - parseInstant(receivedAt)! >= silentAfterMs
    )
      continue
    const shares = measuredShares(values) ?? evenShares[phasesOf.get(deviceId) ?? 'ABC'] ?? evenShares['ABC']!
    for (const upstream of upstreamOf(feederId, parents)) {
      const feeder = feeders.get(upstream)!
      const ofType = (feeder.byType[type] ??= { count: 0, totalKw: 0 })
      feeder.totalKw += powerKw
      feeder.deviceCount++
      ofType.totalKw += powerKw
      ofType.count++
      for (const phase of phases) feeder.byPhase[phase] += powerKw * shares[phase]
    }
  }
  for (const feeder of feeders.values()) {
    feeder.totalKw = toWatt(feeder.totalKw)
    for (const ofType of Object.values(feeder.byType)) ofType.totalKw = toWatt(ofType.totalKw)
    for (const phase of phases) feeder.byPhase[phase] = toWatt(feeder.byPhase[phase])
  }
  return feeders
}

const phases = ['A', 'B', 'C'] as const
type Shares = Readonly<Record<(typeof phases)[number], number>>

/** What lies evenly on phases, by those that it lies on. */
const evenShares: Readonly<Record<string, Shares>> = Object.fromEntries(
  ['A', 'B', 'C', 'AB', 'AC', 'BC', 'ABC'].map((on) => {
    const share = (phase: string): number => (on.includes(phase) ? 1 / on.length : 0)
    return [on, { A: share('A'), B: share('B'), C: share('C') }]
  }),
)

/** As the currents are, where they were measured: active power by phase is not reported. */
function measuredShares({ ia_a, ib_a, ic_a }: LiveDevice['values']): Shares | undefined {
  const [a, b, c] = [Math.abs(Number(ia_a ?? 0)), Math.abs(Number(ib_a ?? 0)), Math.abs(Number(ic_a ?? 0))]
  const all = a + b + c
  return all > 0 ? { A: a / all, B: b / all, C: c / all } : undefined
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
