import { alarmPriorities, type AlarmPriority } from '../../annunciation/standing-alarms.ts'

/** What the page shows: alarms that stand, occurrences of the past, or key figures. */
export const alarmViews = ['standing', 'history', 'figures'] as const
/** Which alarms are listed: `open` are those that nobody has hidden. */
export const standings = ['open', 'unacknowledged', 'acknowledged', 'hidden', 'all'] as const
export const sortColumns = ['priority', 'state', 'since', 'text', 'place', 'respondBy'] as const
/** Days that history and key figures look back. */
export const periods = [1, 7, 30] as const

export type AlarmView = (typeof alarmViews)[number]
export type Standing = (typeof standings)[number]
export type SortColumn = (typeof sortColumns)[number]
export type Period = (typeof periods)[number]

/** What somebody has asked this page for; it stands in its address, so that other pages and people can lead here. */
export interface AlarmsAsked {
  readonly view: AlarmView
  /** This one or a higher one; null: any. */
  readonly priority: AlarmPriority | null
  readonly standing: Standing
  /** Who says the condition; null: any. */
  readonly area: string | null
  /** On this feeder or below it; null: any. */
  readonly feederId: string | null
  /** What the user answers for. */
  readonly mine: boolean
  /** What a named area of responsibility has; null: any. */
  readonly responsibility: string | null
  readonly text: string
  readonly sort: SortColumn
  /** The other way round than a column is sorted at first. */
  readonly reversed: boolean
  /** The alarm that is looked at in full. */
  readonly alarmId: number | null
  readonly days: Period
}

export const nothingAsked: AlarmsAsked = {
  ...{ view: 'standing', priority: null, standing: 'open', area: null, feederId: null, mine: false, days: 1 },
  ...{ responsibility: null, text: '', sort: 'priority', reversed: false, alarmId: null },
}

/** Reads the address; what is not understood is as if it were not there. */
export function askedOf(search: string): AlarmsAsked {
  const query = new URLSearchParams(search)
  const one = <const T extends string>(name: string, words: readonly T[]): T | undefined =>
    words.find((word) => word === query.get(name))
  const sort = query.get('sort') ?? ''
  const column = sortColumns.find((name) => name === sort.replace(/^-/, ''))
  const alarmId = Number(query.get('alarm'))
  return {
    view: one('view', alarmViews) ?? nothingAsked.view,
    priority: one('priority', alarmPriorities) ?? null,
    standing: one('standing', standings) ?? nothingAsked.standing,
    area: query.get('area') || null,
    feederId: query.get('feeder') || null,
    mine: query.get('mine') === 'true',
    responsibility: query.get('responsibility') || null,
    text: query.get('text') ?? '',
    sort: column ?? nothingAsked.sort,
    reversed: column !== undefined && sort.startsWith('-'),
    alarmId: Number.isSafeInteger(alarmId) && alarmId > 0 ? alarmId : null,
    days: periods.find((days) => String(days) === query.get('days')) ?? nothingAsked.days,
  }
}

/** What goes into the address: only what differs from what everybody sees at first. */
export function searchOf(asked: AlarmsAsked): Record<string, string> {
  const isSorted = asked.sort !== nothingAsked.sort || asked.reversed
  return Object.fromEntries(
    Object.entries({
      view: asked.view === nothingAsked.view ? null : asked.view,
      priority: asked.priority,
      standing: asked.standing === nothingAsked.standing ? null : asked.standing,
      area: asked.area,
      feeder: asked.feederId,
      mine: asked.mine ? 'true' : null,
      responsibility: asked.responsibility,
      text: asked.text,
      sort: isSorted ? `${asked.reversed ? '-' : ''}${asked.sort}` : null,
      alarm: asked.alarmId === null ? null : String(asked.alarmId),
      days: asked.days === nothingAsked.days ? null : String(asked.days),
    }).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== ''),
  )
}
