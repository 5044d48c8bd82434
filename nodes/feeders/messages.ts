import type { Condition } from '../../platform/wire/condition.ts'
import type { Allocation } from './domain/allocation/allocation.ts'
import type { DeviceTracking } from './domain/tracking/tracking.ts'
import type { FeederFigures } from './tracking/figure-repository.ts'

/** What a device is to follow, as the control loop tells it: taken by the setpoint node of commands. */
export interface LoopSetpoint {
  readonly deviceId: string
  /** At its terminals, consumption positive; null: it is let go. */
  readonly powerKw: number | null
  /** UTC milliseconds, as all instants here. */
  readonly expiresAt?: number
  readonly reason: string
  /** Whose it is: one lower than the highest seen of a lease is refused. */
  readonly fencing: { readonly lease: string; readonly token: number }
}

/** What the feeder allocate node sends to the setpoint node, up to 1,000 at once. */
export interface LoopSetpoints {
  readonly topic: 'feeders/setpoints'
  readonly payload: readonly LoopSetpoint[]
}

/** What is amiss with feeders and their control, for alarms. */
export interface FeederConditions {
  readonly topic: 'feeders/conditions'
  readonly payload: readonly Condition[]
}

/** What came of one round over a root feeder and all below it. */
export interface FeederAllocated {
  readonly topic: 'feeders/allocation'
  readonly payload: {
    readonly rootFeederId: string
    readonly at: number
    readonly allocation: Allocation
  }
}

/** How setpoints were followed over the minutes that end at an instant, as the tracking node tells it. */
export interface TrackingMessage {
  readonly topic: 'feeders/tracking'
  readonly payload: {
    readonly at: number
    readonly windowMinutes: number
    readonly feeders: readonly FeederFigures[]
    readonly devices: readonly DeviceTracking[]
  }
}
