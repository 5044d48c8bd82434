/**
 * Setpoints of DERs: not commands, but what a device is to follow until it is told otherwise or its time is over. The newest wins.
 * Power is at the device's terminals, kW, consumption positive; the wire has the device's own sign (platform/wire/signs.ts).
 */
import { formatInstant } from '../../../platform/wire/instant.ts'
import { generates } from '../../../platform/wire/signs.ts'

/** What somebody asks a device to follow. */
export interface AskedSetpoint {
  readonly deviceId: string
  /** kW; null: it follows none any more. */
  readonly powerKw: number | null
  /** Until when, UTC milliseconds; null where it follows none. */
  readonly expiresAt: number | null
  readonly reason: string | null
  /** Of logic that acts under a lease. */
  readonly fencing?: Fencing
}

/** Under which lease logic acts, and how new that is: the token grows each time the lease changes hands. */
export interface Fencing {
  readonly lease: string
  readonly token: number
}

/** A device, as the registry has it. */
export interface SetpointDevice {
  readonly deviceId: string
  readonly kind: string | null
  readonly derType: string | null
  readonly status: string
  /** kW; null: nobody has said. */
  readonly ratedKw: number | null
}

/** No device follows for longer what nobody says again. */
export const longestSetpointMs = 24 * 3_600_000

/**
 * Why a setpoint is refused that comes under a lease which has changed hands since, in one line that names both tokens; undefined
 * where it is not.
 * @param highest  token that was seen of the lease
 */
export const fencingRefusal = ({ deviceId, fencing }: AskedSetpoint, highest: number): string | undefined =>
  fencing && fencing.token < highest
    ? `${deviceId}: the lease ${fencing.lease} has changed hands: token ${fencing.token} is lower than ${highest}, which was seen before`
    : undefined

/** What a device can follow, kW: what only generates never consumes. */
export const boundsOf = (derType: string, ratedKw: number): { readonly fromKw: number; readonly untilKw: number } => ({
  fromKw: ratedKw === 0 ? 0 : -ratedKw,
  untilKw: generates(derType) ? 0 : ratedKw,
})

/**
 * Why a setpoint is refused, in one line that names the device; undefined where it is not.
 * @param device  undefined: it is not registered
 * @param now     UTC milliseconds
 */
export function setpointRefusal(
  asked: AskedSetpoint,
  device: SetpointDevice | undefined,
  now: number,
): string | undefined {
  const { deviceId, powerKw, expiresAt } = asked
  if (!device) return `${deviceId} is not registered`
  if (device.status !== 'active') return `${deviceId} is ${device.status}: it has to be approved first`
  if (device.kind !== 'der' || device.derType === null)
    return `${deviceId} is a ${device.kind ?? 'device of no known kind'}: DERs follow setpoints`
  if (powerKw === null || expiresAt === null) return undefined
  if (device.ratedKw === null) return `${deviceId} has no rated power in the registry, which bounds its setpoint`
  const { fromKw, untilKw } = boundsOf(device.derType, device.ratedKw)
  if (!(powerKw >= fromKw && powerKw <= untilKw))
    return `${deviceId} can follow ${fromKw} to ${untilKw} kW (${device.derType}, consumption positive), not ${powerKw} kW`
  if (expiresAt <= now) return `${deviceId}: ${formatInstant(expiresAt)} is over already`
  if (expiresAt > now + longestSetpointMs)
    return `${deviceId}: ${formatInstant(expiresAt)} is more than ${longestSetpointMs / 3_600_000} h away`
  return undefined
}
