import type { Feature } from './anomaly.ts'
import type { PanelView } from './panel-view.ts'
import { clear, holds, unknown, type Finding, type Verdict } from './verdict.ts'

/** More than a module ever gives: bright edges of clouds add up to a third to full sun for minutes. */
const mostOfRating = 1.35
/** Open circuit, cold: a quarter above the voltage at maximum power. */
const mostOfVoltage = 1.45
/** Of a module in the sun, or in the coldest night, °C; at −40 stands what many a sensor shows when its wire is cut. */
const temperaturesC = { least: -39.9, most: 95 }
/** No hot spot and no wind sets a module so far apart from its siblings, °C. */
const mostApartC = 40
/** Below it a value is noise around zero, of the rating. */
const below = -0.05

/** Values that no panel can have: of its sensors, then, not of the panel. Judged by night too. */
export function outOfRange({ panel, sample, warmerC }: PanelView): Verdict {
  if (!sample) return unknown
  const ratedA = panel.ratedW / panel.ratedV
  const findings = [
    beyond('power_w', 'W', sample.powerW, below * panel.ratedW, mostOfRating * panel.ratedW),
    beyond('power_w', 'W', sample.highestW ?? null, below * panel.ratedW, mostOfRating * panel.ratedW),
    beyond('voltage_v', 'V', sample.voltageV, below * panel.ratedV, mostOfVoltage * panel.ratedV),
    beyond('current_a', 'A', sample.currentA, below * ratedA, mostOfRating * ratedA),
    beyond('temperature_c', '°C', sample.temperatureC, temperaturesC.least, temperaturesC.most),
    apart(sample.temperatureC, warmerC),
  ].flat()
  return findings.length > 0 ? holds('medium', ...findings) : clear
}

function beyond(feature: Feature, unit: string, value: number | null, least: number, most: number): Finding[] {
  if (value === null || (value >= least && value <= most)) return []
  return [{ feature, value, expected: value < least ? least : most, unit }]
}

function apart(value: number | null, warmerC: number | null): Finding[] {
  if (value === null || warmerC === null || Math.abs(warmerC) <= mostApartC) return []
  return [{ feature: 'temperature_c', value, expected: value - warmerC, unit: '°C' }]
}
