import {
  instrumentMeasures,
  type DerTelemetry,
  type DeviceStatus,
  type GridEvent,
  type MeterReading,
  type PanelReading,
  type SwitchState,
} from '../../../platform/wire/payloads.ts'
import type { FieldKind } from '../../../platform/wire/contract.ts'
import type { FieldEvent, Presence, Quality, Reading } from '../../../platform/wire/reading.ts'
import type { Claim } from '../../../platform/network/registration.ts'
import { formatInstant, parseInstant } from '../../../platform/wire/instant.ts'
import { departureContradiction, derContradiction, meterContradiction, panelContradiction } from './plausibility.ts'
import { derPower, panelPowerW } from '../../../platform/wire/signs.ts'

export type FieldBody = DerTelemetry | PanelReading | MeterReading | SwitchState | GridEvent | DeviceStatus

export interface Timing {
  at: number
  receivedAt: number
  quality: Quality
}

export type Translated =
  | { kind: 'reading'; value: Reading; claim: Claim }
  | { kind: 'event'; value: FieldEvent; claim: Claim }
  | { kind: 'status'; value: Presence; claim: Claim }
  | { contradiction: string }

/** Turns a body that passed its schema into what travels inside Linha Viva, in the house's signs and names. */
export function translate(kind: FieldKind, deviceId: string, body: FieldBody, timing: Timing): Translated {
  switch (kind) {
    case 'der':
      return translateDer(deviceId, body as DerTelemetry, timing)
    case 'panel':
      return translatePanel(deviceId, body as PanelReading, timing)
    case 'meter':
      return translateMeter(deviceId, body as MeterReading, timing)
    case 'switch':
      return translateSwitch(deviceId, body as SwitchState, timing)
    case 'event':
      return translateEvent(deviceId, body as GridEvent, timing)
    case 'status':
      return translateStatus(deviceId, body as DeviceStatus, timing)
  }
}

function translateDer(deviceId: string, der: DerTelemetry, timing: Timing): Translated {
  const departsAt = der.departs_at === undefined ? undefined : parseInstant(der.departs_at)
  const contradiction = derContradiction(der) ?? departureContradiction(der.departs_at, departsAt, timing.at)
  if (contradiction) return { contradiction }
  const values = present({
    p_actual_kw: derPower(der.type, der.p_actual_kw),
    p_setpoint_kw: der.p_setpoint_kw === undefined ? undefined : derPower(der.type, der.p_setpoint_kw),
    soc: der.soc,
    p_max_kw: der.p_max_kw,
    cloud_cover_pct: der.cloud_cover_pct,
    shortwave_radiation_wm2: der.shortwave_radiation_wm2,
    estimated_power_w: der.estimated_power_w === undefined ? undefined : derPower(der.type, der.estimated_power_w),
    energy_needed_kwh: der.energy_needed_kwh,
  })
  const labels = {
    type: der.type,
    ...(der.plugged_in !== undefined && { plugged_in: yesOrNo(der.plugged_in) }),
    ...(departsAt !== undefined && { departs_at: formatInstant(departsAt) }),
  }
  const claim: Claim = {
    deviceId,
    kind: 'der',
    derType: der.type,
    siteId: der.site_id,
    feederId: der.feeder_id,
    pMaxKw: der.p_max_kw,
    ...(der.parent_feeder_id !== undefined && { parentFeederId: der.parent_feeder_id }),
    ...(der.priority !== undefined && { priority: der.priority }),
    ...(der.is_physical !== undefined && { isPhysical: der.is_physical }),
  }
  return {
    kind: 'reading',
    value: {
      deviceId,
      kind: 'der',
      ...timing,
      values,
      labels,
      quality: judged(der.quality, timing),
    },
    claim,
  }
}

function translatePanel(deviceId: string, panel: PanelReading, timing: Timing): Translated {
  const contradiction = panelContradiction(panel)
  if (contradiction) return { contradiction }
  const values = present({
    temperature_celsius: panel.temperature_celsius,
    voltage_volts: panel.voltage_volts,
    current_amperes: panel.current_amperes,
    power_w: panelPowerW(panel.power_output_watts),
    irradiance_wm2: panel.irradiance_wm2,
  })
  const claim: Claim = { deviceId, kind: 'panel', ...(panel.location !== undefined && { location: panel.location }) }
  return {
    kind: 'reading',
    value: { deviceId, kind: 'panel', ...timing, values, quality: judged(panel.quality, timing) },
    claim,
  }
}

function translateMeter(deviceId: string, meter: MeterReading, timing: Timing): Translated {
  const contradiction = meterContradiction(meter)
  if (contradiction) return { contradiction }
  const values = meterValues(meter)
  const labels = { aggregation: meter.aggregation, ...(meter.contact !== undefined && { contact: meter.contact }) }
  return {
    kind: 'reading',
    value: { deviceId, kind: 'meter', ...timing, values, labels, quality: judged(meter.quality, timing) },
    claim: { deviceId, kind: 'meter' },
  }
}

const meterMeasures: ReadonlySet<string> = new Set<keyof MeterReading>([
  ...(['va_v', 'vb_v', 'vc_v', 'ia_a', 'ib_a', 'ic_a', 'p_kw', 'q_kvar', 'frequency_hz', 'interval_s'] as const),
  ...instrumentMeasures,
])

/** Few meters report most of the measures: going through what is there costs less than asking for each. */
function meterValues(meter: MeterReading): Record<string, number> {
  const measured: Record<string, number> = {}
  for (const name in meter) {
    if (!meterMeasures.has(name)) continue
    const value = meter[name as keyof MeterReading] as number | null | undefined
    if (value !== null && value !== undefined) measured[name] = value
  }
  return measured
}

function translateSwitch(deviceId: string, state: SwitchState, timing: Timing): Translated {
  const values = present({ ia_a: state.currents?.ia_a, ib_a: state.currents?.ib_a, ic_a: state.currents?.ic_a })
  const labels = {
    ...{ position: state.position, mode: state.mode },
    ...(state.tripped !== undefined && { tripped: yesOrNo(state.tripped) }),
    ...(state.reclose_blocked !== undefined && { reclose_blocked: yesOrNo(state.reclose_blocked) }),
  }
  const quality = judged(state.quality, timing)
  const value: Reading = { deviceId, kind: 'switch', ...timing, values, labels, quality }
  return { kind: 'reading', value, claim: { deviceId, kind: 'switch' } }
}

function translateEvent(deviceId: string, event: GridEvent, timing: Timing): Translated {
  const value: FieldEvent = {
    deviceId,
    eventId: event.event_id,
    type: event.type,
    ...timing,
    ...(event.phases !== undefined && { phases: event.phases }),
    ...(event.cause !== undefined && { cause: event.cause }),
    ...(event.type === 'vtcd' && event.magnitude_pu !== undefined && { magnitudePu: event.magnitude_pu }),
    ...(event.type === 'vtcd' && event.duration_s !== undefined && { durationS: event.duration_s }),
  }
  return { kind: 'event', value, claim: { deviceId } }
}

function translateStatus(deviceId: string, status: DeviceStatus, timing: Timing): Translated {
  const value: Presence = {
    deviceId,
    online: status.status === 'online',
    at: timing.at,
    receivedAt: timing.receivedAt,
    ...(status.firmware !== undefined && { firmware: status.firmware }),
    ...(status.capabilities !== undefined && { capabilities: status.capabilities }),
  }
  return { kind: 'status', value, claim: { deviceId } }
}

const yesOrNo = (is: boolean): string => (is ? 'yes' : 'no')

/** What a device doubts itself is doubtful, whenever it came. */
const judged = (quality: SwitchState['quality'] | undefined, timing: Timing): Quality =>
  quality === undefined || quality === 'good' ? timing.quality : quality

/** Keeps what was measured: an absent field and an absent phase (`null`) carry no value. */
function present(values: Record<string, number | null | undefined>): Record<string, number> {
  const measured: Record<string, number> = {}
  for (const name in values) {
    const value = values[name]
    if (value !== null && value !== undefined) measured[name] = value
  }
  return measured
}
