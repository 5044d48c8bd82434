import { instantSlots, lineOf, pointTime, seriesKey, type FieldValue } from '../../../../platform/wire/line-protocol.ts'
import type { TrackingFigures } from './tracking.ts'

/** A device, as far as it may be a tag. */
export interface TaggedDer {
  readonly deviceKey: number
  readonly deviceId: string
  readonly feederId: string | null
  readonly type: string | null
}

/** A setpoint from an instant on; null: it was let go, or its time was over. UTC milliseconds, kW, consumption positive. */
export interface SetpointPoint extends TaggedDer {
  readonly at: number
  readonly powerKw: number | null
}

/** Figures of a feeder at an instant, UTC milliseconds. */
export interface FeederPoint extends TrackingFigures {
  readonly feederId: string
  readonly devices: number
  readonly jainIndex: number | null
  readonly importLimitKw: number | null
  readonly exportLimitKw: number | null
  readonly loadKw: number | null
  readonly at: number
}

/** @param firstSharedKey  devices whose number is below it have series of their own; the others share one a feeder and type */
export const setpointLines = (point: SetpointPoint, firstSharedKey: number): string[] =>
  deviceLines(
    'setpoint',
    { setpoint_kw: point.powerKw, in_force: point.powerKw !== null },
    point,
    point.at,
    firstSharedKey,
  )

/** How a device followed its setpoint over the window that ends at an instant. */
export const trackingLines = (
  point: TrackingFigures & TaggedDer & { readonly at: number },
  firstSharedKey: number,
): string[] => deviceLines('tracking_error', fieldsOf(point), point, point.at, firstSharedKey)

/** How devices on a feeder and below it followed theirs, and within what limits. */
export function feederLines(point: FeederPoint): string[] {
  const { feederId: feeder, at, devices, jainIndex, loadKw } = point
  const limits = { import_kw: point.importLimitKw, export_kw: point.exportLimitKw, load_kw: loadKw }
  return [
    ...lineAt('feeder_limit', { feeder }, limits, pointTime(at)),
    ...lineAt(
      'feeder_tracking_error',
      { feeder },
      { ...fieldsOf(point), devices, jain_index: jainIndex },
      pointTime(at),
    ),
  ]
}

const fieldsOf = (figures: TrackingFigures): Record<string, FieldValue> => ({
  ...{ setpoint_kw: figures.setpointKw, actual_kw: figures.actualKw, mean_kw: figures.meanErrorKw },
  ...{ mean_absolute_kw: figures.meanAbsoluteErrorKw, rms_kw: figures.rmsErrorKw, largest_kw: figures.largestErrorKw },
  ...{ beyond_kw: figures.beyondKw, utilisation: figures.utilisation, switches_per_hour: figures.switchesPerHour },
  minutes: figures.minutes,
})

function deviceLines(
  measurement: string,
  fields: Readonly<Record<string, FieldValue>>,
  { deviceKey, deviceId, feederId, type }: TaggedDer,
  at: number,
  firstSharedKey: number,
): string[] {
  const where = { ...(feederId !== null && { feeder: feederId }), ...(type !== null && { type }) }
  return deviceKey < firstSharedKey
    ? lineAt(measurement, { ...where, device: deviceId }, fields, pointTime(at))
    : lineAt(measurement, where, { device_id: deviceId, ...fields }, pointTime(at, deviceKey % instantSlots))
}

const lineAt = (
  measurement: string,
  tags: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, FieldValue>>,
  time: string,
): string[] =>
  [lineOf(seriesKey(measurement, tags), Object.keys(fields), Object.values(fields), time)].filter(
    (line) => line !== undefined,
  )
