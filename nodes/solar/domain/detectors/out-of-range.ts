import type { Feature } from './anomaly.ts'
import type { PanelView } from './panel-view.ts'
import { clear, holds, unknown, type Finding, type Verdict } from './verdict.ts'

/** More than a module ever gives: bright edges of clouds add up to a third to full sun for minutes. */
const mostOfRating = 1.35
/** Open circuit, cold: a quarter above the voltage at maximum power. */
const mostOfVoltage = 1.45
/** Of a module in the sun, or in the coldest night, °C. */
const temperaturesC = { least: -40, most: 95 }
/** Below it a value is noise around zero, of the rating. */
const below = -0.05

/** Values that no panel can have: of its sensors, then, not of the panel. Judged by night too. */
export function outOfRange({ panel, sample }: PanelView): Verdict {
  if (!sample) return unknown
  const ratedA = panel.ratedW / panel.ratedV
  const findings = [
    beyond('power_w', 'W', sample.powerW, below * panel.ratedW, mostOfRating * panel.ratedW),
    beyond('power_w', 'W', sample.highestW ?? null, below * panel.ratedW, mostOfRating * panel.ratedW),
    beyond('voltage_v', 'V', sample.voltageV, below * panel.ratedV, mostOfVoltage * panel.ratedV),
    beyond('current_a', 'A', sample.currentA, below * ratedA, mostOfRating * ratedA),
    beyond('temperature_c', '°C', sample.temperatureC, temperaturesC.least, temperaturesC.most),
  ].flat()
  return findings.length > 0 ? holds('medium', ...findings) : clear
}

function beyond(feature: Feature, unit: string, value: number | null, least: number, most: number): Finding[] {
  if (value === null || (value >= least && value <= most)) return []
  return [{ feature, value, expected: value < least ? least : most, unit }]
}
