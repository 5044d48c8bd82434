import { alarmSummaryKey, type LiveAlarm, type LiveAlarmSummary } from '../../../../platform/wire/live.ts'

export type AlarmPriority = LiveAlarm['priority']
/** From the highest to the lowest. */
export const alarmPriorities = ['critical', 'high', 'medium', 'low'] as const satisfies readonly AlarmPriority[]

/** What the topic `alarms` has under its keys. */
export type AlarmValues = ReadonlyMap<string, LiveAlarm | LiveAlarmSummary>

/** The place that an alarm is listed at. */
export const placeOf = ({ feederId, subject }: Pick<LiveAlarm, 'feederId' | 'subject'>): string =>
  feederId === null || feederId === subject ? subject : `${feederId} · ${subject}`

/** States that wait for somebody to acknowledge them, by their letters of ISA-18.2. */
const unacknowledged: ReadonlySet<string> = new Set(['B', 'D', 'E'])

/** @param alarm  with its letter of ISA-18.2 */
export const isUnacknowledged = ({ state }: { readonly state: string }): boolean => unacknowledged.has(state)

export const summaryOf = (values: AlarmValues): LiveAlarmSummary | undefined =>
  values.get(alarmSummaryKey) as LiveAlarmSummary | undefined

function* alarmsOf(values: AlarmValues): Generator<LiveAlarm> {
  for (const [key, value] of values) if (key !== alarmSummaryKey) yield value as LiveAlarm
}

/** How many alarms stand, by priority, and how many of those that are shown wait for an acknowledgement. */
export function priorityCounts(values: AlarmValues): { priority: AlarmPriority; standing: number; waiting: number }[] {
  const alarms = [...alarmsOf(values)]
  const all = summaryOf(values)?.byPriority
  return alarmPriorities.map((priority) => {
    const shown = alarms.filter((alarm) => alarm.priority === priority)
    return { priority, standing: all?.[priority] ?? shown.length, waiting: shown.filter(isUnacknowledged).length }
  })
}

/** When the operator was told of it, UTC milliseconds. */
export const toldAt = ({ annunciatedAt, activeSince, changedAt }: LiveAlarm): number =>
  Date.parse(annunciatedAt ?? activeSince ?? changedAt ?? '') || 0

/** Those that wait for an acknowledgement: the most important first, of one priority the newest. */
export const waitingAlarms = (values: AlarmValues): LiveAlarm[] =>
  [...alarmsOf(values)].filter(isUnacknowledged).toSorted(byImportance)

const byImportance = (one: LiveAlarm, other: LiveAlarm): number =>
  alarmPriorities.indexOf(one.priority) - alarmPriorities.indexOf(other.priority) ||
  toldAt(other) - toldAt(one) ||
  other.alarmId - one.alarmId
