import type { Condition } from '../../platform/wire/condition.ts'
import type { Allocation } from './domain/allocation/allocation.ts'
import type { Action } from './domain/demand-response/call.ts'
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

/** An event of demand response as it began, or as it ended. Instants are UTC milliseconds. */
export interface DemandEventTold {
  readonly topic: 'feeders/events'
  readonly payload: {
    readonly change: 'begun' | 'ended'
    readonly eventId: number
    readonly programId: number | null
    readonly type: string
    /** Null: each root. */
    readonly feederId: string | null
    readonly action: Action
    readonly startsAt: number
    /** As it was meant, or when it was cancelled. */
    readonly endsAt: number
    /** It ended before its time. */
    readonly isCancelled: boolean
  }
}

/** What came of an event that is over, by feeder: first, and once more for good. */
export interface DemandResultsTold {
  readonly topic: 'feeders/results'
  readonly payload: {
    readonly eventId: number
    readonly programId: number | null
    readonly results: readonly {
      readonly feederId: string
      readonly isFinal: boolean
      /** kWh; null: nobody can say, and `reason` why. */
      readonly baselineKwh: number | null
      readonly actualKwh: number | null
      readonly deliveredKwh: number | null
      readonly committedKwh: number | null
      readonly reason: string | null
      readonly amountBrl: number | null
    }[]
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
