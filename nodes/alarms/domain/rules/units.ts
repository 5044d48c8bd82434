import type { NumericLeaf } from './rule.ts'

/** Units by the end of a measure's name: the longest that fits says. */
const units: readonly (readonly [ending: string, unit: string])[] = [
  ...([
    ['_kvar', 'kvar'],
    ['_kw', 'kW'],
    ['_wm2', 'W/m²'],
    ['_w', 'W'],
    ['_volts', 'V'],
    ['_v', 'V'],
  ] as const),
  ...([
    ['_amperes', 'A'],
    ['_a', 'A'],
    ['_hz', 'Hz'],
    ['_celsius', '°C'],
    ['_pct', '%'],
    ['_pu', 'pu'],
    ['_s', 's'],
  ] as const),
]

/** Unit of a measure, as its name says it; empty where it has none. */
export const unitOfMeasure = (measure: string): string => units.find(([ending]) => measure.endsWith(ending))?.[1] ?? ''

/** Unit of a leaf's set point and deadband. */
export function unitOf(leaf: NumericLeaf): string {
  if (leaf.type === 'deviation' && leaf.as === 'percent') return '%'
  const unit = unitOfMeasure(leaf.measure)
  if (leaf.type !== 'rate') return unit
  return `${unit}/${leaf.per === 'second' ? 's' : 'min'}`
}
