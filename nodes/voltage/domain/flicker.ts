import type { Regulated } from '../../../platform/regulation/regulated.ts'
import type { LimitsByClass } from './limit-class.ts'

/** Most that Pst95 % may be, pu. Pst itself takes the wave form: it is the instrument's, a value for each ten minutes. */
export const flickerLimits: readonly Regulated<LimitsByClass>[] = [
  {
    validFrom: '2008-01-01',
    source: 'PRODIST Módulo 8, Seção 8.1, Pst95% (two sources)',
    value: { BT: 1, MT: 1.5, AT: 2 },
  },
]
