import { topicOf, type FieldMessageKind } from './contract.ts'
import type { CommandAck, CommandMessage } from './command.ts'
import type {
  DerControl,
  DerTelemetry,
  DeviceStatus,
  FieldAlarm,
  GridEvent,
  MeterReading,
  PanelReading,
  SwitchState,
} from './payloads.ts'

/** A message as a device sends it, or receives it. Published beside its schema. */
export interface ContractExample {
  readonly kind: FieldMessageKind
  /** What it shows; with the name of the schema, its file name. */
  readonly shows: string
  readonly topic: string
  readonly payload: object
}

/** São Paulo's noon of a spring day, as a device there writes it. */
const noon = '2026-11-21T12:00:00-03:00'
const noonMs = Date.parse(noon)

const pv: DerTelemetry = {
  deviceId: 'pv-001',
  type: 'pv',
  timestamp: noon,
  p_actual_kw: 3,
  p_setpoint_kw: 5,
  site_id: 'house-01',
  p_max_kw: 5,
  feeder_id: 'feeder-1',
  parent_feeder_id: 'substation-1',
  cloud_cover_pct: 25,
  shortwave_radiation_wm2: 640,
  estimated_power_w: 3_072,
}

const battery: DerTelemetry = {
  deviceId: 'bat-001',
  type: 'battery',
  timestamp: noonMs,
  p_actual_kw: 2,
  soc: 0.45,
  site_id: 'house-01',
  p_max_kw: 4,
  feeder_id: 'feeder-1',
  priority: 3,
}

const ev: DerTelemetry = {
  deviceId: 'ev-001',
  type: 'ev',
  timestamp: noon,
  p_actual_kw: 6.6,
  p_setpoint_kw: 7.4,
  soc: 0.8,
  site_id: 'garage-01',
  p_max_kw: 7.4,
  feeder_id: 'feeder-2',
  priority: 5,
  is_physical: false,
}

/** A charge point that knows what its driver has told: how much, and until when. */
const evWithCar: DerTelemetry = {
  ...ev,
  ...{ plugged_in: true, energy_needed_kwh: 18.4, departs_at: '2026-11-21T17:30:00-03:00' },
}

const panel: PanelReading = {
  panel_id: 'Panel-001',
  timestamp: noon,
  temperature_celsius: 25.3,
  voltage_volts: 48.2,
  current_amperes: 8.5,
  power_output_watts: 409.7,
  location: 'Telhado norte',
}

const threePhase: MeterReading = {
  meter_id: 'meter-003',
  timestamp: noon,
  va_v: 127.4,
  vb_v: 126.8,
  vc_v: 127.1,
  ia_a: 12.5,
  ib_a: 11.9,
  ic_a: 13.2,
  p_kw: 4.5,
  q_kvar: 0.8,
  frequency_hz: 60.01,
  interval_s: 60,
  aggregation: 'mean',
}

/** What an instrument of voltage quality sends every ten minutes. */
const instrument: MeterReading = {
  ...{ meter_id: 'meter-004', timestamp: noon, va_v: 126.9, vb_v: 125.8, vc_v: 127.6 },
  ...{ p_kw: 18.2, q_kvar: 6.1, frequency_hz: 59.99, interval_s: 600, aggregation: 'rms' },
  unbalance_pct: 0.82,
  ...{ dtt_a_pct: 3.1, dtt_b_pct: 2.9, dtt_c_pct: 3.4 },
  ...{ dttp_a_pct: 0.2, dttp_b_pct: 0.2, dttp_c_pct: 0.3 },
  ...{ dtti_a_pct: 2.7, dtti_b_pct: 2.5, dtti_c_pct: 2.9 },
  ...{ dtt3_a_pct: 1.5, dtt3_b_pct: 1.4, dtt3_c_pct: 1.7 },
  ...{ pst_a_pu: 0.42, pst_b_pu: 0.39, pst_c_pu: 0.47 },
}

const switchState: SwitchState = {
  switch_id: 'switch-001',
  timestamp: noon,
  position: 'closed',
  mode: 'remote',
  quality: 'good',
}

const event = (type: GridEvent['type'], more: Partial<GridEvent> = {}): GridEvent => ({
  device_id: 'meter-003',
  event_id: `${type}-000017`,
  timestamp: noon,
  type,
  ...more,
})

const online: DeviceStatus = {
  status: 'online',
  device_id: 'switch-001',
  timestamp: noon,
  firmware: '2.4.1',
  capabilities: ['ledger', 'expiry', 'select', 'clock'],
}

const offline: DeviceStatus = { status: 'offline' }
const setpoint: DerControl = { p_setpoint_kw: 3.5 }
const expiring: DerControl = { p_setpoint_kw: 3.5, expires_at: '2026-11-21T12:05:00-03:00' }
const fenced: DerControl = { ...expiring, fencing_token: 1_795_273_200_000 }

const close: CommandMessage = {
  ...{ command_id: '6f1c2a5e-9d3b-4c47-8a10-2b7e5f0d9c31', control_number: 1_000_000_042 },
  ...{ phase: 'operate', type: 'close', args: {}, expires_at: '2026-11-21T15:01:00.000Z' },
}
const limit: CommandMessage = {
  ...{ command_id: 'b0c9e1d2-5a44-4f0e-9b1d-7c3a8e6f2d05', control_number: 1_000_000_007 },
  ...{ phase: 'operate', type: 'set_limit', args: { p_limit_kw: 3.7 }, expires_at: '2026-11-21T15:05:00.000Z' },
  // Under the key 0011…eeff, twice, of docs/device-protocol.md.
  signature: 'YhfE-N0g4jK9O5euazipeRidUhOK_sly2XofSDRaEUE',
}

const answer = (status: CommandAck['status'], more: Partial<CommandAck> = {}): CommandAck => ({
  ...{ command_id: close.command_id, control_number: close.control_number, device_id: 'switch-001', status },
  at: noon,
  ...more,
})

const overload: FieldAlarm = {
  ...{ alarm_id: 4711, key: 'rules/feeder-load/feeder-1', area: 'rules', kind: 'feeder-load', subject: 'feeder-1' },
  ...{ feeder_id: 'feeder-1', device_id: 'meter-003', state: 'B', active: true, acknowledged: false },
  ...{ priority: 'high', occurrence: 3, timestamp: '2026-11-21T15:00:30.000Z' },
  ...{ active_since: '2026-11-21T15:00:00.000Z', escalated_to: 'engineer' },
  ...{ value: 412, limit: 400, unit: 'kW', members: 0 },
  text: { en: 'Load of 412 kW above 400 kW', pt: 'Carga de 412 kW acima de 400 kW' },
  changed: 90_210,
}

const without = <T extends object>(body: T, field: keyof T): object =>
  Object.fromEntries(Object.entries(body).filter(([name]) => name !== field))

function shown<T extends object>(kind: FieldMessageKind, deviceId: string, examples: Record<string, T>) {
  return Object.entries(examples).map(([shows, payload]): ContractExample => ({
    kind,
    shows,
    topic: topicOf(kind, deviceId),
    payload,
  }))
}

/** At least one of every message of the contract, with every form that a field can take. */
export const contractExamples: readonly ContractExample[] = [
  ...shown('der', 'pv-001', {
    'pv-generating': pv,
    'pv-without-timestamp': without(pv, 'timestamp'),
    'pv-array': [
      { ...pv, timestamp: '2026-11-21T11:58:00-03:00', p_actual_kw: 2.8 },
      { ...pv, timestamp: '2026-11-21T11:59:00-03:00', p_actual_kw: 2.9 },
    ],
  }),
  ...shown('der', 'bat-001', {
    'battery-charging': battery,
    'battery-discharging': { ...battery, p_actual_kw: -1.5 },
    'battery-questionable': { ...battery, quality: 'questionable' },
  }),
  ...shown('der', 'ev-001', {
    'ev-charging': ev,
    'ev-with-car': evWithCar,
    'ev-without-car': { ...without(ev, 'soc'), p_actual_kw: 0, plugged_in: false },
  }),
  ...shown('panel', 'Panel-001', {
    generating: panel,
    'without-timestamp': without(panel, 'timestamp'),
    'sensor-invalid': { ...panel, quality: 'invalid' },
    'with-irradiance': { ...panel, irradiance_wm2: 1_012.5 },
  }),
  ...shown('meter', 'meter-001', {
    'one-phase': {
      ...{ meter_id: 'meter-001', timestamp: noon, va_v: 127.2, vb_v: null, vc_v: null, ia_a: 7.1, p_kw: 0.88 },
      ...{ interval_s: 1, aggregation: 'instant' },
    },
    'contact-closed': {
      ...{ meter_id: 'meter-001', timestamp: noon, va_v: 127.2, vb_v: null, vc_v: null, ia_a: 0, p_kw: 0 },
      ...{ interval_s: 1, aggregation: 'instant', contact: 'closed' },
    },
    'contact-open': {
      ...{ meter_id: 'meter-001', timestamp: noon, va_v: 127.4, vb_v: null, vc_v: null, ia_a: 0, p_kw: 0 },
      ...{ interval_s: 60, aggregation: 'mean', contact: 'open' },
    },
  }),
  ...shown('meter', 'meter-002', {
    'two-phase': {
      ...{ meter_id: 'meter-002', timestamp: noon, va_v: 127.9, vb_v: 126.3, vc_v: null, ia_a: 9.4, ib_a: 8.8 },
      ...{ p_kw: 2.2, interval_s: 60, aggregation: 'mean' },
    },
  }),
  ...shown('meter', 'meter-003', {
    'three-phase-mean-importing': threePhase,
    'three-phase-exporting': { ...threePhase, p_kw: -3.2 },
    'three-phase-questionable': { ...threePhase, quality: 'questionable' },
    'ten-minute-rms': {
      ...{ meter_id: 'meter-003', timestamp: noon, va_v: 118.6, vb_v: 119.2, vc_v: 118.9 },
      ...{ interval_s: 600, aggregation: 'rms' },
    },
    array: [
      { ...threePhase, timestamp: '2026-11-21T11:58:00-03:00' },
      { ...threePhase, timestamp: '2026-11-21T11:59:00-03:00', p_kw: 4.7 },
    ],
  }),
  ...shown('meter', 'meter-004', {
    'power-quality': instrument,
    'power-quality-one-phase': {
      ...{ meter_id: 'meter-004', timestamp: noon, va_v: 126.9, vb_v: null, vc_v: null },
      ...{ interval_s: 600, aggregation: 'rms', dtt_a_pct: 3.1, dtt_b_pct: null, dtt_c_pct: null, pst_a_pu: 0.42 },
    },
  }),
  ...shown('switch', 'switch-001', {
    closed: { ...switchState, currents: { ia_a: 84.2, ib_a: 86.1, ic_a: 83.7 } },
    'open-tripped': { ...switchState, position: 'open', tripped: true, reclose_blocked: true },
    'open-local': { ...switchState, position: 'open', mode: 'local' },
    'intermediate-questionable': { ...switchState, position: 'intermediate', quality: 'questionable' },
  }),
  ...shown('event', 'meter-003', {
    'power-lost': event('power_lost', { phases: 'ABC' }),
    'power-restored': event('power_restored', { phases: 'ABC' }),
    vtcd: event('vtcd', { phases: 'A', cause: 'sag to 74 %, 180 ms' }),
    'vtcd-sag': event('vtcd', { phases: 'A', magnitude_pu: 0.74, duration_s: 0.18 }),
    'vtcd-swell': event('vtcd', { phases: 'ABC', magnitude_pu: 1.16, duration_s: 12.5 }),
  }),
  ...shown('event', 'switch-001', {
    'switch-opened': event('switch_opened', { device_id: 'switch-001', cause: 'overcurrent relay' }),
    'switch-closed': event('switch_closed', { device_id: 'switch-001' }),
  }),
  ...shown('status', 'switch-001', { online, 'offline-last-will': offline }),
  ...shown('control', 'ev-001', { setpoint, 'setpoint-that-expires': expiring, 'setpoint-under-a-lease': fenced }),
  ...shown('command', 'switch-001', {
    select: { ...close, phase: 'select' },
    operate: close,
    query: { ...close, phase: 'query' },
  }),
  ...shown('command', 'ev-001', { signed: limit }),
  ...shown('ack', 'switch-001', {
    selected: answer('selected'),
    accepted: answer('accepted'),
    executed: answer('executed'),
    failed: answer('failed', { reason: 'the drive did not reach its end position', add_cause: 13 }),
    rejected: answer('rejected', { reason: 'the switch is in local', add_cause: 2 }),
    expired: answer('expired', { reason: 'it came too late', add_cause: 16 }),
    'not-done': answer('not_done'),
  }),
  ...shown('alarm', String(overload.alarm_id), {
    unacknowledged: overload,
    shelved: {
      ...{ ...without(overload, 'escalated_to'), state: 'G', acknowledged: true },
      shelved_until: '2026-11-21T17:00:00.000Z',
    },
  }),
]
