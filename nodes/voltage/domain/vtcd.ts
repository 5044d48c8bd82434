import type { Regulated } from '../../../platform/regulation/regulated.ts'

/**
 * Voltage variations of short duration (VTCD): interruption (I), sag (A, afundamento) and swell (E, elevação) of voltage
 * (T, tensão), momentary (M in second place) or temporary (T).
 */
export const vtcdClasses = ['IMT', 'AMT', 'EMT', 'ITT', 'ATT', 'ETT'] as const
export type VtcdClass = (typeof vtcdClasses)[number]

export interface VtcdRule {
  /** Below this residual voltage it is an interruption, pu. */
  readonly interruptionBelowPu: number
  /** From there to below this a sag, pu. */
  readonly sagBelowPu: number
  /** Above this a swell, pu. */
  readonly swellAbovePu: number
  /** A sag or swell lasts so long at least: one cycle at 60 Hz, s. */
  readonly leastS: number
  /** Momentary up to this, itself included, s. */
  readonly momentaryS: number
  /** Temporary beyond that and shorter than this, s. */
  readonly temporaryBelowS: number
}

/**
 * The Fator de Impacto, which weighs the classes against each other over 30 days at medium and high voltage, is left out: its
 * weights are in none of the sources at hand.
 */
export const vtcdRules: readonly Regulated<VtcdRule>[] = [
  {
    validFrom: '2008-01-01',
    source: 'PRODIST Módulo 8, Seção 8.1, classification of VTCD (momentary: two sources; temporary, below 3 min: one)',
    value: {
      ...{ interruptionBelowPu: 0.1, sagBelowPu: 0.9, swellAbovePu: 1.1 },
      ...{ leastS: 1 / 60, momentaryS: 3, temporaryBelowS: 180 },
    },
  },
]

/** Instruments tell a cycle in whole milliseconds: 0.017 s, or 0.016 s where they cut off, s. */
const toldToS = 0.001

/**
 * The class of an event.
 * @param magnitudePu  residual voltage, or voltage of the swell, against the reference voltage
 * @param durationS    how long it lasted
 * @returns undefined where it is no VTCD: it lasted too long or too short, or the voltage stayed between sag and swell
 */
export function vtcdClassOf(magnitudePu: number, durationS: number, rule: VtcdRule): VtcdClass | undefined {
  if (!(durationS > 0 && durationS < rule.temporaryBelowS)) return undefined
  const momentary = durationS <= rule.momentaryS
  if (magnitudePu < rule.interruptionBelowPu) return momentary ? 'IMT' : 'ITT'
  if (durationS <= rule.leastS - toldToS) return undefined
  if (magnitudePu < rule.sagBelowPu) return momentary ? 'AMT' : 'ATT'
  if (magnitudePu > rule.swellAbovePu) return momentary ? 'EMT' : 'ETT'
  return undefined
}
