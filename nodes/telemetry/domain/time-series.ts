import type { ReadingKind } from '../../../platform/wire/reading.ts'
import { instantSlots, seriesKey, type FieldValue } from '../../../platform/wire/line-protocol.ts'

/** What the registry says of a device, as far as it may be a tag: nothing here leads to a person. */
export interface TaggedDevice {
  deviceKey: number
  deviceId: string
  /** pv, battery, ev … of a DER. */
  type?: string
  feederId?: string
  siteId?: string
}

/** Where the points of a device go. */
export interface DeviceSeries {
  /** Measurement and tags, in line protocol. */
  key: string
  /** Fields that every point carries besides its own. */
  names: readonly string[]
  values: readonly FieldValue[]
  /** Digits that keep its points apart from those of other devices in the same series and instant. */
  slot: number
}

/**
 * The series of a device's readings. A device has its own, with itself as a tag, while its number is below
 * `firstSharedKey`; those registered after that share one a feeder and type, with the device in a field.
 */
export function readingSeries(kind: ReadingKind, device: TaggedDevice, firstSharedKey: number): DeviceSeries {
  const { deviceKey, deviceId, type, feederId: feeder, siteId: site } = device
  if (deviceKey < firstSharedKey)
    return { key: seriesKey(kind, { device: deviceId, feeder, site, type }), names: [], values: [], slot: 0 }
  return shared(seriesKey(kind, { feeder, type }), deviceKey, deviceId)
}

/** The series of a device's events: shared by all devices of a feeder, one a type and phases. */
export function eventSeries(
  { deviceKey, deviceId, feederId: feeder }: TaggedDevice,
  event: { type: string; phases?: string | null },
): DeviceSeries {
  return shared(seriesKey('event', { feeder, type: event.type, phases: event.phases ?? '' }), deviceKey, deviceId)
}

const shared = (key: string, deviceKey: number, deviceId: string): DeviceSeries => ({
  ...{ key, names: ['device_id'], values: [deviceId], slot: deviceKey % instantSlots },
})
