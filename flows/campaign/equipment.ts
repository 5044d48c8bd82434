import type { CommandMessage } from '../../platform/wire/command.ts'
import { fieldContract } from '../../platform/wire/contract.ts'
import type { DerTelemetry, MeterReading, SwitchState } from '../../platform/wire/payloads.ts'
import type { Traits } from './counting-device.ts'

/** What a device switches, measures or steers, and so what can be seen of a command. */
export interface Equipment {
  readonly closed: boolean
  readonly connected: boolean
  readonly recloseBlocked: boolean
  /** What it feeds into the grid. */
  readonly feedInKw: number
  /** It starts anew, once for each time that it was told to. */
  readonly restarts: number
  /** It is to say now what it measures, not when it would. */
  readonly readings: number
}

export const restingEquipment: Equipment = {
  ...{ closed: true, connected: true, recloseBlocked: false, feedInKw: 1, restarts: 0, readings: 0 },
}

/** What becomes of it when a command is carried out. */
export function afterCommand(before: Equipment, { type, args }: Pick<CommandMessage, 'type' | 'args'>): Equipment {
  switch (type) {
    case 'open':
    case 'trip':
      return { ...before, closed: false }
    case 'close':
      return { ...before, closed: true }
    case 'block_reclose':
    case 'unblock_reclose':
      return { ...before, recloseBlocked: type === 'block_reclose' }
    case 'connect':
    case 'disconnect':
      return { ...before, connected: type === 'connect' }
    case 'set_point':
      return { ...before, feedInKw: -Number(args['p_setpoint_kw']) }
    case 'set_limit':
    case 'curtail':
      return { ...before, feedInKw: Math.min(before.feedInKw, Number(args['p_limit_kw'])) }
    case 'reboot':
      return { ...before, restarts: before.restarts + 1 }
    case 'read_now':
      return { ...before, readings: before.readings + 1 }
  }
}

/** A message of the field contract. */
export interface Said {
  readonly topic: string
  readonly payload: string
  readonly retained: boolean
}

/**
 * What a device says of its equipment. A meter with a ledger says where its contact stands, and its unit draws nothing: nothing else
 * tells. Of one without, voltage and current do.
 * @param at  by the clock of the device, UTC milliseconds
 */
export function telemetryOf(
  { kind, deviceId, keepsLedger }: Pick<Traits, 'kind' | 'deviceId' | 'keepsLedger'>,
  now: Equipment,
  at: number,
): Said {
  const { topic, retained } = fieldContract[kind]
  const timestamp = new Date(at).toISOString()
  return {
    topic: topic.replace('+', deviceId),
    payload: JSON.stringify(payloads[kind](deviceId, now, timestamp, keepsLedger)),
    retained,
  }
}

const payloads = {
  switch: (switch_id: string, { closed, recloseBlocked }: Equipment, timestamp: string): SwitchState & object => ({
    ...{ switch_id, timestamp, mode: 'remote', quality: 'good', position: closed ? 'closed' : 'open' },
    ...{ reclose_blocked: recloseBlocked },
  }),
  meter: (meter_id: string, { connected }: Equipment, timestamp: string, saysContact: boolean): MeterReading => ({
    ...{ meter_id, timestamp, interval_s: 1, aggregation: 'instant' },
    // It measures the voltage before its contact.
    va_v: 220,
    ...(saysContact ? { ia_a: 0, contact: connected ? 'closed' : 'open' } : { ia_a: connected ? 4 : 0 }),
  }),
  der: (deviceId: string, { feedInKw }: Equipment, timestamp: string): DerTelemetry => ({
    // A battery that discharges.
    ...{ deviceId, type: 'battery', timestamp, p_actual_kw: -feedInKw, soc: 0.5 },
    ...{ site_id: 'campaign', p_max_kw: 10, feeder_id: 'campaign', is_physical: true },
  }),
}
