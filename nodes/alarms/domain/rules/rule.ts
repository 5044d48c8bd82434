import type { ReadingKind } from '../../../../platform/wire/reading.ts'
import type { Priority } from '../alarm.ts'
import type { Words } from '../definition.ts'

export const levels = ['HH', 'H', 'L', 'LL'] as const
/** Of a limit: high-high, high, low, low-low. */
export type Level = (typeof levels)[number]

/** A measure is beyond a limit. Set point and deadband in the unit of the measure. */
export interface LimitLeaf {
  readonly type: 'limit'
  readonly measure: string
  readonly level: Level
  readonly setPoint: number
  readonly deadband: number
}

/** A measure is further than `setPoint` from what it should be: a constant, or another measure of the same reading. */
export interface DeviationLeaf {
  readonly type: 'deviation'
  readonly measure: string
  readonly from: number | string
  /** Of set point and deadband: the unit of the measure, or percent of what it should be. */
  readonly as: 'absolute' | 'percent'
  readonly setPoint: number
  readonly deadband: number
}

export const directions = ['either', 'rising', 'falling'] as const
export type Direction = (typeof directions)[number]

/** A measure changes faster than `setPoint`, in its unit a second or a minute, over a span. */
export interface RateLeaf {
  readonly type: 'rate'
  readonly measure: string
  readonly direction: Direction
  readonly per: 'second' | 'minute'
  readonly overMs: number
  readonly setPoint: number
  readonly deadband: number
}

/** A word or a number is a certain one, such as a switch's position. */
export interface DigitalLeaf {
  readonly type: 'digital'
  readonly field: string
  readonly equals: string
}

/** No reading for so long. */
export interface StaleLeaf {
  readonly type: 'stale'
  readonly afterMs: number
}

export type NumericLeaf = LimitLeaf | DeviationLeaf | RateLeaf
export type Leaf = NumericLeaf | DigitalLeaf | StaleLeaf

/** How leaves are combined; `leaf` is a place in the rule's leaves. */
export type Logic =
  | { readonly type: 'leaf'; readonly leaf: number }
  | { readonly type: 'and' | 'or'; readonly of: readonly Logic[] }
  | { readonly type: 'not'; readonly of: Logic }

/** Which readings a rule is for. An empty list or null: any. */
export interface RuleScope {
  readonly kind: ReadingKind
  /** pv, battery, ev … of a DER. */
  readonly derType: string | null
  readonly feederIds: readonly string[]
  readonly deviceIds: readonly string[]
}

/** How the alarms of a rule live, where the master alarm table says nothing else. Durations in milliseconds; null: its class decides. */
export interface RuleLife {
  readonly priority: Priority
  readonly className: string | null
  readonly onDelayMs: number
  readonly offDelayMs: number
  readonly latching: boolean | null
  readonly reAlarmMs: number | null
}

/** A condition that an engineer defined: it holds at each device by itself. */
export interface Rule {
  /** The kind of its conditions: `rules/<name>/<device>`. */
  readonly name: string
  readonly scope: RuleScope
  readonly leaves: readonly Leaf[]
  readonly logic: Logic
  readonly life: RuleLife
  /** What operators read; the rule's name where nothing was given. */
  readonly text: Words
}

/** State is kept by bits: more leaves than this have no place. */
export const mostLeaves = 16
export const mostDepth = 5

export const isNumeric = (leaf: Leaf): leaf is NumericLeaf =>
  leaf.type === 'limit' || leaf.type === 'deviation' || leaf.type === 'rate'

/** The readings in which a rule looks for evidence. */
export interface Evidence {
  readonly deviceId: string
  readonly kind: ReadingKind
  /** UTC milliseconds. */
  readonly at: number
  readonly feederId?: string | undefined
  readonly values: Readonly<Record<string, number>>
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly quality: string
}

/** Whether a rule is for the device of a reading. */
export function isFor({ scope }: Rule, { kind, labels, feederId, deviceId }: Evidence): boolean {
  if (scope.kind !== kind) return false
  if (scope.derType !== null && scope.derType !== labels?.['type']) return false
  if (scope.feederIds.length > 0 && !scope.feederIds.includes(feederId ?? '')) return false
  return scope.deviceIds.length === 0 || scope.deviceIds.includes(deviceId)
}
