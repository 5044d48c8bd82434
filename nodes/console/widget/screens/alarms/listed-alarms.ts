import type { alarmSummaryKey, LiveAlarm, LiveAlarmSummary } from '../../../../../platform/wire/live.ts'
import type { BothLanguages } from '../screen-words.ts'
import { alarmPriorities, type AlarmPriority, isUnacknowledged, placeOf } from '../../annunciation/standing-alarms.ts'
import type { AlarmState } from './answers.ts'
import type { AlarmsAsked, SortColumn, Standing } from './alarms-asked.ts'

/** Shelved, suppressed or out of service: nobody is asked for anything. */
const isHidden = (state: AlarmState): boolean => 'GHI'.includes(state)

/** The higher, the more important. */
const rankOf = (priority: AlarmPriority): number => alarmPriorities.length - alarmPriorities.indexOf(priority)

const isListed: Readonly<Record<Standing, (state: AlarmState) => boolean>> = {
  open: (state) => !isHidden(state),
  unacknowledged: (state) => isUnacknowledged({ state }),
  acknowledged: (state) => 'CF'.includes(state),
  hidden: isHidden,
  all: () => true,
}

/** Since when the operator has known of what stands: ISO 8601, empty where nobody was told. */
export const sinceOf = ({ annunciatedAt, activeSince, changedAt }: LiveAlarm): string =>
  activeSince ?? annunciatedAt ?? changedAt ?? ''

const summaryKey: typeof alarmSummaryKey = 'summary'

/** What the topic `alarms` of the live stream has, told apart. */
export function alarmsIn(values: ReadonlyMap<string, LiveAlarm | LiveAlarmSummary>): {
  readonly alarms: readonly LiveAlarm[]
  readonly summary: LiveAlarmSummary | undefined
} {
  const alarms: LiveAlarm[] = []
  for (const [key, value] of values) if (key !== summaryKey) alarms.push(value as LiveAlarm)
  return { alarms, summary: values.get(summaryKey) as LiveAlarmSummary | undefined }
}

/** What a list needs to know besides what is asked for. */
export interface Listing {
  textOf(text: BothLanguages): string
  readonly byName: Intl.Collator
  /** Whether an alarm is in what the user or an area of responsibility answers for. */
  isAnsweredFor(alarm: LiveAlarm): boolean
  /** Whether a feeder is another one or below it. */
  isOn(feederId: string | null, root: string): boolean
}

/** The alarms that fit what is asked for, in the order that is asked for. */
export function listedAlarms(alarms: readonly LiveAlarm[], asked: AlarmsAsked, listing: Listing): readonly LiveAlarm[] {
  const wanted = plain(asked.text.trim())
  const least = asked.priority === null ? 0 : rankOf(asked.priority)
  const fits = (alarm: LiveAlarm): boolean =>
    isListed[asked.standing](alarm.state) &&
    rankOf(alarm.priority) >= least &&
    (asked.area === null || alarm.area === asked.area) &&
    (asked.feederId === null || listing.isOn(alarm.feederId, asked.feederId)) &&
    listing.isAnsweredFor(alarm) &&
    (wanted === '' || plain(saidOf(alarm, listing)).includes(wanted))
  const compare = orders(listing)[asked.sort]
  const sign = asked.reversed ? -1 : 1
  return alarms.filter(fits).toSorted((one, other) => sign * compare(one, other) || one.alarmId - other.alarmId)
}

const saidOf = ({ area, kind, subject, feederId, unitId, deviceId, text }: LiveAlarm, { textOf }: Listing): string =>
  [textOf(text), area, kind, subject, feederId, unitId, deviceId].join(' ')

/** Without capitals and accents: who looks for `tensao` means `Tensão`. */
const plain = (text: string): string => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')

/** The most urgent first: those that wait, those that somebody knows of, those that are put aside. */
const stateOrder = 'BEDCFGHI'

type Compare = (one: LiveAlarm, other: LiveAlarm) => number
const orders = ({ byName, textOf }: Listing): Readonly<Record<SortColumn, Compare>> => {
  const newest: Compare = (one, other) => byWord(sinceOf(other), sinceOf(one))
  const highest: Compare = (one, other) => rankOf(other.priority) - rankOf(one.priority)
  const first =
    (...compares: readonly Compare[]): Compare =>
    (one, other) =>
      compares.reduce((found, compare) => found || compare(one, other), 0)
  return {
    priority: first(highest, newest),
    state: first((one, other) => stateOrder.indexOf(one.state) - stateOrder.indexOf(other.state), highest, newest),
    since: newest,
    text: (one, other) => byName.compare(textOf(one.text), textOf(other.text)),
    place: (one, other) => byName.compare(placeOf(one), placeOf(other)),
    respondBy: first((one, other) => byWord(one.respondBy ?? never, other.respondBy ?? never), highest, newest),
  }
}

/** After every instant, as a word. */
const never = '~'
const byWord = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1)
