import type { Words } from '../definition.ts'
import type { Priority } from '../alarm.ts'
import { floodRule, floods, type Flood, type MinuteCount } from './floods.ts'
import { byTenMinutes, shareOfTime, tenMinutesMs } from './rates.ts'

export const figureNames = [
  ...([
    'alarms-per-day',
    'alarms-per-ten-minutes',
    'ten-minutes-above-ten',
    'time-in-flood',
    'ten-most-frequent',
  ] as const),
  ...(['chattering', 'stale', 'low-priority', 'medium-priority', 'high-priority'] as const),
  'suppressed-without-authorisation',
] as const
export type FigureName = (typeof figureNames)[number]

/** What a figure is held against: up to `good` it is as it should be, up to `most` it can be lived with. */
export interface Target {
  readonly unit: 'alarms' | '%'
  readonly good: number
  readonly most: number
  /** `below`: these values themselves are too many; `atLeast`: less is worse. */
  readonly sense: 'upTo' | 'below' | 'atLeast'
  readonly title: Words
  readonly source: string
}

const eemua = 'EEMUA 191 and ANSI/ISA-18.2, for each operator'
const perDay = { good: 150, most: 300 }
const periodsADay = 144

/** Alarms are those that an operator was told of, unless a title says otherwise. */
export const targets: Readonly<Record<FigureName, Target>> = {
  'alarms-per-day': {
    ...{ unit: 'alarms', ...perDay, sense: 'upTo', source: eemua },
    title: { en: 'Alarms a day', pt: 'Alarmes por dia' },
  },
  'alarms-per-ten-minutes': {
    ...{
      unit: 'alarms',
      good: perDay.good / periodsADay,
      most: perDay.most / periodsADay,
      sense: 'upTo',
      source: eemua,
    },
    title: { en: 'Alarms in ten minutes, on average', pt: 'Alarmes em dez minutos, em média' },
  },
  'ten-minutes-above-ten': {
    ...{ unit: '%', good: 1, most: 1, sense: 'below', source: eemua },
    title: {
      en: 'Ten-minute periods with more than ten alarms',
      pt: 'Períodos de dez minutos com mais de dez alarmes',
    },
  },
  'time-in-flood': {
    ...{ unit: '%', good: 1, most: 1, sense: 'below', source: floodRule.source },
    title: { en: 'Time in flood', pt: 'Tempo em avalanche' },
  },
  'ten-most-frequent': {
    ...{ unit: '%', good: 1, most: 5, sense: 'upTo', source: eemua },
    title: { en: 'Share of the ten most frequent alarms', pt: 'Parcela dos dez alarmes mais frequentes' },
  },
  chattering: {
    ...{ unit: 'alarms', good: 0, most: 0, sense: 'upTo', source: `${eemua}: 3 activations or more in 1 minute` },
    title: { en: 'Chattering alarms', pt: 'Alarmes intermitentes' },
  },
  stale: {
    ...{ unit: 'alarms', good: 5, most: 5, sense: 'below', source: `${eemua}: standing for more than 24 hours` },
    title: { en: 'Stale alarms at the end', pt: 'Alarmes obsoletos no fim' },
  },
  'low-priority': {
    ...{ unit: '%', good: 80, most: 80, sense: 'atLeast', source: eemua },
    title: { en: 'Alarms of low priority', pt: 'Alarmes de prioridade baixa' },
  },
  'medium-priority': {
    ...{ unit: '%', good: 15, most: 15, sense: 'upTo', source: eemua },
    title: { en: 'Alarms of medium priority', pt: 'Alarmes de prioridade média' },
  },
  'high-priority': {
    ...{ unit: '%', good: 5, most: 5, sense: 'upTo', source: eemua },
    title: { en: 'Alarms of high or critical priority', pt: 'Alarmes de prioridade alta ou crítica' },
  },
  'suppressed-without-authorisation': {
    ...{ unit: 'alarms', good: 0, most: 0, sense: 'upTo', source: 'ANSI/ISA-18.2, EEMUA 191' },
    title: { en: 'Suppressed without authorisation', pt: 'Suprimidos sem autorização' },
  },
}

/** Null: there is nothing to judge. */
export type Verdict = 'met' | 'tolerable' | 'missed' | null

export function verdictOf(
  value: number | null,
  { good, most, sense }: Pick<Target, 'good' | 'most' | 'sense'>,
): Verdict {
  if (value === null) return null
  const keeps = (bound: number): boolean =>
    sense === 'upTo' ? value <= bound : sense === 'below' ? value < bound : value >= bound
  return keeps(good) ? 'met' : keeps(most) ? 'tolerable' : 'missed'
}

/** What a period came to, as it was counted. Instants are UTC milliseconds. */
export interface Counted {
  readonly from: number
  readonly until: number
  /** Ascending. */
  readonly minutes: readonly MinuteCount[]
  readonly byPriority: Readonly<Record<Priority, number>>
  /** Alarms of each of the ten most frequent. */
  readonly mostFrequent: readonly number[]
  readonly chattering: number
  readonly stale: number
  readonly suppressedWithoutAuthorisation: number
}

export interface KeyFigure extends Target {
  readonly name: FigureName
  /** In `unit`; null: there was nothing to judge. */
  readonly value: number | null
  readonly verdict: Verdict
}

/** Key figures of a period, and the floods in it. @param counted  its ends are of whole ten minutes */
export function keyFigures(counted: Counted): {
  readonly figures: readonly KeyFigure[]
  readonly floods: readonly Flood[]
} {
  const { from, until, minutes, byPriority, mostFrequent } = counted
  const periods = (until - from) / tenMinutesMs
  const alarms = minutes.reduce((sum, count) => sum + count.alarms, 0)
  const above = byTenMinutes(minutes).filter((period) => period.alarms > 10).length
  const found = floods(minutes, until)
  const share = (part: number): number | null => (alarms === 0 ? null : (100 * part) / alarms)
  const values: Readonly<Record<FigureName, number | null>> = {
    'alarms-per-day': (alarms / periods) * periodsADay,
    'alarms-per-ten-minutes': alarms / periods,
    'ten-minutes-above-ten': (100 * above) / periods,
    'time-in-flood': 100 * shareOfTime(found, from, until),
    'ten-most-frequent': share(mostFrequent.reduce((sum, count) => sum + count, 0)),
    chattering: counted.chattering,
    stale: counted.stale,
    'low-priority': share(byPriority.low),
    'medium-priority': share(byPriority.medium),
    'high-priority': share(byPriority.high + byPriority.critical),
    'suppressed-without-authorisation': counted.suppressedWithoutAuthorisation,
  }
  const figures = figureNames.map((name) => {
    const value = values[name]
    return { name, value, ...targets[name], verdict: verdictOf(value, targets[name]) }
  })
  return { figures, floods: found }
}
