import type { Condition } from '../../platform/wire/condition.ts'
import type { Priority, StateLetter, TransitionKind } from './domain/alarm.ts'
import type { AlarmPlace } from './domain/definition.ts'

/** A step in the life of an alarm, as it leaves the alarm node: once for each, in the order in which they were stored. */
export interface AlarmTransition extends AlarmPlace {
  readonly alarmId: number
  /** `area/kind/subject` of the condition. */
  readonly key: string
  readonly occurrence: number
  readonly transition: TransitionKind
  readonly from: StateLetter
  readonly to: StateLetter
  readonly priority: Priority
  /** UTC milliseconds. */
  readonly at: number
  readonly rootAlarmId: number | null
  readonly username: string | null
  readonly reason: string | null
  readonly text: Condition['text']
  readonly value: number | null
  readonly limit: number | null
  readonly unit: string | null
  /** Place in the log of alarms, and within it. */
  readonly changed: number
  readonly ordinal: number
}

/** What the alarm node sends. */
export interface AlarmTransitions {
  readonly topic: 'alarms/transitions'
  readonly payload: readonly AlarmTransition[]
}

/** What was done with an alarm. */
export interface AlarmActionDone {
  readonly alarmId: number | null
  /** `area/kind/subject` of the condition. */
  readonly key: string | null
  readonly action: string
  /** As it stands now. */
  readonly state: StateLetter | null
  readonly occurrence: number | null
}

/** What the alarm action node sends: what was done; what was refused goes to Catch. */
export interface AlarmActionsDone {
  readonly topic: 'alarms/actions'
  readonly payload: readonly AlarmActionDone[]
}
