import { ruleOn, type Regulated } from '../../../platform/regulation/regulated.ts'

interface ChiRule {
  /** Customer-hours. */
  readonly factor: number
  readonly exponent: number
}

/**
 * From how many customer-hours on an event without a decree is a situation of emergency: factor × N^exponent.
 * Since when it holds was not found: what was before is judged by the same rule.
 */
const chiRules: readonly Regulated<ChiRule>[] = [
  {
    validFrom: '2000-01-01',
    source: 'PRODIST Módulo 1, Interrupção em Situação de Emergência: 2.612 × N^0,35, from memory, no source found',
    value: { factor: 2_612, exponent: 0.35 },
  },
]

/** Piece of time that units were without supply together; null: it lasts. UTC milliseconds. */
export interface OutageSpan {
  readonly from: number
  readonly until: number | null
  readonly units: number
}

/** The customer-hours of an event against what they must reach. */
export interface ChiJudgement {
  readonly chiH: number
  readonly limitH: number
  readonly reached: boolean
  readonly rule: { readonly validFrom: string; readonly source: string }
}

const hourMs = 3_600_000

/** Customer-hours interrupted (CHI) until an instant. @param now  UTC milliseconds, for what lasts */
export const customerHours = (outages: readonly OutageSpan[], now: number): number =>
  outages.reduce((sum, { from, until, units }) => sum + units * Math.max(0, (until ?? now) - from), 0) / hourMs

/** The month of which the distributor's units count (N): October of the year before. `YYYY-MM` */
export const unitsMonthOf = (day: string): string => `${Number(day.slice(0, 4)) - 1}-10`

/**
 * Whether an event's customer-hours make it a situation of emergency: at least 2,612 × N^0.35.
 * @param units  N: units of the distributor in low and medium voltage in October of the year before
 * @param day    civil day on which the event began
 * @throws RangeError where N is no whole number of 1 or more
 */
export function judgeCustomerHours(chiH: number, units: number, day: string): ChiJudgement {
  if (!Number.isInteger(units) || units < 1) throw new RangeError(`units are ${units}, not a whole number of 1 or more`)
  const { value, validFrom, source } = ruleOn('situations of emergency', chiRules, day)
  const limitH = value.factor * units ** value.exponent
  return { chiH, limitH, reached: chiH >= limitH, rule: { validFrom, source } }
}
