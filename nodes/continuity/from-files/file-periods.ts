import { compensationRuleIn, type Period } from '../domain/compensation-rules.ts'
import type { UnitOutage } from '../domain/interruption.ts'
import { shiftMonth } from '../domain/month.ts'
import { periodCompensationOf, type PeriodItem, type PeriodMonth } from '../domain/period-compensation.ts'
import { judgeIn, noBase, type JudgedMonth, type MonthFiles } from './judged-month.ts'
import type { FileUnit } from './unit-file.ts'

/** What is due for a quarter or a year. */
export interface PeriodDue extends PeriodItem {
  readonly period: Period
}

export interface DuePeriods {
  readonly periods: readonly PeriodDue[]
  readonly pending: string | null
}

/** Quarters and years that end with a month, and their months. */
export function periodsEndingWith(
  month: string,
): readonly { readonly period: Period; readonly months: readonly string[] }[] {
  const number = Number(month.slice(5))
  const last = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => shiftMonth(month, index + 1 - count))
  return [
    ...(number % 3 === 0 ? [{ period: 'quarter' as const, months: last(3) }] : []),
    ...(number === 12 ? [{ period: 'year' as const, months: last(12) }] : []),
  ]
}

/** What is due to units for the periods that end with the month of the files, where there still are any. */
export function periodsIn(files: MonthFiles): (unit: FileUnit, pieces: readonly UnitOutage[]) => DuePeriods {
  const none = { periods: [], pending: null }
  if (compensationRuleIn(files.month).value.periodCapTimes === null) return () => none
  const ending = periodsEndingWith(files.month).map(({ period, months }) => ({
    ...{ period, judges: months.map((month) => judgeIn(files, month)) },
  }))
  return (unit, pieces) => {
    const periods = ending.flatMap(({ period, judges }): PeriodDue[] => {
      const limits = unit.periods[period]
      if (!limits) return []
      const months = judges.flatMap((judge) => periodMonthOf(judge(unit, pieces)) ?? [])
      // Where a month cannot be judged, its quarter cannot either: the month says what is missing.
      if (months.length < judges.length) return []
      const { voltageClass } = unit
      const facts = { period, month: files.month, voltageClass, limits, eusdBrl: unit.vrcBrl ?? 0, months }
      return periodCompensationOf(facts).map((item) => ({ ...item, period }))
    })
    if (unit.vrcBrl !== null || periods.length === 0) return { periods, pending: null }
    return { periods: [], pending: noBase }
  }
}

function periodMonthOf({ dicMs, fic, limits, compensation }: JudgedMonth): PeriodMonth | null {
  if (limits === null) return null
  const monthly = compensation?.items.filter(({ paid, interruptionId }) => paid && interruptionId === undefined) ?? []
  return { dicMs, fic, limits, paidBrl: monthly.reduce((brl, { money }) => brl + money.amountBrl, 0) }
}
