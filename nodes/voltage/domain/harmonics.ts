import type { Regulated } from '../../../platform/regulation/regulated.ts'
import type { LimitsByClass } from './limit-class.ts'

/** Total distortion; by even harmonics, by odd ones, multiples of three left out of both; by multiples of three. */
export const distortions = ['dtt', 'dttp', 'dtti', 'dtt3'] as const
export type Distortion = (typeof distortions)[number]

/** Most that the 95 % values may be, %. */
export const harmonicLimits: readonly Regulated<Readonly<Record<Distortion, LimitsByClass>>>[] = [
  {
    validFrom: '2008-01-01',
    source:
      'PRODIST Módulo 8, Seção 8.1, DTT95%, DTTp95%, DTTi95%, DTT395% (DTT: two sources, DTTp: one, DTTi and DTT3: two at 2.3 kV and below; DTT and DTTp from 69 kV on: from memory, one source has none: option voltage-high-voltage-distortion)',
    value: {
      dtt: { BT: 10, MT: 8, AT: 5 },
      dttp: { BT: 2.5, MT: 2, AT: 1 },
      dtti: { BT: 7.5, MT: 6, AT: 4 },
      dtt3: { BT: 6.5, MT: 5, AT: 3 },
    },
  },
]

/** Limits from 69 kV on that one source has and another one shows as "-". */
export const uncertainAtHighVoltage: ReadonlySet<string> = new Set<Distortion>(['dtt', 'dttp'])
