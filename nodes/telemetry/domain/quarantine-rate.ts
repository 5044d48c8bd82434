import type { DevicePlace, QuarantineFlood } from './telemetry-conditions.ts'

/** How much went into quarantine for a reason since it was first counted. */
export interface QuarantineTally extends Omit<DevicePlace, 'deviceId'> {
  readonly reason: string
  /** Null: of devices that nobody registered. */
  readonly deviceId: string | null
  readonly count: number
  /** UTC milliseconds. */
  readonly firstAt: number
}

/** What one device, or unregistered ones for one reason, sent within the period. */
export interface Intake extends Omit<QuarantineFlood, 'limit' | 'windowMs'> {
  readonly subject: string
  readonly isOfClocks: boolean
  /** As much as goes there in such a period on average, before it began. */
  readonly usual: number
}

/** A device whose clock is wrong: what it sends is refused for its instants. */
const clockReasons: ReadonlySet<string> = new Set(['too_far_ahead', 'too_old', 'bad_timestamp'])
/** Of less than a day no average can be told. */
const leastAgeMs = 86_400_000

export const tallyKey = ({ reason, deviceId }: QuarantineTally): string => `${reason}/${deviceId ?? ''}`

/**
 * What went into quarantine since a period began.
 * @param before   counts when it began, by `tallyKey`
 * @param since    UTC milliseconds
 * @param windowMs length of such a period
 */
export function intakeSince(
  tallies: readonly QuarantineTally[],
  before: ReadonlyMap<string, number>,
  since: number,
  windowMs: number,
): Intake[] {
  const intakes = new Map<string, Intake & { readonly most: number }>()
  for (const tally of tallies) {
    const { reason, deviceId, firstAt } = tally
    // One that slept when the period began, and was counted long before: from now on.
    const then = before.get(tallyKey(tally)) ?? (firstAt >= since ? 0 : tally.count)
    const count = tally.count - then
    if (count <= 0) continue
    const isOfClocks = deviceId !== null && clockReasons.has(reason)
    const subject = deviceId ?? `reason:${reason}`
    const key = `${isOfClocks} ${subject}`
    const known = intakes.get(key)
    const device = deviceId === null ? null : { deviceId, feederId: tally.feederId, unitId: tally.unitId }
    const usual = since - firstAt >= leastAgeMs ? (then * windowMs) / (since - firstAt) : 0
    intakes.set(key, {
      ...{ subject, isOfClocks, device, sinceAt: since, count: count + (known?.count ?? 0) },
      ...{ usual: usual + (known?.usual ?? 0), most: Math.max(count, known?.most ?? 0) },
      reason: known && known.most >= count ? known.reason : reason,
    })
  }
  return [...intakes.values()].map(({ most: _most, ...intake }) => intake)
}

/** So many times as much as usual is a flood. */
const floodFactor = 5

/** From how many messages in a period on it is a flood. @param least  fewer never are */
export const floodLimit = ({ usual }: Pick<Intake, 'usual'>, least: number): number =>
  Math.max(least, Math.ceil(floodFactor * usual))
