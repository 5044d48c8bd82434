import { median } from '../robust.ts'
import type { PanelView } from './panel-view.ts'
import type { SiteMemory } from './site-memory.ts'
import { clear, holds, unknown, type Verdict } from './verdict.ts'

/** Of its rating: below it a panel generates nothing. The darkest clouds let two hundredths through, snow a little. */
const nothing = 0.005
/** Share of the panels that report. One that lives proves that the inverter does. */
const all = 0.95
/** Of one or two nobody can tell a trip from a dead panel. */
const leastPanels = 3
const leastElevationDeg = 10
/** Light that a sensor saw, W/m². */
const leastWm2 = 100
/** What a site generated within a quarter of an hour before it fell to nothing: no cloud does that. */
const suddenFrom = 0.08
/** Of the voltage at maximum power, in the median: panels in the light that nobody draws from. */
const openCircuit = 0.9

/** Whether all panels of a site that report generate nothing. */
export function isDark(views: readonly PanelView[]): boolean {
  const reporting = views.filter(({ sample }) => sample?.powerW != null)
  if (reporting.length < leastPanels) return false
  const dark = reporting.filter(({ sample, panel }) => sample!.powerW! < nothing * panel.ratedW)
  return dark.length >= all * reporting.length
}

/**
 * The inverter of a site tripped: all its panels at nothing, though there is light: a sensor sees it, their voltage shows it, or
 * they fell to nothing at once. A site that is dark from dawn on without any of it may lie under snow.
 * @param memory  as it was before this slot
 * @param isHeld  whether it held in the slot before: what began suddenly goes on
 */
export function inverterTrip(views: readonly PanelView[], memory: SiteMemory, isHeld: boolean): Verdict {
  const elevationDeg =
    views.find(({ expected }) => expected?.sunElevationDeg != null)?.expected!.sunElevationDeg ?? null
  const measured = views.find(({ expected }) => expected?.basis === 'measured')?.expected!.irradianceWm2 ?? null
  if (elevationDeg === null ? (measured ?? 0) < leastWm2 : elevationDeg < leastElevationDeg) return unknown
  if (!isDark(views)) return views.some(({ sample }) => sample?.powerW != null) ? clear : unknown
  const voltage = median(
    views.flatMap(({ sample, panel }) => (sample?.voltageV == null ? [] : [sample.voltageV / panel.ratedV])),
  )
  // Snow lies on panels and not on the sensor beside them: then their voltage says that they are dark.
  const isLit = measured !== null && measured >= leastWm2 && (voltage === null || voltage >= openCircuit)
  const fell = Math.max(0, ...memory.shares) >= suddenFrom
  if (!isLit && !fell && !isHeld && !(voltage !== null && voltage >= openCircuit)) return unknown
  return holds(
    'critical',
    {
      feature: 'power_ratio',
      value: 0,
      expected: memory.shares.length > 0 ? Math.max(...memory.shares) : null,
      unit: '1',
    },
    ...(isLit ? [{ feature: 'irradiance_wm2', value: measured, expected: null, unit: 'W/m²' } as const] : []),
    ...(voltage === null ? [] : [{ feature: 'voltage_ratio', value: voltage, expected: 1, unit: '1' } as const]),
  )
}
