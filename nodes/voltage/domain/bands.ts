import { ruleOn, type Regulated } from '../../../platform/regulation/regulated.ts'

/** Where a 10-minute voltage lies: `adequada`, `precária`, `crítica`. */
export const voltageBands = ['adequate', 'precarious', 'critical'] as const
export type VoltageBand = (typeof voltageBands)[number]

/**
 * Bounds of one reference voltage, in volts: critical below `criticalLow` or above `criticalHigh`, adequate from
 * `adequateLow` to `adequateHigh`, both included, precarious between.
 */
export interface BandLimits {
  readonly criticalLow: number
  readonly adequateLow: number
  readonly adequateHigh: number
  readonly criticalHigh: number
}

const limits = (criticalLow: number, adequateLow: number, adequateHigh: number, criticalHigh: number): BandLimits => ({
  ...{ criticalLow, adequateLow, adequateHigh, criticalHigh },
})

/** Bounds of low voltage by nominal voltage, in volts: phase to neutral or phase to phase, whichever is measured. */
export const lowVoltageBands: readonly Regulated<Readonly<Record<number, BandLimits>>>[] = [
  {
    validFrom: '2000-01-01',
    source: 'PRODIST Módulo 8, Anexo 8.A, Tables 4–11 (127, 220, 380 V: three sources; other rows: one source)',
    value: {
      110: limits(96, 101, 116, 117),
      115: limits(100, 106, 121, 122),
      120: limits(104, 110, 126, 127),
      127: limits(110, 117, 133, 135),
      208: limits(181, 191, 218, 220),
      220: limits(191, 202, 231, 233),
      230: limits(200, 212, 242, 244),
      240: limits(209, 221, 252, 254),
      254: limits(221, 234, 267, 269),
      380: limits(331, 350, 399, 403),
      440: limits(383, 405, 462, 466),
    },
  },
]

/** Bounds of a class above low voltage, as fractions of the reference voltage. */
export interface RelativeBand {
  /** Lowest reference voltage of the class, V; itself included unless `above`. */
  readonly fromV: number
  readonly above?: boolean
  readonly limits: BandLimits
}

/** Highest class first. */
export const relativeBands: readonly Regulated<readonly RelativeBand[]>[] = [
  {
    validFrom: '2000-01-01',
    source: 'PRODIST Módulo 8, Anexo 8.A, Tables 1–3',
    value: [
      { fromV: 230_000, limits: limits(0.93, 0.95, 1.05, 1.07) },
      { fromV: 69_000, limits: limits(0.9, 0.95, 1.05, 1.07) },
      // Medium voltage has no upper precarious band.
      { fromV: 2_300, above: true, limits: limits(0.9, 0.93, 1.05, 1.05) },
    ],
  },
]

/** No bounds are known for a voltage. */
export class UnknownVoltage extends Error {
  override readonly name = 'UnknownVoltage'
}

/**
 * Bounds for a reference voltage, in volts.
 * @param referenceV  nominal voltage between the terminals that are measured; above 2.3 kV the contracted one, V
 * @param day         civil day of the reading, `YYYY-MM-DD`
 * @throws UnknownVoltage where the norm has no row for it
 */
export const bandLimitsOf = (referenceV: number, day: string): BandLimits => bandRuleOf(referenceV, day).value

/** The same, with since when it holds and where that is written. */
export function bandRuleOf(referenceV: number, day: string): Regulated<BandLimits> {
  if (!(referenceV > 0 && referenceV < Infinity))
    throw new UnknownVoltage(`the reference voltage is ${referenceV} V: it takes one above 0`)
  const classes = ruleOn('voltage bands', relativeBands, day)
  const relative = classes.value.find(({ fromV, above }) => (above ? referenceV > fromV : referenceV >= fromV))
  if (relative) return { ...classes, value: scaled(relative.limits, referenceV) }
  const rows = ruleOn('voltage bands', lowVoltageBands, day)
  const row = rows.value[referenceV]
  if (!row) throw new UnknownVoltage(withoutRow(referenceV, Object.keys(rows.value).map(Number)))
  return { ...rows, value: row }
}

/** Somebody entered a voltage that is none of the norm's: says which are, and which one may be meant. */
function withoutRow(referenceV: number, known: readonly number[]): string {
  const far = (volts: number): number => Math.abs(volts - referenceV)
  const nearest = known.reduce((one, other) => (far(other) < far(one) ? other : one))
  const rows = `${known.slice(0, -1).join(', ')} and ${known.at(-1)} V`
  return `no bands are known for ${referenceV} V: the norm has rows for ${rows}; the nearest is ${nearest} V`
}

/** Rounded to the microvolt: 1.05 × 13 800 is 14 490, not 14 490.000000000002. */
const scaled = (of: BandLimits, referenceV: number): BandLimits => {
  const volts = (share: number): number => Math.round(share * referenceV * 1e6) / 1e6
  return limits(volts(of.criticalLow), volts(of.adequateLow), volts(of.adequateHigh), volts(of.criticalHigh))
}

/**
 * Classifies a 10-minute RMS voltage.
 * @param volts   RMS over the window, V
 * @param limits  bounds of the unit's reference voltage, V
 * @throws RangeError if `volts` is negative or not finite
 */
export function classify(volts: number, limits: BandLimits): VoltageBand {
  if (!(volts >= 0) || volts === Infinity) throw new RangeError(`voltage out of range: ${volts} V`)
  if (volts < limits.criticalLow || volts > limits.criticalHigh) return 'critical'
  if (volts < limits.adequateLow || volts > limits.adequateHigh) return 'precarious'
  return 'adequate'
}
