import type { Condition } from '../../platform/wire/condition.ts'

/** What is amiss with solar panels, for alarms. */
export interface SolarConditions {
  readonly topic: 'solar/conditions'
  readonly payload: readonly Condition[]
}
