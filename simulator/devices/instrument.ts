import type { MeterReading } from '../../platform/wire/payloads.ts'
import { clamp, round } from '../draw.ts'

type InstrumentValues = Pick<
  MeterReading,
  'unbalance_pct' | `${'dtt' | 'dttp' | 'dtti' | 'dtt3'}_${'a' | 'b' | 'c'}_pct` | `pst_${'a' | 'b' | 'c'}_pu`
>

export interface Supply {
  /** RMS voltages between phase and neutral, V. */
  readonly volts: readonly [number, number, number]
  /** Power through the meter against its peak, whichever way. */
  readonly loading: number
  /** What neighbours do to each phase, around zero with standard deviation one. */
  readonly ripple: readonly number[]
  /** Ten minutes of the clock end with this reading: Pst is of such. */
  readonly endsTenMinutes: boolean
}

/**
 * What an instrument of voltage quality works out beside the voltages. The phases of the model are 120° apart, so unbalance
 * follows from their sizes; distortion grows with the load, flicker with the restlessness of neighbours.
 */
export function instrumentValues({ volts, loading, ripple, endsTenMinutes }: Supply): InstrumentValues {
  const of = (phase: number) => distortionOf(loading, ripple[phase] ?? 0)
  const [a, b, c] = [of(0), of(1), of(2)]
  const flicker = (phase: number) => round(0.35 + 0.12 * Math.abs(clamp(ripple[phase] ?? 0, -3, 3)), 3)
  return {
    unbalance_pct: round(unbalancePct(volts), 3),
    ...{ dtt_a_pct: a.total, dtt_b_pct: b.total, dtt_c_pct: c.total },
    ...{ dttp_a_pct: a.even, dttp_b_pct: b.even, dttp_c_pct: c.even },
    ...{ dtti_a_pct: a.odd, dtti_b_pct: b.odd, dtti_c_pct: c.odd },
    ...{ dtt3_a_pct: a.triple, dtt3_b_pct: b.triple, dtt3_c_pct: c.triple },
    ...(endsTenMinutes && { pst_a_pu: flicker(0), pst_b_pu: flicker(1), pst_c_pu: flicker(2) }),
  }
}

/** Parts of a phase's distortion, %; the whole is the root of the sum of their squares. */
function distortionOf(loading: number, ripple: number) {
  const load = clamp(Math.abs(loading), 0, 1.5)
  const [even, odd, triple] = [0.15 + 0.1 * load, 1.4 + 1.8 * load + 0.1 * clamp(ripple, -3, 3), 0.7 + 1.1 * load]
  const total = Math.hypot(even, odd, triple)
  return { total: round(total, 3), even: round(even, 3), odd: round(odd, 3), triple: round(triple, 3) }
}

/** V− / V+ of three phases 120° apart, %; 0 without voltage. */
function unbalancePct([a, b, c]: Supply['volts']): number {
  const positive = (a + b + c) / 3
  const negative = Math.hypot(a - (b + c) / 2, (Math.sqrt(3) / 2) * (b - c)) / 3
  return positive > 0 ? (100 * negative) / positive : 0
}
