import type { LiveControl } from '../../../../../platform/wire/live-control.ts'
import type { LiveDevice } from '../../../../../platform/wire/live.ts'
import type { DeviceTracking, RegisteredDevice } from './answers.ts'
import type { NameOrder } from './name-order.ts'

/** A device as the table of its feeder shows it; power in kW at its terminals, consumption positive; null: not known. */
export interface DeviceRow {
  readonly deviceId: string
  readonly type: string
  readonly siteId: string | null
  /** Undefined until the registry has answered. */
  readonly isPhysical: boolean | undefined
  readonly actualKw: number | null
  readonly maxKw: number | null
  /** State of charge, 0 to 1. */
  readonly soc: number | null
  /** Null: none is in force. */
  readonly setpointKw: number | null
  /** Until when it is told so, UTC milliseconds. */
  readonly setpointUntil: number | null
  /** Measured less told. */
  readonly errorKw: number | null
  /** Mean size of that over the last minutes. */
  readonly meanErrorKw: number | null
  /** Instant of its newest reading, ISO 8601 in UTC; null: it has never reported. */
  readonly at: string | null
  readonly isSilent: boolean
}

/** What rows are made of, by device. */
export interface DeviceSources {
  readonly live: ReadonlyMap<string, LiveDevice>
  readonly control: ReadonlyMap<string, LiveControl>
  readonly registered: ReadonlyMap<string, RegisteredDevice>
  readonly tracking: ReadonlyMap<string, DeviceTracking>
}

const number = (value: number | string | undefined): number | null => (typeof value === 'number' ? value : null)
const instant = (text: string | null): number | null => (text === null ? null : Date.parse(text))

/** @param now  of the platform's clock, UTC milliseconds: a setpoint that is over is none */
export function rowsOf({ live, control, registered, tracking }: DeviceSources, now: number): DeviceRow[] {
  // Plain, without spreading: thousands of them are made every second.
  return Array.from(live.values(), ({ deviceId, type, powerKw, values, at }): DeviceRow => {
    const known = registered.get(deviceId)
    const told = control.get(deviceId)
    const until = told ? instant(told.expiresAt) : null
    const setpointKw = until !== null && until > now ? told!.setpointKw : null
    return {
      deviceId,
      type,
      siteId: known?.siteId ?? null,
      isPhysical: known?.isPhysical,
      actualKw: powerKw,
      maxKw: known?.ratedKw ?? number(values['p_max_kw']),
      soc: number(values['soc']),
      setpointKw,
      setpointUntil: setpointKw === null ? null : until,
      errorKw: setpointKw === null || powerKw === null ? null : powerKw - setpointKw,
      meanErrorKw: tracking.get(deviceId)?.meanAbsoluteErrorKw ?? null,
      at,
      isSilent: known?.silent ?? false,
    }
  })
}

/** A part of its rating beyond the setpoint that is worth a look. */
const beyondPart = 0.1

/**
 * Whether a device takes, or gives, clearly more than it is told. Less than that is no fault: a car may be full, a PV inverter under a
 * cloud.
 */
export function isBeyond({ errorKw, setpointKw, maxKw }: DeviceRow): boolean {
  if (errorKw === null || setpointKw === null || maxKw === null) return false
  const margin = beyondPart * maxKw
  return (setpointKw >= 0 && errorKw > margin) || (setpointKw <= 0 && errorKw < -margin)
}

/** The same without what is of now: nobody knows it while the connection is lost. */
export const unknownNow = (row: DeviceRow): DeviceRow => ({
  ...{ ...row, actualKw: null, soc: null, setpointKw: null, setpointUntil: null, errorKw: null, meanErrorKw: null },
})

/** Types that follow setpoints. */
const steered: ReadonlySet<string> = new Set(['ev', 'battery', 'pv'])

export interface DeviceFilter {
  /** One type, all that follow setpoints, or all. */
  readonly type: string
  readonly origin: 'all' | 'physical' | 'simulated'
}

export const filteredRows = (rows: readonly DeviceRow[], { type, origin }: DeviceFilter): DeviceRow[] =>
  rows.filter(
    (row) =>
      (type === 'all' || (type === 'steered' ? steered.has(row.type) : row.type === type)) &&
      (origin === 'all' || row.isPhysical === (origin === 'physical')),
  )

/** Columns that rows can be sorted by. */
export const sortKeys = [
  ...(['deviceId', 'type', 'siteId', 'actualKw', 'maxKw', 'soc', 'setpointKw', 'errorKw', 'at'] as const),
]
export type SortKey = (typeof sortKeys)[number]
export interface Sorting {
  readonly by: SortKey
  readonly isDescending: boolean
}

/** Sorts by a column, then by identifier; what is not known comes last both ways, and errors go by their size. */
export function sortedRows(rows: readonly DeviceRow[], { by, isDescending }: Sorting, names: NameOrder): DeviceRow[] {
  const isKnown = ({ deviceId, type, siteId }: DeviceRow): boolean =>
    names.knows(deviceId) && names.knows(type) && names.knows(siteId ?? '')
  if (!rows.every(isKnown)) names.learn(rows.flatMap(({ deviceId, type, siteId }) => [deviceId, type, siteId ?? '']))
  const compare = (one: DeviceRow, other: DeviceRow): number => {
    const [a, b] = [one[by], other[by]]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    const order = orderOf(by, a, b, names)
    return isDescending ? -order : order
  }
  return rows.toSorted((one, other) => compare(one, other) || names.compare(one.deviceId, other.deviceId))
}

/** Instants go as the text that they are, errors by their size. */
function orderOf(
  by: SortKey,
  a: NonNullable<DeviceRow[SortKey]>,
  b: NonNullable<DeviceRow[SortKey]>,
  names: NameOrder,
): number {
  if (by === 'at') return Number(a > b) - Number(a < b)
  if (typeof a === 'string') return names.compare(a, b as string)
  return by === 'errorKw' ? Math.abs(a) - Math.abs(b as number) : a - (b as number)
}
