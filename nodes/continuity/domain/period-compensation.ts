import { truncatedToCents, type ExplainedMoney } from '../../../platform/regulation/money.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import { compensationRuleIn, type Period } from './compensation-rules.ts'

/** A month of a quarter or a year, and what was paid for it. */
export interface PeriodMonth {
  readonly dicMs: number
  readonly fic: number
  /** Limits of the month. */
  readonly limits: PeriodLimits
  /** What was paid for the greatest of its DIC, FIC and DMIC, R$. */
  readonly paidBrl: number
}

export interface PeriodLimits {
  readonly dicH: number
  readonly fic: number
}

export interface PeriodFacts {
  readonly period: Period
  /** Its last month, `YYYY-MM`. */
  readonly month: string
  readonly voltageClass: VoltageClass
  /** Of the period. */
  readonly limits: PeriodLimits
  /** Mean EUSD, R$. */
  readonly eusdBrl: number
  readonly months: readonly PeriodMonth[]
}

export interface PeriodItem {
  readonly indicator: 'DIC' | 'FIC'
  /** Of DIC and FIC the greater one. */
  readonly paid: boolean
  readonly money: ExplainedMoney
}

const hourMs = 3_600_000
const hoursOfMonth = 730

/**
 * What was due until 2021 for the limits of a quarter or a year, in months that their own limits do not cover: where some months
 * were within their limit, their share of what was verified; where none was, what exceeds the payments of the months. One source
 * for both; that FIC goes by its interruptions as DIC by its hours, and that the cap comes before, is inferred.
 * @returns one item for each violated limit; none since 2022
 * @throws NoRule where no rule is known for the month, RangeError where a limit is not above 0
 */
export function periodCompensationOf(facts: PeriodFacts): PeriodItem[] {
  const { value: rule } = compensationRuleIn(facts.month)
  if (rule.periodCapTimes === null) return []
  const cap = rule.periodCapTimes[facts.period] * facts.eusdBrl
  const kei1 = rule.kei1[facts.voltageClass] ?? 0
  const items = [
    itemOf('DIC', facts, ({ dicMs }) => dicMs / hourMs, { kei1, cap }),
    itemOf('FIC', facts, ({ fic }) => fic, { kei1, cap }),
  ].flat()
  const most = Math.max(...items.map(({ money }) => money.exactBrl))
  const paid = items.find(({ money }) => money.exactBrl === most)
  return items.map((item) => ({ ...item, paid: item === paid }))
}

function itemOf(
  indicator: 'DIC' | 'FIC',
  { month, limits, eusdBrl, months, voltageClass }: PeriodFacts,
  verifiedIn: (month: PeriodMonth) => number,
  { kei1, cap }: { readonly kei1: number; readonly cap: number },
): PeriodItem[] {
  const limitOf = (of: PeriodLimits): number => (indicator === 'DIC' ? of.dicH : of.fic)
  const limit = limitOf(limits)
  if (!(limit > 0 && limits.dicH > 0)) throw new RangeError(`the limits of a period are above 0, got ${limit}`)
  const verified = sumOf(months, verifiedIn)
  if (!(verified > limit)) return []
  const perHour = (eusdBrl / hoursOfMonth) * kei1
  const excess = Math.min((verified / limit - 1) * limits.dicH * perHour, cap)
  const within = months.filter((each) => verifiedIn(each) <= limitOf(each.limits))
  const share = sumOf(within, verifiedIn) / verified
  const paidInMonths = sumOf(months, ({ paidBrl }) => paidBrl)
  const exactBrl = within.length > 0 ? excess * share : Math.max(0, excess - paidInMonths)
  const bare = `min((${indicator}v/${indicator}p − 1) · DICp · EUSD/730 · kei1, cap)`
  const { validFrom, source } = compensationRuleIn(month)
  return [
    {
      ...{ indicator, paid: false },
      money: {
        ...{ amountBrl: truncatedToCents(exactBrl), exactBrl },
        formula:
          within.length > 0 ? `${bare} · share of months within their limit` : `max(0, ${bare} − paid in months)`,
        inputs: {
          ...{ [`${indicator}v`]: verified, [`${indicator}p`]: limit, DICp: limits.dicH, EUSD: eusdBrl, kei1, cap },
          ...(within.length > 0 ? { 'share of months within their limit': share } : { 'paid in months': paidInMonths }),
          class: voltageClass,
        },
        rule: { validFrom, source: `${source}; reductions of quarters and years: one source, their caps from memory` },
      },
    },
  ]
}

const sumOf = (months: readonly PeriodMonth[], of: (month: PeriodMonth) => number): number =>
  months.reduce((sum, month) => sum + of(month), 0)
