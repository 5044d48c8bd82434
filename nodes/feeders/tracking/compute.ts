import type { Queries } from '../../../platform/storage/queries.ts'
import { minuteMs } from '../domain/tracking/told.ts'
import {
  Tracking,
  type DeviceTracking,
  type FeederTracking,
  type TrackingFigures,
  type TrackingSpan,
} from '../domain/tracking/tracking.ts'
import {
  feederParents,
  rolledUpUntil,
  steeredDevices,
  trackedDevices,
  type SteeredDevice,
} from './tracked-repository.ts'

/** A device's figures, with what the registry says of it. */
export interface DeviceFigures extends DeviceTracking {
  readonly device: SteeredDevice
}

export interface ComputedTracking {
  readonly devices: readonly DeviceFigures[]
  readonly feeders: readonly FeederTracking[]
  readonly all: TrackingFigures & { readonly devices: number }
}

/** Some devices at a time: each page is read, added up and let go. */
const pageSize = 500
/** A control loop tells a device once a minute; events, breaks and restarts tell it more. */
const toldAMinute = 4
/** Whoever was told earlier than that stays as it was. */
const toldBefore = 60
/** Readings are on their way for so long. */
const graceMs = 15_000

/** The whole minutes that have passed and stand in the roll-ups, `windowMinutes` of them. @param now  UTC milliseconds */
export async function trackingSpan(queries: Queries, now: number, windowMinutes: number): Promise<TrackingSpan> {
  const until = (await rolledUpUntil(queries, now)) - graceMs
  const to = Math.floor(until / minuteMs) * minuteMs
  return { from: to - windowMinutes * minuteMs, to }
}

/** Figures of all devices that had a setpoint in a span, or of some, and of their feeders. Reads roll-ups, and no reading. */
export async function computeTracking(
  queries: Queries,
  span: TrackingSpan,
  only?: { readonly deviceId: string | null; readonly feederId: string | null },
): Promise<ComputedTracking> {
  const tracking = new Tracking(span, await feederParents(queries))
  const found: DeviceFigures[] = []
  const mostTold = toldBefore + (toldAMinute * (span.to - span.from)) / minuteMs
  let after = ''
  for (let isFull = true; isFull;) {
    const page = await steeredDevices(queries, span, { after, most: pageSize }, only)
    isFull = page.length === pageSize
    after = page.at(-1)?.deviceId ?? after
    const tracked = page.length === 0 ? [] : await trackedDevices(queries, page, span, mostTold)
    for (const [index, one] of tracked.entries()) {
      const figures = tracking.add(one)
      if (figures) found.push({ ...figures, device: page[index]! })
    }
  }
  return { devices: found, feeders: tracking.feeders(), all: tracking.all() }
}
