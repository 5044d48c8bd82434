import type { Regulated } from '../../../platform/regulation/regulated.ts'
import type { LimitsByClass } from './limit-class.ts'

/** Most that FD95 % may be, %. */
export const unbalanceLimits: readonly Regulated<LimitsByClass>[] = [
  {
    validFrom: '2008-01-01',
    source: 'PRODIST Módulo 8, Seção 8.1, FD95% (three sources; above 2.3 kV the same limit up to 230 kV)',
    value: { BT: 3, MT: 2, AT: 2 },
  },
]

/**
 * Voltage unbalance FD = 100 · V−/V+, from the magnitudes of the three voltages between phases: they close a triangle, which
 * fixes their angles, and they have no zero sequence. β = (Vab⁴ + Vbc⁴ + Vca⁴) / (Vab² + Vbc² + Vca²)²,
 * FD = 100 · √((1 − √(3 − 6β)) / (1 + √(3 − 6β))).
 *
 * Not to be used on voltages between phase and neutral: they need not close a triangle. Where the neutral is displaced, the
 * same three magnitudes belong to networks of very different unbalance, a balanced one among them; only angles would tell.
 * @param volts  RMS voltages AB, BC and CA, in any order, V
 * @returns FD in %; undefined where the three close no triangle, so that at least one of them is wrong
 */
export function unbalanceOf([ab, bc, ca]: readonly [number, number, number]): number | undefined {
  const [one, two, three] = [ab * ab, bc * bc, ca * ca]
  const squares = one + two + three
  const beta = (one * one + two * two + three * three) / (squares * squares)
  // ⅓ for equal ones, ½ where two of them together are just the third one.
  if (!(beta <= 0.5)) return undefined
  const root = Math.min(1, Math.sqrt(3 - 6 * beta))
  return 100 * Math.sqrt((1 - root) / (1 + root))
}
