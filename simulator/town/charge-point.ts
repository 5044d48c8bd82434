import type { DerTelemetry } from '../../platform/wire/payloads.ts'
import { clamp, round } from '../draw.ts'
import { derPayload, type DerState } from '../devices/der.ts'
import type { Session } from './sessions.ts'
import type { ChargePoint } from './town-plan.ts'

export interface ChargePointState extends DerState {
  /** The car at it. */
  readonly session?: Session
  /** What that car has got, kWh. */
  readonly deliveredKwh: number
}

export interface ChargePointInputs {
  readonly at: number
  /** Power to follow, kW; none: nobody steers it, and it gives the car what it takes. */
  readonly setpointKw: number | undefined
  /** The car that is there now. */
  readonly session: Session | undefined
}

/** A car raises its current by so much of its most, a second; it gives way at once (IEC 61851-1: within five seconds). */
const RISE_PER_SECOND = 0.05

export const firstChargePoint: ChargePointState = { at: 0, powerKw: 0, measuredKw: 0, deliveredKwh: 0 }

/**
 * One step, `dtS` seconds long. It offers the car the setpoint, or nothing where that is below 6 A a line; the car takes what is
 * offered as far as it can and as long as it wants.
 */
export function stepChargePoint(
  spec: ChargePoint,
  before: ChargePointState,
  { at, setpointKw, session }: ChargePointInputs,
  dtS: number,
): ChargePointState {
  if (!session) return { at, powerKw: 0, measuredKw: 0, deliveredKwh: 0 }
  const isNew = before.session?.id !== session.id
  const hours = dtS / 3600
  const mostKw = Math.min(spec.pMaxKw, session.maxKw)
  // Who was there before the town began has charged since it came.
  const sinceHours = before.at === 0 ? Math.max(0, (at - session.arrival) / 3_600_000 - hours) : 0
  const gotBefore = Math.min(session.energyKwh, mostKw * sinceHours)
  const [powerBefore, delivered] = isNew ? [0, gotBefore] : [before.powerKw, before.deliveredKwh]
  const offeredKw = setpointKw === undefined ? mostKw : clamp(setpointKw, 0, mostKw)
  // Rounded on the way, 6 A are 6 A still.
  const isOffered = offeredKw >= spec.leastKw - 1e-3
  const neededKwh = Math.max(0, session.energyKwh - delivered)
  const targetKw = isOffered && neededKwh > 1e-9 ? offeredKw : 0
  const riseTo = Math.max(spec.leastKw, powerBefore) + RISE_PER_SECOND * mostKw * dtS
  const powerKw = Math.min(targetKw, riseTo, hours > 0 ? neededKwh / hours : Infinity)
  return {
    ...{ at, powerKw, measuredKw: powerKw, session, deliveredKwh: delivered + powerKw * hours },
    ...(setpointKw !== undefined && { targetKw: offeredKw }),
  }
}

/** Its telemetry, with what it knows of the car. */
export function chargePointPayload(spec: ChargePoint, state: ChargePointState): DerTelemetry {
  const { session, deliveredKwh } = state
  const told = session && {
    energy_needed_kwh: round(Math.max(0, session.energyKwh - deliveredKwh), 3),
    departs_at: new Date(session.departure).toISOString(),
  }
  return { ...derPayload('ev', spec, state), plugged_in: session !== undefined, ...told }
}
