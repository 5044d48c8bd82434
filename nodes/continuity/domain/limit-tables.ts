import type { Regulated } from '../../../platform/regulation/regulated.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'

export const areas = ['urban', 'non_urban'] as const
export type Area = (typeof areas)[number]

/** A row of the norm's tables, as far as it could be read. */
export interface TableRow {
  /** The yearly limit of the conjunto for which it holds, hundredths: above the first, up to the second; null: not legible. */
  readonly range: readonly [above: number, upTo: number] | null
  readonly dicH: number
  readonly fic: number
  readonly dmicH: number
  readonly dicriH: number
  readonly diseH: number
}

/** Limits of a class of units, lowest first. */
export interface LimitTable {
  readonly voltageClass: VoltageClass
  readonly area: Area
  readonly rows: readonly TableRow[]
}

type Hours = readonly [dicH: number, fic: number, dmicH: number, dicriH: number, diseH: number]

const row = (range: TableRow['range'], [dicH, fic, dmicH, dicriH, diseH]: Hours): TableRow => ({
  ...{ range, dicH, fic, dmicH, dicriH, diseH },
})

/**
 * Anexo 8.B as far as it was found: tables of high and low voltage are not among them, and of Table 3 the bounds of all rows but
 * the last are not legible. What is missing here is entered by the distributor.
 */
export const limitTables: readonly Regulated<LimitTable>[] = [
  {
    validFrom: '2022-01-01',
    source:
      'PRODIST Módulo 8 v14, Anexo 8.B, Table 2 (values: Diário Oficial of 30/10/2025, taken to hold since 2022; bounds of rows reconstructed)',
    value: {
      ...{ voltageClass: 'MT', area: 'urban' },
      rows: [
        row([-1, 500], [3, 3, 3, 8, 24]),
        row([500, 1_000], [5, 4, 5, 8, 24]),
        row([1_000, 1_500], [7, 5, 6, 8, 24]),
        row([1_500, 2_000], [9, 6, 7, 8, 24]),
        row([2_000, 2_500], [10, 6, 8, 8, 24]),
        row([2_500, Infinity], [12, 7, 8, 8, 24]),
      ],
    },
  },
  {
    validFrom: '2022-01-01',
    source:
      'PRODIST Módulo 8 v14, Anexo 8.B, Table 3 (values: Diário Oficial of 30/10/2025, taken to hold since 2022; of the bounds only "> 40" is legible)',
    value: {
      ...{ voltageClass: 'MT', area: 'non_urban' },
      rows: [
        row(null, [8, 4, 6, 21, 48]),
        row(null, [13, 5, 10, 21, 48]),
        row(null, [19, 7, 14, 21, 48]),
        row(null, [24, 8, 18, 21, 48]),
        row(null, [28, 9, 20, 21, 48]),
        row(null, [33, 10, 24, 24, 48]),
        row([4_000, Infinity], [37, 11, 24, 24, 48]),
      ],
    },
  },
]

/** Limit of one event in hours, by class and area. A class that is not there has no such limit; an area that is not there has one that is not known. */
export type EventLimits = Readonly<Partial<Record<VoltageClass, Readonly<Partial<Record<Area, number>>>>>>

/** DICRI, where no row says it. */
export const criticalDayLimits: readonly Regulated<EventLimits>[] = [
  { validFrom: '1900-01-01', validTo: '2011-12-31', source: 'there was no DICRI before 2012', value: {} },
  {
    ...{ validFrom: '2012-01-01', validTo: '2021-12-31' },
    source: 'Agência CanalEnergia of 13/12/2011 (one source)',
    value: {
      BT: { urban: 12.22, non_urban: 16.6 },
      MT: { urban: 9.77, non_urban: 12.71 },
      AT: { urban: 9.77, non_urban: 12.71 },
    },
  },
  {
    validFrom: '2022-01-01',
    // Outside of towns it is 21 or 24 h, by the row.
    source: 'PRODIST Módulo 8, Anexo 8.B (one source, and Table 2 of the Diário Oficial of 30/10/2025)',
    value: { BT: { urban: 8 }, MT: { urban: 8 } },
  },
]

/** DISE, where no row says it. */
export const emergencyLimits: readonly Regulated<EventLimits>[] = [
  { validFrom: '1900-01-01', validTo: '2025-12-31', source: 'there was no DISE before 2026', value: {} },
  {
    validFrom: '2026-01-01',
    source: 'PRODIST Módulo 8 v14 (REN 1.137/2025), Anexo 8.B (two sources, and the Diário Oficial of 30/10/2025)',
    value: { BT: { urban: 24, non_urban: 48 }, MT: { urban: 24, non_urban: 48 } },
  },
]
