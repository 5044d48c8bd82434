import { instantSlots, lineOf, pointTime, seriesKey, type FieldValue } from '../../../platform/wire/line-protocol.ts'
import type { VoltageIndicators } from './indicators.ts'
import { phases } from './sample.ts'
import type { VoltageWindow } from './windows.ts'

/** A meter and what it stands for, as far as it may be a tag: nothing here leads to a person. */
export interface TaggedMeter {
  readonly deviceKey: number
  readonly deviceId: string
  readonly unitId: string | null
  readonly feederId: string | null
}

/**
 * Points of a window, one a phase that has a voltage, at the window's beginning.
 * @param firstSharedKey  meters whose number is below it have series of their own; the others share one a feeder and phase,
 *   with the unit in a field
 */
export function windowLines(
  { start, volts, coverage, bands, invalid }: VoltageWindow,
  meter: TaggedMeter,
  firstSharedKey: number,
): string[] {
  return phases.flatMap((phase, index) => {
    if (volts[index] === null) return []
    const fields = {
      ...{ volts: volts[index], coverage, band: bands[index], valid: invalid === undefined },
      ...(invalid && { invalid_reason: invalid.reason }),
    }
    return lineAt('voltage_window', { phase }, fields, start, meter, firstSharedKey)
  })
}

/**
 * Point of a unit's indicators, at the instant up to which they count.
 * @param indicative  whether they are those of the rolling week, which book nothing, or those of an official measurement
 */
export function indicatorLines(
  { drpPct, drcPct, nlpPhase, nlcPhase }: VoltageIndicators,
  { at, valid, indicative }: { readonly at: number; readonly valid: number; readonly indicative: boolean },
  meter: TaggedMeter,
  firstSharedKey: number,
): string[] {
  const fields = {
    ...{ drp_pct: drpPct, drc_pct: drcPct, valid_windows: valid },
    ...{ drp_phase: nlpPhase, drc_phase: nlcPhase },
  }
  return lineAt('voltage_indicator', { indicative: String(indicative) }, fields, at, meter, firstSharedKey)
}

/** A unit goes without its meter: nobody shall learn here whose consumption a meter shows. */
function lineAt(
  measurement: string,
  tags: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, FieldValue>>,
  at: number,
  { deviceKey, deviceId, unitId, feederId }: TaggedMeter,
  firstSharedKey: number,
): string[] {
  const where = { ...tags, ...(feederId !== null && { feeder: feederId }) }
  const isOwn = deviceKey < firstSharedKey
  const key = seriesKey(
    measurement,
    isOwn ? { ...where, ...(unitId ? { unit: unitId } : { device: deviceId }) } : where,
  )
  const all = isOwn ? fields : { ...(unitId ? { unit_id: unitId } : { device_id: deviceId }), ...fields }
  const time = pointTime(at, isOwn ? 0 : deviceKey % instantSlots)
  return [lineOf(key, Object.keys(all), Object.values(all), time)].filter((line) => line !== undefined)
}
