import type { LiveAlarm } from '../../../../platform/wire/live.ts'
import { type AlarmValues, waitingAlarms } from './standing-alarms.ts'

/** Priorities that call the operator from whatever page is looked at. */
export type CallingPriority = 'critical' | 'high'

/** An alarm that calls: it waits for an acknowledgement, and is important enough. */
export type CallingAlarm = LiveAlarm & { readonly priority: CallingPriority }

const calls = (alarm: LiveAlarm): alarm is CallingAlarm => alarm.priority === 'critical' || alarm.priority === 'high'

/** Alarms that call, the most important first, of one priority the newest. */
export const callingAlarms = (values: AlarmValues): CallingAlarm[] => waitingAlarms(values).filter(calls)

/**
 * One telling of the operator: an alarm calls anew with a new occurrence, when it is annunciated again, and when its
 * priority is raised.
 */
const callOf = ({ alarmId, occurrence, annunciatedAt, priority }: CallingAlarm): string =>
  `${alarmId} ${occurrence} ${annunciatedAt ?? ''} ${priority}`

/** What has been told in this browser tab, so that the same is not told again when the page changes or the connection returns. */
export class HeardCalls {
  #heard: ReadonlySet<string> = new Set()

  /** @param calling  all alarms that call now @returns those of them that have not been told yet; from now on they have */
  take(calling: readonly CallingAlarm[]): CallingAlarm[] {
    const fresh = calling.filter((alarm) => !this.#heard.has(callOf(alarm)))
    // What calls no more is forgotten: the set never outgrows what stands.
    this.#heard = new Set(calling.map(callOf))
    return fresh
  }
}
