import type { AlarmRules, Priority } from './alarm.ts'

/** A text that operators read, in the languages of the house. */
export interface Words {
  readonly en: string
  readonly pt: string
}

/** Whom to tell, or whom else, when nobody has acknowledged for so long. */
export interface EscalationStep {
  readonly afterMs: number
  /** Role that answers for it too from then on; null: nobody else. */
  readonly role: string | null
  /** Name of a channel of a notify node; null: none. */
  readonly channel: string | null
}

/** Alarms that are treated alike: what may be done with them, and for how long. */
export interface AlarmClass {
  readonly name: string
  /** Why it is a class of its own: what its alarms have in common. */
  readonly reason: Words
  readonly mostShelvedMs: number
  readonly latching: boolean
  readonly reAlarmMs: number | null
  readonly escalation: readonly EscalationStep[]
}

/** What an entry of the master alarm table is about; the one that says most holds: subject, then feeder, then kind, then area. */
export interface AlarmScope {
  /** Null: of any area. */
  readonly area: string | null
  readonly kind: string | null
  readonly feederId: string | null
  readonly subject: string | null
}

/**
 * A row of the master alarm table (ISA-18.2 §8): why the alarm is there and what to do about it. Durations in milliseconds.
 * Null in what a class also says: the class decides.
 */
export interface AlarmDefinition {
  readonly scope: AlarmScope
  readonly className: string
  /** Null: what the condition says. */
  readonly priority: Priority | null
  readonly cause: Words
  readonly consequence: Words
  readonly operatorAction: Words
  readonly timeToRespondMs: number
  /** In the unit of the condition; null: where the condition is found decides. */
  readonly setPoint: number | null
  readonly deadband: number | null
  readonly onDelayMs: number
  readonly offDelayMs: number
  readonly latching: boolean | null
  readonly reAlarmMs: number | null
  /** Conditions that, where they hold, explain this one: `area/kind`. */
  readonly explainedBy: readonly string[]
  /** False: it is recorded and never annunciated (suppressed by design, named so). */
  readonly enabled: boolean
}

/** What an entry is looked up by. */
export interface ConditionPlace {
  readonly area: string
  readonly kind: string
  readonly feederId: string | null
  readonly subject: string
}

/** What an alarm is about, and where that is. */
export interface AlarmPlace extends ConditionPlace {
  readonly unitId: string | null
  readonly deviceId: string | null
}

/** A version of the master alarm table, as it holds. */
export interface MasterTable {
  /** 0: as shipped. */
  readonly version: number
  /** Every entry, by scope. */
  readonly definitions: readonly AlarmDefinition[]
  readonly classes: readonly AlarmClass[]
  definitionOf(condition: ConditionPlace): AlarmDefinition
  /** @throws Error where there is no such class: no table is made that names one */
  classNamed(name: string): AlarmClass
}

/** How an alarm lives by its definition and its class. */
export function rulesOf(definition: AlarmDefinition, alarmClass: AlarmClass): AlarmRules {
  return {
    enabled: definition.enabled,
    priority: definition.priority,
    onDelayMs: definition.onDelayMs,
    offDelayMs: definition.offDelayMs,
    latching: definition.latching ?? alarmClass.latching,
    reAlarmMs: definition.reAlarmMs ?? alarmClass.reAlarmMs,
    escalationMs: alarmClass.escalation.map(({ afterMs }) => afterMs),
    mostShelvedMs: alarmClass.mostShelvedMs,
  }
}
