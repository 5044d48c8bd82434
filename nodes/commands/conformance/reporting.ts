import { Ajv } from 'ajv'
import { fieldContract, type FieldKind } from '../../../platform/wire/contract.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import type { DeviceStatus } from '../../../platform/wire/payloads.ts'
import type { Conversation } from './conversation.ts'
import { ok, untried, wrong, type Finding } from './finding.ts'
import type { Said } from './hearing.ts'

/** What a device reports by itself. */
export type SeriesKind = Exclude<FieldKind, 'event' | 'status'>

const ajv = new Ajv({ allowUnionTypes: true })
const checks = Object.fromEntries(
  (['der', 'panel', 'meter', 'switch', 'status'] as const).map((kind) => [
    kind,
    ajv.compile(fieldContract[kind].schema),
  ]),
)

/** A clock that is off by no more keeps the time, ms: what is on its way for a moment is not held against it. */
const clockToleranceMs = 5_000

/** Its presence: retained, online, in the form of the contract. */
export async function presence({ hearing, options }: Conversation): Promise<[Finding, DeviceStatus | undefined]> {
  const check = 'presence'
  const said = await hearing.first(0, (one) => (one.kind === 'status' ? one : undefined), options.withinMs)
  const topic = fieldContract.status.topic.replace('+', options.deviceId)
  if (!said) return [wrong(check, `nothing is retained on ${topic}`), undefined]
  const [body] = bodiesOf(said)
  const fault = faultOf('status', body, options.deviceId)
  if (fault) return [wrong(check, fault), undefined]
  const status = body as DeviceStatus
  if (!said.retained) return [wrong(check, `what is said on ${topic} is not retained`), status]
  if (status.status !== 'online') return [wrong(check, 'it is offline'), status]
  return [ok(check, `online${status.firmware === undefined ? '' : `, firmware ${status.firmware}`}`), status]
}

/** Its readings or states, and the clock that they are dated by. */
export async function telemetry({ hearing, options }: Conversation): Promise<[Finding, Finding]> {
  const { deviceId, reportWithinMs } = options
  const said = await hearing.first(0, (one) => (seriesOf(one) && !one.retained ? one : undefined), reportWithinMs)
  if (!said) {
    const nothing = `nothing comes within ${reportWithinMs / 1000} s`
    return [wrong('telemetry', nothing), untried('clock', nothing)]
  }
  const kind = seriesOf(said)!
  const bodies = bodiesOf(said)
  const fault = bodies.map((body) => faultOf(kind, body, deviceId)).find((one) => one !== undefined)
  const sound =
    said.qos === 0 ? wrong('telemetry', 'it is sent with QoS 0') : ok('telemetry', `${kind}, as the contract has it`)
  return [fault === undefined ? sound : wrong('telemetry', fault), clockOf(bodies.at(-1), said.at)]
}

/** How far the clock is off by which something is dated, as of when it came. */
function clockOf(body: unknown, at: number): Finding {
  const timestamp: unknown =
    typeof body === 'object' && body !== null && 'timestamp' in body ? body.timestamp : undefined
  if (timestamp === undefined) return wrong('clock', 'what it reports carries no timestamp')
  const instant = parseInstant(timestamp as string | number)
  if (instant === undefined)
    return wrong(
      'clock',
      `timestamp is ${JSON.stringify(timestamp)}: neither ISO 8601 with offset nor epoch milliseconds`,
    )
  const offMs = instant - at
  return Math.abs(offMs) <= clockToleranceMs ? ok('clock', describe(offMs)) : wrong('clock', describe(offMs))
}

const describe = (offMs: number): string =>
  `${Math.abs(offMs / 1000).toFixed(1)} s ${offMs > 0 ? 'ahead of' : 'behind'} this machine`

const seriesOf = ({ kind }: Said): SeriesKind | undefined =>
  kind === 'der' || kind === 'panel' || kind === 'meter' || kind === 'switch' ? kind : undefined

/** What a payload holds: one object, or several. */
export function bodiesOf({ payload }: Said): unknown[] {
  try {
    const body = JSON.parse(payload) as unknown
    return Array.isArray(body) ? body : [body]
  } catch {
    return [undefined]
  }
}

function faultOf(kind: FieldKind, body: unknown, deviceId: string): string | undefined {
  if (body === undefined) return `what it says as ${kind} is not JSON`
  const check = checks[kind]!
  if (!check(body)) {
    const error = check.errors?.[0]
    return `${kind}: ${error?.instancePath.slice(1) || 'it'} ${error?.message ?? 'is not valid'}`
  }
  const named: unknown = Reflect.get(body as object, fieldContract[kind].idField)
  return named === undefined || named === deviceId ? undefined : `${kind}: it calls itself ${JSON.stringify(named)}`
}
