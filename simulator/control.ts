import { Ajv } from 'ajv'
import { DerControl } from '../platform/wire/payloads.ts'

/** A setpoint as a device keeps it: kW in the sign of its `p_actual_kw`, and when it ends, UTC milliseconds. */
export interface Setpoint {
  readonly kw: number
  readonly expiresAt?: number
  /** Under which token the controller acts that set it. */
  readonly fencingToken?: number
}

/** `setpoint`: follow it. `released`: the retained setpoint was emptied. `refused`: malformed, in one line. */
export type ControlMessage =
  | { readonly is: 'setpoint'; readonly setpoint: Setpoint }
  | { readonly is: 'released' }
  | { readonly is: 'refused'; readonly reason: string }

const validate = new Ajv().compile<DerControl>(DerControl)
const ISO_WITH_OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i

/** Reads the payload of `der/control/<deviceId>`; `{"p_setpoint_kw": 3.5}` alone is enough. Never throws. */
export function readControl(payload: string): ControlMessage {
  if (payload === '') return { is: 'released' }
  let body: unknown
  try {
    body = JSON.parse(payload)
  } catch {
    return refused('not JSON', payload)
  }
  if (!validate(body)) {
    const error = validate.errors?.[0]
    return refused(`${error?.instancePath.slice(1) || 'payload'} ${error?.message ?? 'is not valid'}`, payload)
  }
  const { p_setpoint_kw: kw, expires_at: ends, fencing_token: fencingToken } = body
  const told = { kw, ...(fencingToken !== undefined && { fencingToken }) }
  if (ends === undefined) return { is: 'setpoint', setpoint: told }
  const expiresAt = instantOf(ends)
  if (expiresAt === undefined) return refused('expires_at is neither ISO 8601 with offset nor epoch ms', payload)
  return { is: 'setpoint', setpoint: { ...told, expiresAt } }
}

/** What devices keep of who steers them: the highest fencing token that each has seen. */
export class Fences {
  readonly #highest = new Map<string, number>()

  /** Why a device does not follow a setpoint: whoever set it no longer holds the lease; undefined: it follows. */
  refusal(deviceId: string, { fencingToken }: Setpoint): string | undefined {
    if (fencingToken === undefined) return undefined
    const highest = this.#highest.get(deviceId) ?? 0
    if (fencingToken < highest) return `fencing_token ${fencingToken} is lower than ${highest}, which it has seen`
    this.#highest.set(deviceId, fencingToken)
    return undefined
  }
}

/** The setpoint still valid at an instant, kW; none where there never was one or it has expired. */
export function validSetpointKw(setpoint: Setpoint | undefined, at: number): number | undefined {
  if (setpoint?.expiresAt !== undefined && setpoint.expiresAt <= at) return undefined
  return setpoint?.kw
}

function instantOf(timestamp: string | number): number | undefined {
  const at = typeof timestamp === 'number' ? timestamp : ISO_WITH_OFFSET.test(timestamp) ? Date.parse(timestamp) : NaN
  return Number.isFinite(at) ? at : undefined
}

function refused(reason: string, payload: string): ControlMessage {
  // quoted as JSON, so that a payload with line breaks stays one line
  return { is: 'refused', reason: `${reason}: ${JSON.stringify(payload.slice(0, 80))}` }
}
