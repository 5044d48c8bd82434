import { holdsOn, ruleOn, type Regulated } from '../../../platform/regulation/regulated.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'

/** Coefficients by voltage class; a class that has none is not compensated. */
export type Coefficients = Readonly<Partial<Record<VoltageClass, number>>>

/** How violated limits of continuity become money. */
export interface CompensationRule {
  /** What the monetary base is called: the value that is passed as `vrcBrl`. */
  readonly base: 'VRC' | 'EUSD'
  /** What of the verified value is compensated; `option`: as the option `continuity-compensated-value` says. */
  readonly compensated: 'excess' | 'option'
  /** Of DIC, FIC and DMIC (kei1), of DICRI (kei2) and of DISE (kei3). */
  readonly kei1: Coefficients
  readonly kei2: Coefficients
  readonly kei3: Coefficients
  /** Least that is paid for a violated limit, R$. */
  readonly leastBrl: number
  /** Most that is paid, in monetary bases. */
  readonly capTimes: number
  /** The same of quarters and years; null: months only are compensated. */
  readonly periodCapTimes: Readonly<Record<Period, number>> | null
}

/** Beside the month: what DIC and FIC were held against until 2021, too. */
export type Period = 'quarter' | 'year'

const sinceJanuary2022: CompensationRule = {
  ...{ base: 'VRC', compensated: 'option', leastBrl: 0.01, capTimes: 18, periodCapTimes: null },
  kei1: { BT: 34, MT: 40, AT: 108 },
  kei2: { BT: 14, MT: 20 },
  kei3: {},
}

export const compensationRules: readonly Regulated<CompensationRule>[] = [
  {
    validFrom: '2010-01-01',
    validTo: '2021-12-31',
    source:
      'PRODIST Módulo 8 up to 2021: what exceeds the limit, by EUSD (kei: one source; form of FIC, minimum, cap and DICRI from memory)',
    value: {
      ...{ base: 'EUSD', compensated: 'excess', leastBrl: 0.01, capTimes: 10 },
      periodCapTimes: { quarter: 30, year: 120 },
      kei1: { BT: 15, MT: 20, AT: 27 },
      kei2: { BT: 15, MT: 20, AT: 27 },
      kei3: {},
    },
  },
  {
    validFrom: '2022-01-01',
    validTo: '2025-12-31',
    source: 'PRODIST Módulo 8 v13, as items 219 to 227 of v14 have it (one source; kei1 also from memory)',
    value: sinceJanuary2022,
  },
  {
    validFrom: '2026-01-01',
    source: 'PRODIST Módulo 8 v14 (REN 1.137/2025), items 219 to 227 (one source; kei3: two sources)',
    value: { ...sinceJanuary2022, kei3: { BT: 14, MT: 20 } },
  },
]

/** @param month  `YYYY-MM` @throws NoRule where none is known for it */
export const compensationRuleIn = (month: string): Regulated<CompensationRule> =>
  ruleOn('compensation of continuity', compensationRules, `${month}-01`)

/** @param month  `YYYY-MM` */
export const hasCompensationRule = (month: string): boolean =>
  compensationRules.some((rule) => holdsOn(rule, `${month}-01`))
