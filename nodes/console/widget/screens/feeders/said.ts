import type { Formats } from '../../formats.ts'
import { filled } from '../screen-words.ts'
import type { StandingLimit } from './answers.ts'
import type { DemandAction, ProgramWindow } from './demand-answers.ts'
import type { DemandWord } from './demand-words.ts'
import type { FeedersWord } from './feeders-words.ts'

type Said<Word extends string> = Readonly<Record<Word, string>>

const sourcesOf: Readonly<Record<string, FeedersWord>> = {
  ...{ limit: 'source_limit', schedule: 'source_schedule', event: 'source_event', snapback: 'source_snapback' },
  ...{ registry: 'source_registry', default: 'source_default', global: 'source_global' },
}

/** Who set a limit, in words: `event:7` as `demand-response event 7`. What has no words is told as it is. */
export function sourceText(source: string, words: Said<FeedersWord>): string {
  const [kind = '', id = ''] = source.split(':', 2)
  const word = sourcesOf[kind]
  return word === undefined ? source : filled(words[word], { id })
}

/** A duration in the largest unit that divides it. */
export function durationText(minutes: number, words: Said<FeedersWord>): string {
  if (minutes % 1_440 === 0) return filled(words.dayCount, { value: minutes / 1_440 })
  if (minutes % 60 === 0) return filled(words.hours, { value: minutes / 60 })
  return filled(words.minutes, { value: minutes })
}

const unitSigns = { kw: 'kW', kva: 'kVA', a: 'A' } as const

export const limitText = ({ value, unit }: Pick<StandingLimit, 'value' | 'unit'>, formats: Formats): string =>
  `${formats.plain(value)} ${unitSigns[unit]}`

/** @param days  1 Monday to 7 Sunday */
export function scheduleText(
  { days, from, until }: NonNullable<StandingLimit['schedule']>,
  words: Said<FeedersWord>,
): string {
  const names = words.days.split(' ')
  return filled(words.weekly, { days: days.map((day) => names[day - 1] ?? day).join(', '), from, until })
}

/** What an event or a program asks for. */
export function actionText(action: DemandAction, words: Said<DemandWord>, formats: Formats): string {
  const { limitKw, direction, targetShedKw, priceBrlPerKwh } = action
  if (limitKw !== null)
    return filled(direction === 'export' ? words.said_export : words.said_limit, { value: formats.plain(limitKw) })
  if (priceBrlPerKwh !== null) return filled(words.said_price, { value: formats.hundredths(priceBrlPerKwh) })
  return targetShedKw === null
    ? words[`mode_${action.mode}`]
    : filled(words.said_shed, { value: formats.plain(targetShedKw) })
}

/** The days of the week by the names that the API has for them, in order. */
export const weekdayNames = (words: Said<DemandWord>): ReadonlyMap<string, string> =>
  new Map(words.weekdays.split(' ').map((pair) => pair.split(':', 2) as [string, string]))

export function windowText(window: ProgramWindow | null, words: Said<DemandWord>): string {
  if (!window) return words.byHand
  const names = weekdayNames(words)
  const days = window.days.map((day) => names.get(day) ?? day).join(', ')
  return filled(words.windowOf, { days, from: window.from, to: window.to })
}
