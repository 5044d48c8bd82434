import type { ConditionArea, rulesArea } from '../../../../../platform/wire/condition-kinds.ts'
import type { LiveAlarm } from '../../../../../platform/wire/live.ts'
import type { AlarmPriority } from '../../annunciation/standing-alarms.ts'
import type { BothLanguages } from '../screen-words.ts'

/** What the API answers about alarms, as far as this page reads it: docs/alarms.md. Instants are ISO 8601. */

/** Who says conditions: those of the platform, and rules that engineers define. */
export const conditionAreas = [
  ...(['voltage', 'continuity', 'telemetry', 'commands', 'feeders', 'solar', 'alarms', 'platform', 'rules'] as const),
] as const satisfies readonly (ConditionArea | typeof rulesArea)[]
/** Letters of ISA-18.2; A is normal. */
export type AlarmState = LiveAlarm['state'] | 'A'

/** An alarm as it stands, in full. */
export interface AlarmInFull extends Omit<LiveAlarm, 'state'> {
  readonly state: AlarmState
  readonly outOfService: boolean
  readonly suppressedBy: string | null
  readonly rootAlarmId: number | null
  readonly definition: Advice
  readonly evidence: unknown
}

/** What the master alarm table says of an alarm. */
export interface Advice {
  readonly className: string
  readonly cause: BothLanguages
  readonly consequence: BothLanguages
  readonly operatorAction: BothLanguages
  readonly timeToRespondMs: number
}

export interface AlarmClass {
  readonly name: string
  readonly mostShelvedMs: number
}

export interface AlarmTransition {
  readonly at: string
  readonly transition: string
  readonly from: AlarmState
  readonly to: AlarmState
  readonly occurrence: number
  readonly priority: AlarmPriority
  readonly username: string | null
  readonly reason: string | null
}

/** A time that attention was asked for, or would have been. */
export interface AlarmOccurrence {
  readonly alarmId: number
  readonly subject: string
  readonly feederId: string | null
  readonly occurrence: number
  readonly why: string
  readonly priority: AlarmPriority
  readonly at: string
  readonly annunciated: boolean
  readonly returnedAt: string | null
  readonly acknowledgedAt: string | null
  readonly acknowledgedBy: string | null
  readonly text: BothLanguages
}

export interface Feeder {
  readonly feederId: string
  readonly parentFeederId: string | null
}

/** A named set of alarms that somebody answers for; null: any. */
export interface ResponsibilityArea {
  readonly name: string
  readonly feederIds: readonly string[] | null
  readonly conditionAreas: readonly string[] | null
  readonly usernames: readonly string[]
}

/** What an attempt to act on an alarm came to. */
export interface ActionOutcome {
  readonly alarmId: number
  readonly outcome: 'done' | 'refused'
  readonly code: string | null
  readonly problem: string | null
}

/** A key figure with its targets. */
export interface KeyFigure {
  readonly name: string
  readonly value: number | null
  readonly unit: 'alarms' | '%'
  readonly good: number
  readonly most: number
  readonly sense: 'upTo' | 'below' | 'atLeast'
  readonly verdict: 'met' | 'tolerable' | 'missed' | null
  readonly titleEn: string
  readonly titlePt: string
  readonly source: string
}

interface NamedAlarm {
  readonly alarmId: number
  readonly area: string
  readonly kind: string
  readonly subject: string
  readonly feederId: string | null
}

/** How good the alarms of a period are: docs/alarm-kpis.md. */
export interface AlarmKpis {
  readonly from: string
  readonly until: string
  readonly figures: readonly KeyFigure[]
  readonly totals: {
    readonly occurrences: number
    readonly told: number
    readonly explained: number
    readonly otherwiseHidden: number
    readonly acknowledged: number
    readonly unacknowledged: number
    readonly meanToAcknowledgeMs: number | null
    readonly medianToAcknowledgeMs: number | null
  }
  readonly hiddenNow: { readonly shelved: number; readonly suppressed: number; readonly outOfService: number }
  readonly floodCount: number
  readonly floods: readonly { readonly begin: string; readonly end: string | null; readonly alarms: number }[]
  readonly mostFrequent: readonly (NamedAlarm & { readonly alarms: number })[]
  readonly chattering: readonly (NamedAlarm & { readonly times: number })[]
  readonly perDay: readonly { readonly day: string; readonly at: string; readonly alarms: number }[]
  readonly perTenMinutes: readonly { readonly at: string; readonly alarms: number }[]
}
