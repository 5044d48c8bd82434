import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import { conditionKey, type Condition } from '../../../platform/wire/condition.ts'
import type { ConditionMessage } from '../../../platform/wire/condition-text.ts'
import { withoutConsumption } from '../../../platform/wire/unit-privacy.ts'

/** A device, and where it stands at the moment. */
export interface DevicePlace {
  readonly deviceId: string
  readonly feederId: string | null
  /** The unit that it measures. */
  readonly unitId: string | null
}

/** A device that used to report, and has not. Instants are UTC milliseconds. */
export interface SilentDevice extends DevicePlace {
  readonly receivedAt: number
  /** Longest that it usually is silent; null: too little is known of it. */
  readonly usualMs: number | null
  /** After how long it counts as silent. */
  readonly allowedMs: number
}

/** A device that said, or whose broker said, that it is offline. */
export interface OfflineDevice extends DevicePlace {
  readonly offlineAt: number
}

/** A device with measures that have been exactly the same. */
export interface StuckDevice extends DevicePlace {
  readonly sinceAt: number
  /** By name of the measure, in the unit that it ends with. */
  readonly measures: Readonly<Record<string, number>>
}

/** What of a device, or for a reason of unregistered ones, went into quarantine lately. */
export interface QuarantineFlood {
  /** Null: of devices that nobody registered. */
  readonly device: DevicePlace | null
  /** For which most of it went there. */
  readonly reason: string
  readonly count: number
  readonly limit: number
  readonly windowMs: number
  readonly sinceAt: number
}

/** A follower of a log that has not taken what was committed long ago. */
export interface LateConsumer {
  readonly name: string
  readonly behindMs: number
  readonly limitMs: number
  readonly batches: number
  readonly sinceAt: number
}

/** A feeder that carries more than it may. Positive is consumption. */
export interface OverloadedFeeder {
  readonly feederId: string
  readonly loadKw: number
  readonly limitKw: number
  readonly sinceAt: number
}

export const silent = (device: SilentDevice, now: number): Condition => ({
  ...of('device-silent', device.deviceId, device.receivedAt, 'medium'),
  ...placeOf(device),
  ...{ value: minutes(now - device.receivedAt), limit: minutes(device.allowedMs), unit: 'min' },
  text: text('telemetry.device-silent', {
    ...{ device: device.deviceId, lastAt: device.receivedAt },
    ...(device.usualMs !== null && { usualMinutes: minutes(device.usualMs) }),
  }),
})

export const offline = (device: OfflineDevice): Condition => ({
  ...of('device-offline', device.deviceId, device.offlineAt, 'medium'),
  ...placeOf(device),
  text: text('telemetry.device-offline', { device: device.deviceId, sinceAt: device.offlineAt }),
})

export function stuck(device: StuckDevice): Condition {
  // How much a unit uses is its own business; that its voltage stands still is not.
  const shown = withoutConsumption(device.measures)
  const measures = Object.keys(device.measures).join(', ')
  const values = Object.values(shown).join(', ')
  return {
    ...of('values-stuck', device.deviceId, device.sinceAt, 'low'),
    ...placeOf(device),
    text: text('telemetry.values-stuck', {
      ...{ device: device.deviceId, measures, sinceAt: device.sinceAt },
      ...(values !== '' && { values }),
    }),
    evidence: { measures: shown },
  }
}

export function flood({ device, reason, count, limit, windowMs, sinceAt }: QuarantineFlood): Condition {
  const found = { value: count, limit, unit: 'messages' }
  const parameters = { count, reason, minutes: minutes(windowMs) }
  if (device === null)
    return {
      // No registered device is called so: a colon parts it from their names in practice.
      ...of('quarantine-flood', `reason:${reason}`, sinceAt, 'medium'),
      ...found,
      text: text('telemetry.quarantine-flood-unregistered', parameters),
    }
  return {
    ...of('quarantine-flood', device.deviceId, sinceAt, 'medium'),
    ...placeOf(device),
    ...found,
    text: text('telemetry.quarantine-flood', { ...parameters, device: device.deviceId }),
  }
}

/** A device most of whose rejected readings carry an instant that cannot be. */
export const skewed = ({ device, reason, count, limit, windowMs, sinceAt }: QuarantineFlood): Condition => ({
  ...of('clock-skew', device?.deviceId ?? reason, sinceAt, 'medium'),
  ...(device && placeOf(device)),
  ...{ value: count, limit, unit: 'messages' },
  text: text('telemetry.clock-skew', { device: device?.deviceId ?? '', count, reason, minutes: minutes(windowMs) }),
})

/** A consumer's name, as subjects are written. */
export const consumerSubject = (name: string): string => name.replaceAll(/[^A-Za-z0-9_.:-]+/g, '-').slice(0, 64)

export const behind = ({ name, behindMs, limitMs, batches, sinceAt }: LateConsumer): Condition => ({
  ...of('consumer-behind', consumerSubject(name), sinceAt, 'medium'),
  ...{ value: minutes(behindMs), limit: minutes(limitMs), unit: 'min' },
  text: text('telemetry.consumer-behind', { consumer: name.slice(0, 200), minutes: minutes(behindMs), batches }),
})

export const overload = ({ feederId, loadKw, limitKw, sinceAt }: OverloadedFeeder): Condition => ({
  ...of('feeder-overload', feederId, sinceAt, 'high'),
  ...{ feederId, value: loadKw, limit: limitKw, unit: 'kW' },
  text: text('telemetry.feeder-overload', { feeder: feederId, loadKw, limitKw }),
})

const ends: Readonly<Record<KindOf<'telemetry'>, Message>> = {
  'device-silent': 'telemetry.device-heard',
  'device-offline': 'telemetry.device-online',
  'values-stuck': 'telemetry.values-vary',
  'quarantine-flood': 'telemetry.quarantine-usual',
  'clock-skew': 'telemetry.clock-right',
  'consumer-behind': 'telemetry.consumer-caught-up',
  'feeder-overload': 'telemetry.feeder-within-limit',
}

/** How a condition of telemetry is taken back. */
export function telemetryNormal(said: Condition, at: number): Condition {
  const { value: _value, evidence: _evidence, ...condition } = said
  const message = ends[said.kind as KindOf<'telemetry'>]
  return { ...condition, at, state: 'normal', priority: 'low', text: { ...said.text, message } }
}

type Message = Extract<ConditionMessage, `telemetry.${string}`>

const of = (kind: KindOf<'telemetry'>, subject: string, at: number, priority: Condition['priority']) => ({
  ...{ key: conditionKey('telemetry', kind, subject), area: 'telemetry', kind, subject },
  ...{ state: 'active' as const, at: Math.round(at), priority },
})

const placeOf = ({ deviceId, feederId, unitId }: DevicePlace) => ({
  deviceId,
  ...(feederId !== null && { feederId }),
  ...(unitId !== null && { unitId }),
})

const text = (message: Message, parameters: Condition['text']['parameters']): Condition['text'] => ({
  message,
  parameters,
})

/** To a tenth. */
const minutes = (ms: number): number => Math.round(ms / 6_000) / 10
