import type { Condition } from '../../../platform/wire/condition.ts'
import type { Alarm, Priority, Transition } from '../domain/alarm.ts'
import type { AlarmPlace } from '../domain/definition.ts'

/** What an alarm is about, and what the condition said with it last. */
export interface AlarmSubject extends AlarmPlace {
  readonly key: string
  readonly value: number | null
  readonly limit: number | null
  readonly unit: string | null
  readonly text: Condition['text']
  readonly evidence: Condition['evidence'] | null
}

/** An alarm as the database has it. Instants are UTC milliseconds. */
export interface KeptAlarm extends AlarmSubject {
  readonly alarmId: number
  readonly alarm: Alarm
  /** When time alone next changes something. */
  readonly dueAt: number | null
  /** Roles, the latest one last. */
  readonly escalatedTo: readonly string[]
}

/** A step in an alarm's life with what is kept beside it. */
export interface RecordedTransition extends Transition {
  readonly alarmId: number
  readonly username: string | null
  readonly reason: string | null
}

/** A time that attention was asked for. */
export interface BegunOccurrence {
  readonly alarmId: number
  readonly occurrence: number
  readonly why: string
  readonly beganAt: number
  readonly at: number
  readonly annunciated: boolean
  readonly priority: Priority
  readonly rootAlarmId: number | null
  readonly value: number | null
  readonly limit: number | null
  readonly text: Condition['text']
}

/** That an occurrence is over, or answered. */
export interface EndedOccurrence {
  readonly alarmId: number
  readonly occurrence: number
  readonly at: number
  /** Who answered. */
  readonly username: string | null
}

/** What a condition is about, and what it says. */
export const subjectOf = (condition: Condition): AlarmSubject => ({
  ...{ key: condition.key, area: condition.area, kind: condition.kind, subject: condition.subject },
  ...{ feederId: condition.feederId ?? null, unitId: condition.unitId ?? null, deviceId: condition.deviceId ?? null },
  ...{ value: condition.value ?? null, limit: condition.limit ?? null, unit: condition.unit ?? null },
  ...{ text: condition.text, evidence: condition.evidence ?? null },
})
