import { truncatedToCents, type ExplainedMoney } from '../../../platform/regulation/money.ts'
import type { RegulationChoices } from '../../../platform/regulation/options.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import { compensationRuleIn, type Coefficients } from './compensation-rules.ts'
import type { EventDuration, UnitMonth } from './individual.ts'
import type { IndividualLimits } from './individual-limits.ts'

/** What the norm leaves open: keys of the options of continuity. */
export type CompensationChoices = Pick<
  RegulationChoices,
  'continuity-compensated-value' | 'continuity-compensation-cap' | 'continuity-individual-precision'
>

/** What compensation goes by, beside what was measured. */
export interface CompensationBasis {
  /** `YYYY-MM` */
  readonly month: string
  readonly voltageClass: VoltageClass
  readonly limits: IndividualLimits
  /** Monetary base: VRC; until 2021 the mean EUSD. R$. */
  readonly vrcBrl: number
  readonly choices: CompensationChoices
}

/** Indicators of a month: a caller that asks often may keep one and change it. */
export type MonthIndicators = Pick<UnitMonth, 'dicMs' | 'fic' | 'dmicMs' | 'dicri' | 'dise'>

export type CompensatedIndicator = 'DIC' | 'FIC' | 'DMIC' | 'DICRI' | 'DISE'

/** One violated limit. */
export interface CompensationItem {
  readonly indicator: CompensatedIndicator
  /** The event of DICRI or DISE. */
  readonly interruptionId?: number
  /** Of DIC, FIC and DMIC only the greatest is paid. */
  readonly paid: boolean
  readonly money: ExplainedMoney
}

/** What is due to a unit for a month, and of what it is made up. */
export interface ContinuityCompensation extends ExplainedMoney {
  readonly items: readonly CompensationItem[]
}

/**
 * What is due to one unit for one month, by the rule in force (PRODIST Módulo 8 v14, items 219 to 227): the greatest of DIC, FIC
 * and DMIC, and each event of DICRI and DISE. A value at its limit violates nothing.
 * @throws NoRule where no rule is known for the month, RangeError where a limit or the monetary base cannot be
 */
export function continuityCompensationOf({
  unitMonth,
  ...basis
}: CompensationBasis & { readonly unitMonth: MonthIndicators }): ContinuityCompensation {
  const terms = compensationTermsOf(basis)
  const monthly = monthlyItems(terms, basis, unitMonth)
  const greatest = monthly.reduce<CompensationItem | undefined>(
    (most, item) => (most && most.money.exactBrl >= item.money.exactBrl ? most : item),
    undefined,
  )
  const events = [
    ...eventItems('DICRI', terms, basis, unitMonth.dicri),
    ...eventItems('DISE', terms, basis, unitMonth.dise),
  ]
  const exactBrl = exactCompensationBrl(terms, unitMonth)
  return {
    amountBrl: truncatedToCents(exactBrl),
    exactBrl,
    formula: terms.capOfMonth
      ? 'min(max(DIC, FIC, DMIC) + Σ DICRI + Σ DISE, cap)'
      : 'max(DIC, FIC, DMIC) + Σ DICRI + Σ DISE',
    inputs: {
      ...Object.fromEntries(['DIC', 'FIC', 'DMIC'].map((indicator) => [indicator, moneyOf(monthly, indicator)])),
      ...Object.fromEntries(['DICRI', 'DISE'].map((indicator) => [`Σ ${indicator}`, moneyOf(events, indicator)])),
      ...(terms.capOfMonth ? { cap: terms.capBrl } : {}),
    },
    rule: ruleOf(basis),
    items: [...monthly.map((item) => ({ ...item, paid: item === greatest })), ...events],
  }
}

/** Everything of a unit's compensation that does not depend on what was measured, as numbers. */
export interface CompensationTerms {
  /** Highest values that do not violate; infinite where nothing is compensated. */
  readonly dicLimitMs: number
  readonly fic: number
  readonly dmicLimitMs: number
  readonly dicriLimitMs: number
  readonly diseLimitMs: number
  /** R$ per hour of DIC and DMIC, of DICRI and of DISE. */
  readonly hourBrl: number
  readonly dicriHourBrl: number
  readonly diseHourBrl: number
  /** R$ for as many interruptions as FIC allows. */
  readonly ficBrl: number
  readonly excessOnly: boolean
  /** What durations are rounded to before anything is made of them, ms; 1: nothing. */
  readonly stepMs: number
  readonly leastBrl: number
  readonly capBrl: number
  readonly capOfMonth: boolean
}

/** @throws NoRule where no rule is known for the month, RangeError where a limit or the monetary base cannot be */
export function compensationTermsOf({
  month,
  voltageClass,
  limits,
  vrcBrl,
  choices,
}: CompensationBasis): CompensationTerms {
  const { value: rule } = compensationRuleIn(month)
  if (!(vrcBrl >= 0 && vrcBrl <= Number.MAX_SAFE_INTEGER))
    throw new RangeError(`${rule.base} is R$ ${vrcBrl}: it takes 0 or more`)
  const hourBrlBy = (coefficients: Coefficients): number => (vrcBrl / hoursOfMonth) * (coefficients[voltageClass] ?? 0)
  const eventLimit = (name: string, limitH: number | null, coefficients: Coefficients): number =>
    limitH === null || coefficients[voltageClass] === undefined ? Infinity : limitMs(name, limitH)
  const hourBrl = hourBrlBy(rule.kei1)
  return {
    dicLimitMs: limitMs('DIC', limits.dicH),
    fic: above0('FIC', limits.fic),
    dmicLimitMs: limitMs('DMIC', limits.dmicH),
    dicriLimitMs: eventLimit('DICRI', limits.dicriH, rule.kei2),
    diseLimitMs: eventLimit('DISE', limits.diseH, rule.kei3),
    hourBrl,
    dicriHourBrl: hourBrlBy(rule.kei2),
    diseHourBrl: hourBrlBy(rule.kei3),
    ficBrl: limits.dicH * hourBrl,
    excessOnly: rule.compensated === 'excess' || choices['continuity-compensated-value'] === 'excess',
    stepMs: choices['continuity-individual-precision'] === 'hundredths' ? hourMs / 100 : 1,
    leastBrl: rule.leastBrl,
    // A violation is worth a cent, also where the base is next to nothing.
    capBrl: Math.max(rule.capTimes * vrcBrl, rule.leastBrl),
    capOfMonth: choices['continuity-compensation-cap'] === 'per-month',
  }
}

/**
 * The `exactBrl` of `continuityCompensationOf`, as a number alone: for whoever asks for very many units.
 * @param openDicriMs  one more event of a critical day, ms; 0: none
 * @param openDiseMs   one more event of a situation of emergency, ms; 0: none
 */
export function exactCompensationBrl(
  terms: CompensationTerms,
  { dicMs, fic, dmicMs, dicri, dise }: MonthIndicators,
  openDicriMs = 0,
  openDiseMs = 0,
): number {
  const { dicriLimitMs, dicriHourBrl, diseLimitMs, diseHourBrl } = terms
  let brl = Math.max(
    hoursBrl(terms, dicMs, terms.dicLimitMs, terms.hourBrl),
    countBrl(terms, fic),
    hoursBrl(terms, dmicMs, terms.dmicLimitMs, terms.hourBrl),
  )
  for (const { ms } of dicri) brl += hoursBrl(terms, ms, dicriLimitMs, dicriHourBrl)
  for (const { ms } of dise) brl += hoursBrl(terms, ms, diseLimitMs, diseHourBrl)
  brl += hoursBrl(terms, openDicriMs, dicriLimitMs, dicriHourBrl)
  brl += hoursBrl(terms, openDiseMs, diseLimitMs, diseHourBrl)
  return terms.capOfMonth ? Math.min(brl, terms.capBrl) : brl
}

/** The norm's month, hours. */
const hoursOfMonth = 730
const hourMs = 3_600_000

const hoursOf = (ms: number, { stepMs }: CompensationTerms): number => (Math.round(ms / stepMs) * stepMs) / hourMs

function hoursBrl(terms: CompensationTerms, durationMs: number, limit: number, hourBrl: number): number {
  const ms = Math.round(durationMs / terms.stepMs) * terms.stepMs
  if (!(ms > limit)) return 0
  return bounded(terms, ((terms.excessOnly ? ms - limit : ms) / hourMs) * hourBrl)
}

function countBrl(terms: CompensationTerms, count: number): number {
  if (!(count > terms.fic)) return 0
  return bounded(terms, (count / terms.fic - (terms.excessOnly ? 1 : 0)) * terms.ficBrl)
}

const bounded = ({ leastBrl, capBrl, capOfMonth }: CompensationTerms, brl: number): number =>
  Math.max(leastBrl, capOfMonth ? brl : Math.min(brl, capBrl))

function monthlyItems(terms: CompensationTerms, basis: CompensationBasis, month: MonthIndicators): CompensationItem[] {
  const { dicMs, fic, dmicMs } = month
  const { dicH, dmicH, fic: ficLimit } = basis.limits
  const kei1 = compensationRuleIn(basis.month).value.kei1[basis.voltageClass] ?? 0
  const explained = (indicator: 'DIC' | 'FIC' | 'DMIC', exactBrl: number, inputs: ExplainedMoney['inputs']) =>
    exactBrl > 0
      ? [{ indicator, paid: false, money: moneyBy(terms, basis, indicator, exactBrl, { ...inputs, kei1 }) }]
      : []
  return [
    ...explained('DIC', hoursBrl(terms, dicMs, terms.dicLimitMs, terms.hourBrl), {
      DICv: hoursOf(dicMs, terms),
      DICp: dicH,
    }),
    ...explained('FIC', countBrl(terms, fic), { FICv: fic, FICp: ficLimit, DICp: dicH }),
    ...explained('DMIC', hoursBrl(terms, dmicMs, terms.dmicLimitMs, terms.hourBrl), {
      DMICv: hoursOf(dmicMs, terms),
      DMICp: dmicH,
    }),
  ]
}

function eventItems(
  indicator: 'DICRI' | 'DISE',
  terms: CompensationTerms,
  basis: CompensationBasis,
  events: readonly EventDuration[],
): CompensationItem[] {
  const { kei2, kei3 } = compensationRuleIn(basis.month).value
  const ofDicri = indicator === 'DICRI'
  const coefficient = (ofDicri ? kei2 : kei3)[basis.voltageClass] ?? 0
  return events.flatMap(({ interruptionId, ms }) => {
    const exactBrl = ofDicri
      ? hoursBrl(terms, ms, terms.dicriLimitMs, terms.dicriHourBrl)
      : hoursBrl(terms, ms, terms.diseLimitMs, terms.diseHourBrl)
    if (exactBrl === 0) return []
    const inputs = {
      [`${indicator}v`]: hoursOf(ms, terms),
      [`${indicator}p`]: (ofDicri ? basis.limits.dicriH : basis.limits.diseH)!,
      [ofDicri ? 'kei2' : 'kei3']: coefficient,
    }
    return [{ indicator, interruptionId, paid: true, money: moneyBy(terms, basis, indicator, exactBrl, inputs) }]
  })
}

function moneyBy(
  terms: CompensationTerms,
  basis: CompensationBasis,
  indicator: CompensatedIndicator,
  exactBrl: number,
  inputs: ExplainedMoney['inputs'],
): ExplainedMoney {
  const { month, voltageClass, limits, vrcBrl } = basis
  const { base } = compensationRuleIn(month).value
  const bare = formulaOf(indicator, base, terms.excessOnly)
  return {
    amountBrl: truncatedToCents(exactBrl),
    exactBrl,
    formula: terms.capOfMonth ? `max(${bare}, least)` : `min(max(${bare}, least), cap)`,
    inputs: {
      ...inputs,
      ...{ [base]: vrcBrl, least: terms.leastBrl, ...(terms.capOfMonth ? {} : { cap: terms.capBrl }) },
      ...{ class: voltageClass, limits: limits.source },
    },
    rule: ruleOf(basis),
  }
}

/** In the norm's words. */
function formulaOf(indicator: CompensatedIndicator, base: string, excessOnly: boolean): string {
  const kei = indicator === 'DICRI' ? 'kei2' : indicator === 'DISE' ? 'kei3' : 'kei1'
  const perHour = `${base}/730 · ${kei}`
  if (indicator === 'FIC') return `${excessOnly ? '(FICv/FICp − 1)' : 'FICv/FICp'} · DICp · ${perHour}`
  return `${excessOnly ? `(${indicator}v − ${indicator}p)` : `${indicator}v`} · ${perHour}`
}

/** The rule, and what was chosen otherwise than it is read here. */
function ruleOf({ month, choices }: CompensationBasis): ExplainedMoney['rule'] {
  const { validFrom, source, value } = compensationRuleIn(month)
  const chosen = readings.filter(
    ({ key, choice, of }) => choices[key] === choice && (of === undefined || value.compensated === of),
  )
  return { validFrom, source: [source, ...chosen.map(({ key, choice }) => `option ${key}: ${choice}`)].join('; ') }
}

/** Choices that make another amount of the same figures. */
const readings = [
  { key: 'continuity-compensated-value', choice: 'excess', of: 'option' },
  { key: 'continuity-compensation-cap', choice: 'per-month', of: undefined },
  { key: 'continuity-individual-precision', choice: 'hundredths', of: undefined },
] as const

const moneyOf = (items: readonly CompensationItem[], indicator: string): number =>
  items.reduce((sum, item) => sum + (item.indicator === indicator ? item.money.exactBrl : 0), 0)

/** Limits have hundredths of an hour: whole milliseconds. */
const limitMs = (name: string, limitH: number): number => Math.round(above0(name, limitH) * hourMs)

function above0(name: string, limit: number): number {
  if (!(limit > 0 && limit < Infinity)) throw new RangeError(`the limit of ${name} is ${limit}: it takes one above 0`)
  return limit
}
