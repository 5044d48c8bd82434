/**
 * Every kind of condition that the areas say. `conditionKey` takes no other, so that no area can say what does not stand here, and
 * the master alarm table does not compile without an entry for each.
 */
export const conditionKinds = {
  voltage: ['drp-budget', 'drc-budget'],
  continuity: [
    ...(['outage', 'priority-out', 'dic-breaks', 'fic-breaks', 'dmic-breaks', 'dicri-breaks', 'dise-breaks'] as const),
    ...(['emergency-chi', 'critical-day', 'unit-limit', 'dec-limit', 'fec-limit'] as const),
  ],
  telemetry: [
    ...(['device-silent', 'device-offline', 'values-stuck', 'quarantine-flood', 'clock-skew'] as const),
    ...(['consumer-behind', 'feeder-overload'] as const),
  ],
  commands: ['command-unknown', 'not-verified', 'command-failed', 'acks-unheard', 'setpoint-ignored'],
  feeders: [
    ...(['loop-stalled', 'loop-overrun', 'overload-forecast', 'event-not-met', 'limit-unavoidable'] as const),
    ...(['head-lost', 'tracking-error'] as const),
  ],
  solar: ['plant-out', 'panel-fault', 'panel-loss', 'panel-hot', 'panel-sensor', 'panel-unusual'],
  alarms: ['notification-failed'],
  platform: ['broker-lost', 'database-lost', 'disk-nearly-full'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** Where kinds are the names of rules that engineers define. */
export const rulesArea = 'rules'

export type ConditionArea = keyof typeof conditionKinds
/** A kind, as its area names it. */
export type KindOf<Area extends ConditionArea> = (typeof conditionKinds)[Area][number]
/** A kind with its area, as `voltage/drp-budget`. */
export type ConditionKind = { [Area in ConditionArea]: `${Area}/${KindOf<Area>}` }[ConditionArea]

/** What a kind must be of which an area says a condition; of an area that is not known before, any. */
export type KindIn<Area extends string> = string extends Area
  ? string
  : Area extends ConditionArea
    ? KindOf<Area>
    : Area extends typeof rulesArea
      ? string
      : never

/** All kinds with their areas. */
export const allConditionKinds: readonly ConditionKind[] = Object.entries(conditionKinds).flatMap(([area, kinds]) =>
  kinds.map((kind) => `${area}/${kind}` as ConditionKind),
)
