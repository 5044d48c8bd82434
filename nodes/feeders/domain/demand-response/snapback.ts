import { endOf, everInForce, type DemandCall } from './call.ts'

/** Steps in which a feeder returns. */
const snapbackSteps = 5

/** How far a feeder has returned, and until when that holds. */
export interface SnapbackStep {
  /** Share of the way from what the event left to what is normal: over 0, and under 1. */
  readonly returned: number
  /** UTC milliseconds. */
  readonly until: number
}

/**
 * Where the return after a call stands: everything that waited for its end would come at once otherwise, and make a peak of its
 * own. It rises in equal steps, the first one with the end itself.
 * @param at  UTC milliseconds
 * @returns undefined before its end and once it has returned
 */
export function snapbackAt(
  call: Pick<DemandCall, 'startsAt' | 'endsAt' | 'cancelledAt' | 'snapbackMs'>,
  at: number,
): SnapbackStep | undefined {
  const end = endOf(call)
  if (!everInForce(call) || at < end || at >= end + call.snapbackMs) return undefined
  const step = Math.min(Math.floor(((at - end) * snapbackSteps) / call.snapbackMs), snapbackSteps - 1)
  return {
    returned: (step + 1) / (snapbackSteps + 1),
    until: end + Math.ceil(((step + 1) * call.snapbackMs) / snapbackSteps),
  }
}

/**
 * The limit of a step: never above what is normal, never below what the event left.
 * @param normalKw  the feeder's limit without the event, kW; one below the event's stays what holds
 */
export const snapbackLimitKw = (limitKw: number, normalKw: number, { returned }: SnapbackStep): number =>
  Math.min(normalKw, limitKw + Math.max(0, normalKw - limitKw) * returned)

/** What is still to be shed in a step, kW. */
export const snapbackShedKw = (targetShedKw: number, { returned }: SnapbackStep): number =>
  targetShedKw * (1 - returned)
