import type { DemandCall } from './call.ts'

export const minuteMs = 60_000
export const hourMs = 3_600_000
/** 2026-11-23 18:00 in São Paulo, a Monday, UTC milliseconds. */
export const six = 1_795_467_600_000

/** A limit of 50 kW on `f-1` for two hours from six o'clock on, with a return of 50 minutes. */
export const aCall = (of: Partial<DemandCall> = {}): DemandCall => ({
  ...{ eventId: 1, programId: null, feederId: 'f-1', startsAt: six, endsAt: six + 2 * hourMs, cancelledAt: null },
  ...{ action: { mode: 'limit', direction: 'import', limitKw: 50, targetShedKw: null }, snapbackMs: 50 * minuteMs },
  ...of,
})
