/**
 * An alarm by ISA-18.2 / IEC 62682, as orthogonal flags (OPC UA Part 9, §4.8 and 5.8): what the condition is, what the operator
 * has acknowledged, what hides it. The letters of the standard's states are a view of the flags. How it changes: step.ts.
 */

export const priorities = ['low', 'medium', 'high', 'critical'] as const
export type Priority = (typeof priorities)[number]

/** States of ISA-18.2, by letter. */
export const alarmStates = {
  A: 'normal',
  B: 'unacknowledged',
  C: 'acknowledged',
  D: 'returned-unacknowledged',
  E: 'latched-unacknowledged',
  F: 'latched-acknowledged',
  G: 'shelved',
  H: 'suppressed',
  I: 'out-of-service',
} as const
export type StateLetter = keyof typeof alarmStates

/** Who suppresses an alarm whose definition is not enabled: it is recorded and never annunciated. */
export const masterAlarmTable = 'master alarm table'

/** An alarm as it stands. Instants are UTC milliseconds. */
export interface Alarm {
  /** The condition as it was last said, before the delays: since when, and how urgent while it held. Null: nothing was ever said. */
  readonly said: { readonly active: boolean; readonly at: number; readonly priority: Priority } | null
  /** The condition after the delays. */
  readonly active: boolean
  readonly acknowledged: boolean
  /** It was active, and stands until it is reset. */
  readonly latched: boolean
  /** Since when it has been shelved without coming back, however often its end was put off. */
  readonly shelvedSince: number | null
  readonly shelvedUntil: number | null
  /** Name of the logic that hides it by design; the master alarm table only where it is active. */
  readonly suppressedBy: string | null
  /** The alarm that explains what is said: where it is active it is hidden by design, and counted there. */
  readonly rootAlarmId: number | null
  readonly outOfService: boolean
  readonly priority: Priority
  /** Grows each time the operator's attention is asked for, or would be if it were not hidden; 0: never. An acknowledgement names it. */
  readonly occurrence: number
  /** Since when the condition holds, where it is active. */
  readonly activeSince: number | null
  /** When the operator was last told of what stands: escalation counts from here. Null: nothing stands, or nobody was told. */
  readonly annunciatedAt: number | null
  /** When what stands was acknowledged: re-alarm counts from here. */
  readonly acknowledgedAt: number | null
  /** Steps of escalation that were taken of this occurrence. */
  readonly escalated: number
  /** Of the last transition. */
  readonly changedAt: number | null
}

export const newAlarm: Alarm = {
  ...{ said: null, active: false, acknowledged: true, latched: false, shelvedSince: null, shelvedUntil: null },
  ...{ suppressedBy: null, rootAlarmId: null, outOfService: false, priority: 'low', occurrence: 0, activeSince: null },
  ...{ annunciatedAt: null, acknowledgedAt: null, escalated: 0, changedAt: null },
}

/** What the master alarm table says of how an alarm lives. Durations in milliseconds; null: never. */
export interface AlarmRules {
  /** False: it is recorded and never annunciated. */
  readonly enabled: boolean
  /** Null: the priority is what the condition says. */
  readonly priority: Priority | null
  readonly onDelayMs: number
  readonly offDelayMs: number
  readonly latching: boolean
  /** After so long acknowledged and still active. */
  readonly reAlarmMs: number | null
  /** After so long unacknowledged, ascending. */
  readonly escalationMs: readonly number[]
  /** Longest that its class may be shelved, from the first shelving until it comes back. */
  readonly mostShelvedMs: number
}

/** What happens to an alarm. */
export type AlarmEvent =
  /** An area says what is so; `at` is since when. The alarm that explains it, where one is known, hides it from the start. */
  | {
      readonly type: 'said'
      readonly active: boolean
      readonly at: number
      readonly priority: Priority
      readonly rootAlarmId?: number | null
    }
  /** Time has passed. */
  | { readonly type: 'time' }
  /** The master alarm table says something else of it from now on: the rules of this step are the new ones. */
  | { readonly type: 'redefined' }
  | { readonly type: 'acknowledge'; readonly occurrence: number }
  | { readonly type: 'reset'; readonly occurrence: number }
  | { readonly type: 'shelve'; readonly until: number }
  | { readonly type: 'unshelve' }
  | { readonly type: 'suppress'; readonly by: string }
  | { readonly type: 'unsuppress' }
  /** Another alarm explains it, or none does any more. */
  | { readonly type: 'explain'; readonly rootAlarmId: number | null }
  | { readonly type: 'take-out' }
  | { readonly type: 'return-to-service' }

export const transitionKinds = [
  ...(['activated', 'acknowledged', 'returned', 'latched', 're-alarmed', 'raised', 'reset', 'escalated'] as const),
  ...(['shelved', 'unshelved', 'shelving-ended', 'suppressed', 'unsuppressed', 'explained', 'unexplained'] as const),
  /** Another priority, without asking for attention. */
  ...(['reprioritised', 'taken-out', 'returned-to-service', 'commented'] as const),
] as const
export type TransitionKind = (typeof transitionKinds)[number]

/** A step in an alarm's life, as it is kept. */
export interface Transition {
  readonly kind: TransitionKind
  readonly from: StateLetter
  readonly to: StateLetter
  readonly occurrence: number
  /** UTC milliseconds: when it was due or was said to be so, not when somebody noticed; never before the transition before it. */
  readonly at: number
  readonly priority: Priority
  /** The alarm that explains it after this step, or else before. */
  readonly rootAlarmId: number | null
}

export type Refusal =
  /** The occurrence that was named is not the one that stands. */
  | 'stale-occurrence'
  | 'nothing-to-acknowledge'
  | 'nothing-to-reset'
  /** It is shelved, suppressed or out of service: it cannot be acknowledged or reset there. */
  | 'hidden'
  | 'beyond-shelving-limit'
  | 'shelving-ends-in-the-past'
  | 'not-shelved'
  | 'not-suppressed'
  | 'already-out-of-service'
  | 'in-service'

/** What became of an alarm: `alarm` is the very one that went in where nothing changed. */
export type Stepped =
  { readonly alarm: Alarm; readonly transitions: readonly Transition[] } | { readonly refused: Refusal }

/** The state of an alarm by the letters of the standard. What hides it more lastingly comes first. */
export function stateOf(alarm: Alarm): StateLetter {
  const { active, acknowledged } = alarm
  if (alarm.outOfService) return 'I'
  if (alarm.suppressedBy !== null || (active && alarm.rootAlarmId !== null)) return 'H'
  if (alarm.shelvedUntil !== null) return 'G'
  if (active) return acknowledged ? 'C' : 'B'
  if (alarm.latched) return acknowledged ? 'F' : 'E'
  return acknowledged ? 'A' : 'D'
}

/** Shelved, suppressed or out of service: nobody is asked for anything. */
export const isHiddenState = (state: StateLetter): boolean => 'GHI'.includes(state)

/** It waits for somebody to acknowledge it. */
export const isUnacknowledgedState = (state: StateLetter): boolean => 'BDE'.includes(state)

export const isHidden = (alarm: Alarm): boolean => isHiddenState(stateOf(alarm))
