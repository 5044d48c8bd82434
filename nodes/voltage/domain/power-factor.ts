import type { Regulated } from '../../../platform/regulation/regulated.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'

export interface PowerFactor {
  /** P / √(P² + Q²) by amount, 0 to 1. */
  readonly ratio: number
  /** Which way reactive power goes: consumed (`inductive`), delivered (`capacitive`), or not at all. */
  readonly reactive: 'inductive' | 'capacitive' | 'none'
}

export interface PowerFactorRule {
  /** Least that it may be, inductive and capacitive alike. */
  readonly least: number
  /** Classes that are held to it. */
  readonly classes: readonly VoltageClass[]
}

/** In which hours inductive and in which capacitive reactive power counts is not in the sources at hand: no verdict is given. */
export const powerFactorRules: readonly Regulated<PowerFactorRule>[] = [
  {
    validFrom: '2008-01-01',
    source:
      'PRODIST Módulo 8, Seção 8.1: 0.92 inductive to 0.92 capacitive for grupo A and points between utilities below 230 kV (three sources)',
    value: { least: 0.92, classes: ['MT', 'AT'] },
  },
]

/**
 * Power factor fp = P / √(P² + Q²), of powers or of energies of one time.
 * @param active    kW or kWh, > 0 imports
 * @param reactive  kvar or kvarh, > 0 inductive
 * @returns undefined where there is no power at all
 */
export function powerFactorOf(active: number, reactive: number): PowerFactor | undefined {
  const apparent = Math.hypot(active, reactive)
  if (apparent === 0) return undefined
  return {
    ratio: Math.abs(active) / apparent,
    reactive: reactive > 0 ? 'inductive' : reactive < 0 ? 'capacitive' : 'none',
  }
}
