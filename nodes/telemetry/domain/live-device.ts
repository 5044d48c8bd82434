import { formatInstant } from '../../../platform/wire/instant.ts'
import type { LiveDevice } from '../../../platform/wire/live.ts'
import type { Reading, ReadingKind } from '../../../platform/wire/reading.ts'

/** What the registry says of a device, as far as the live stream shows it. */
export type RegisteredDevice = Pick<LiveDevice, 'deviceId' | 'kind' | 'type' | 'feederId' | 'priority' | 'ofUnit'>

/** A device's newest reading. Instants are UTC milliseconds. */
export interface LatestReading {
  readonly at: number
  readonly receivedAt: number
  readonly quality: Reading['quality']
  readonly powerKw: number | null
  readonly values: Readonly<Record<string, number | string>>
}

/** Measures and words that are shown of each kind: those that the latest readings in the database have. */
const shown: Readonly<Record<ReadingKind, { measures: readonly string[]; words: readonly string[] }>> = {
  der: {
    measures: ['p_actual_kw', 'p_setpoint_kw', 'soc', 'p_max_kw', 'shortwave_radiation_wm2', 'energy_needed_kwh'],
    words: ['plugged_in', 'departs_at'],
  },
  panel: {
    measures: ['temperature_celsius', 'voltage_volts', 'current_amperes', 'power_w', 'irradiance_wm2'],
    words: [],
  },
  meter: {
    measures: [
      ...['va_v', 'vb_v', 'vc_v', 'ia_a', 'ib_a', 'ic_a', 'interval_s', 'p_kw', 'q_kvar', 'frequency_hz'],
      'unbalance_pct',
      ...['dtt_a_pct', 'dtt_b_pct', 'dtt_c_pct', 'pst_a_pu', 'pst_b_pu', 'pst_c_pu'],
    ],
    words: ['aggregation', 'contact'],
  },
  switch: { measures: ['ia_a', 'ib_a', 'ic_a'], words: ['position', 'mode', 'tripped', 'reclose_blocked'] },
}

/** A reading as the latest one of its device. Takes nothing of it along that somebody could change afterwards. */
export function latestOf({ kind, at, receivedAt, quality, values, labels }: Reading): LatestReading {
  const { measures, words } = shown[kind]
  const kept: Record<string, number | string> = {}
  for (const name of measures) {
    const value = values[name]
    if (value !== undefined) kept[name] = value
  }
  for (const name of words) {
    const word = labels?.[name]
    if (word !== undefined) kept[name] = word
  }
  return { at, receivedAt, quality, powerKw: powerOf(kind, values), values: kept }
}

/** Power at the terminals, kW, consumption positive; null for what has none. */
function powerOf(kind: ReadingKind, values: Reading['values']): number | null {
  if (kind === 'der') return values['p_actual_kw'] ?? null
  if (kind === 'panel') return values['power_w'] === undefined ? null : values['power_w'] / 1_000
  return kind === 'meter' ? (values['p_kw'] ?? null) : null
}

/** A device with its newest reading. */
export const withReading = (
  { deviceId, kind, type, feederId, priority, ofUnit }: RegisteredDevice,
  { at, receivedAt, quality, powerKw, values }: LatestReading,
): LiveDevice => ({
  ...{ deviceId, kind, type, feederId, priority, ofUnit },
  ...{ at: textOfAt(at), receivedAt: textOfReceipt(receivedAt), quality, powerKw, values },
})

/** A device that has never reported. */
export const withoutReading = ({ deviceId, kind, type, feederId, priority, ofUnit }: RegisteredDevice): LiveDevice => ({
  ...{ deviceId, kind, type, feederId, priority, ofUnit },
  ...{ at: null, receivedAt: null, quality: null, powerKw: null, values: {} },
})

/** Whether the registry says the same of a device as is shown. */
export const isRegisteredAs = (
  shownNow: RegisteredDevice,
  { kind, type, feederId, priority, ofUnit }: RegisteredDevice,
) =>
  shownNow.kind === kind &&
  shownNow.type === type &&
  shownNow.feederId === feederId &&
  shownNow.priority === priority &&
  shownNow.ofUnit === ofUnit

const textOfAt = rememberingTheLast(formatInstant)
const textOfReceipt = rememberingTheLast(formatInstant)

/** At a high rate many readings share a millisecond, and writing it out is half of the work. */
function rememberingTheLast(format: (instant: number) => string): (instant: number) => string {
  let [last, text] = [NaN, '']
  return (instant) => {
    if (instant !== last) [last, text] = [instant, format(instant)]
    return text
  }
}
