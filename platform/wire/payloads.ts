/**
 * What devices publish and receive, one schema a message (field contract, version 1).
 * Units stand in the names; ranges are those a sane device of a distribution network can report.
 * Fields that are not named here are ignored, never stored and never an error.
 */
import { Type, type Static } from '@sinclair/typebox'
import { Identifier, PhaseQuantity, Quantity, Text, Timestamp } from './fields.ts'

const DerType = Type.String({
  pattern: '^[a-z][a-z0-9_-]{0,31}$',
  description: 'kind of resource: pv, battery, ev, or another in lower case',
})

const DeviceQuality = Type.Union([Type.Literal('good'), Type.Literal('questionable'), Type.Literal('invalid')], {
  description: 'what the device itself thinks of its values',
})

/** State of a distributed energy resource. `p_actual_kw` follows the device's own sign convention (see signs.ts). */
export const DerTelemetry = Type.Object(
  {
    deviceId: Identifier('the device'),
    type: DerType,
    timestamp: Type.Optional(Timestamp),
    p_actual_kw: Quantity('kW', -100_000, 100_000, 'active power now'),
    p_setpoint_kw: Type.Optional(Quantity('kW', -100_000, 100_000, 'setpoint the device follows')),
    soc: Type.Optional(Quantity('0 to 1', 0, 1, 'state of charge')),
    site_id: Identifier('where it stands'),
    p_max_kw: Quantity('kW', 0, 100_000, 'rated power'),
    feeder_id: Identifier('feeder that supplies it'),
    parent_feeder_id: Type.Optional(Identifier('feeder upstream of feeder_id')),
    priority: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100, description: 'share under a limit: higher first' }),
    ),
    is_physical: Type.Optional(Type.Boolean({ description: 'false for a simulated device' })),
    cloud_cover_pct: Type.Optional(Quantity('%', 0, 100, 'cloud cover')),
    shortwave_radiation_wm2: Type.Optional(Quantity('W/m²', 0, 1_500, 'global irradiance')),
    estimated_power_w: Type.Optional(Quantity('W', 0, 100_000_000, 'power expected from the weather')),
    plugged_in: Type.Optional(
      Type.Boolean({ description: 'of a charge point: a car is connected, charging or not; absent: it cannot tell' }),
    ),
    energy_needed_kwh: Type.Optional(
      Quantity('kWh', 0, 10_000, 'of a charge point: energy that the connected car is still to get, at its terminals'),
    ),
    departs_at: Type.Optional(
      Type.Union(Timestamp.anyOf, {
        description:
          'of a charge point: when the connected car is to leave, as its driver said; ISO 8601 with offset, or epoch milliseconds',
      }),
    ),
    quality: Type.Optional(DeviceQuality),
  },
  { $id: 'der-telemetry', title: 'DER telemetry, der/telemetry/<deviceId>' },
)

/** Setpoint of a DER. Retained; the newest wins; a device may read only `p_setpoint_kw`. */
export const DerControl = Type.Object(
  {
    p_setpoint_kw: Quantity('kW', -100_000, 100_000, 'power to follow, in the sign of p_actual_kw'),
    expires_at: Type.Optional(Timestamp),
    fencing_token: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description:
          'grows each time another controller takes over: a device that keeps the highest it has seen refuses a lower one; absent: nobody holds a lease',
      }),
    ),
  },
  { $id: 'der-control', title: 'DER setpoint, der/control/<deviceId>' },
)

/** Readings of one solar panel. */
export const PanelReading = Type.Object(
  {
    panel_id: Identifier('the panel'),
    timestamp: Type.Optional(Timestamp),
    temperature_celsius: Quantity('°C', -20, 80, 'module temperature'),
    voltage_volts: Quantity('V', 0, 60, 'DC voltage'),
    current_amperes: Quantity('A', 0, 15, 'DC current'),
    power_output_watts: Quantity('W', 0, 1_000, 'power generated'),
    irradiance_wm2: Type.Optional(
      Quantity('W/m²', 0, 1_600, 'irradiance in the plane of the panel, where it is measured'),
    ),
    location: Type.Optional(Text(200, 'free text, kept at first contact')),
    quality: Type.Optional(DeviceQuality),
  },
  { $id: 'panel-reading', title: 'Solar panel reading, sensors/<panelId>/readings' },
)

const phaseVoltage = (phase: string) => PhaseQuantity('V', 0, 300_000, `RMS voltage of phase ${phase}`)
const phaseCurrent = (phase: string) => Type.Optional(PhaseQuantity('A', 0, 20_000, `RMS current of phase ${phase}`))

const phaseShare = (what: string) => Type.Optional(PhaseQuantity('%', 0, 100, what))
const phaseFlicker = (phase: string) =>
  Type.Optional(
    PhaseQuantity('pu', 0, 100, `flicker severity Pst of phase ${phase} in the ten minutes that end at timestamp`),
  )

/**
 * What an instrument of voltage quality has worked out by itself, from wave forms, over the `interval_s` of its reading; Pst over
 * ten minutes, whatever the interval: it is defined so.
 */
const instrumentValues = {
  unbalance_pct: Type.Optional(Quantity('%', 0, 100, 'voltage unbalance FD: negative over positive sequence')),
  dtt_a_pct: phaseShare('total harmonic distortion DTT of phase A'),
  dtt_b_pct: phaseShare('total harmonic distortion DTT of phase B'),
  dtt_c_pct: phaseShare('total harmonic distortion DTT of phase C'),
  dttp_a_pct: phaseShare('distortion by even harmonics, multiples of 3 left out, DTTp of phase A'),
  dttp_b_pct: phaseShare('distortion by even harmonics, multiples of 3 left out, DTTp of phase B'),
  dttp_c_pct: phaseShare('distortion by even harmonics, multiples of 3 left out, DTTp of phase C'),
  dtti_a_pct: phaseShare('distortion by odd harmonics, multiples of 3 left out, DTTi of phase A'),
  dtti_b_pct: phaseShare('distortion by odd harmonics, multiples of 3 left out, DTTi of phase B'),
  dtti_c_pct: phaseShare('distortion by odd harmonics, multiples of 3 left out, DTTi of phase C'),
  dtt3_a_pct: phaseShare('distortion by harmonics that are multiples of 3, DTT3 of phase A'),
  dtt3_b_pct: phaseShare('distortion by harmonics that are multiples of 3, DTT3 of phase B'),
  dtt3_c_pct: phaseShare('distortion by harmonics that are multiples of 3, DTT3 of phase C'),
  pst_a_pu: phaseFlicker('A'),
  pst_b_pu: phaseFlicker('B'),
  pst_c_pu: phaseFlicker('C'),
}

/** The names of these values, of any phase. */
export const instrumentMeasures = Object.keys(instrumentValues) as (keyof typeof instrumentValues)[]

/** Readings of a meter: instantaneous, or aggregated over the `interval_s` that ends at `timestamp`. */
export const MeterReading = Type.Object(
  {
    meter_id: Identifier('the meter'),
    timestamp: Timestamp,
    va_v: phaseVoltage('A'),
    vb_v: Type.Optional(phaseVoltage('B')),
    vc_v: Type.Optional(phaseVoltage('C')),
    ia_a: phaseCurrent('A'),
    ib_a: phaseCurrent('B'),
    ic_a: phaseCurrent('C'),
    p_kw: Type.Optional(Quantity('kW', -1_000_000, 1_000_000, 'active power, positive when imported')),
    q_kvar: Type.Optional(Quantity('kvar', -1_000_000, 1_000_000, 'reactive power, positive when inductive')),
    frequency_hz: Type.Optional(Quantity('Hz', 40, 80, 'frequency')),
    interval_s: Quantity('s', 1, 600, 'time the values stand for'),
    aggregation: Type.Union([Type.Literal('instant'), Type.Literal('mean'), Type.Literal('rms')], {
      description: 'how the values stand for the interval',
    }),
    contact: Type.Optional(
      Type.Union([Type.Literal('open'), Type.Literal('closed')], {
        description: 'where its contact stands at timestamp, not over the interval; absent: it cannot tell',
      }),
    ),
    ...instrumentValues,
    quality: Type.Optional(DeviceQuality),
  },
  { $id: 'meter-reading', title: 'Meter reading, grid/meters/<meterId>/readings' },
)

/** State of a switch. Retained. */
export const SwitchState = Type.Object(
  {
    switch_id: Identifier('the switch'),
    timestamp: Timestamp,
    position: Type.Union([Type.Literal('open'), Type.Literal('closed'), Type.Literal('intermediate')]),
    mode: Type.Union([Type.Literal('remote'), Type.Literal('local')]),
    quality: DeviceQuality,
    currents: Type.Optional(
      Type.Object(
        { ia_a: phaseCurrent('A'), ib_a: phaseCurrent('B'), ic_a: phaseCurrent('C') },
        { description: 'currents through the switch' },
      ),
    ),
    tripped: Type.Optional(
      Type.Boolean({ description: 'its protection has opened it, and nobody has reset that; absent: it cannot tell' }),
    ),
    reclose_blocked: Type.Optional(
      Type.Boolean({ description: 'it is kept from closing again by itself after a trip; absent: it never does' }),
    ),
  },
  { $id: 'switch-state', title: 'Switch state, grid/switches/<switchId>/state' },
)

/** Something that happened, once: an event, not a reading. */
export const GridEvent = Type.Object(
  {
    device_id: Identifier('the device that reports'),
    event_id: Identifier('unique on the device: the same id is the same event'),
    timestamp: Timestamp,
    type: Type.Union([
      Type.Literal('power_lost'),
      Type.Literal('power_restored'),
      Type.Literal('switch_opened'),
      Type.Literal('switch_closed'),
      Type.Literal('vtcd'),
    ]),
    phases: Type.Optional(
      Type.String({ pattern: '^(A?B?C?)$', minLength: 1, description: 'phases concerned, as ABC' }),
    ),
    cause: Type.Optional(Text(200, 'what the device knows of the cause')),
    magnitude_pu: Type.Optional(
      Quantity('pu of the reference voltage', 0, 3, 'of a vtcd: residual voltage of a sag, voltage of a swell'),
    ),
    duration_s: Type.Optional(Quantity('s', 0, 3_600, 'of a vtcd: how long it lasted, until timestamp')),
  },
  { $id: 'grid-event', title: 'Event, grid/events/<deviceId>' },
)

/** Presence of a device. Retained, and its Last Will. */
export const DeviceStatus = Type.Object(
  {
    status: Type.Union([Type.Literal('online'), Type.Literal('offline')]),
    device_id: Type.Optional(Identifier('the device; the topic names it when absent')),
    timestamp: Type.Optional(Timestamp),
    firmware: Type.Optional(Text(64, 'version of its firmware')),
    capabilities: Type.Optional(Type.Array(Text(64, 'one thing it can do'), { maxItems: 32 })),
  },
  { $id: 'device-status', title: 'Presence, grid/status/<deviceId>' },
)

const StateLetter = Type.Union(
  (['B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'] as const).map((letter) => Type.Literal(letter)),
  {
    description:
      'ISA-18.2: B unacknowledged, C acknowledged, D returned to normal and unacknowledged, E latched unacknowledged, F latched acknowledged, G shelved, H suppressed by design, I out of service; A, normal, is an empty message',
  },
)

/** State of an alarm that is not normal. Retained; the newest holds, which has the greatest `changed`; empty: the alarm is normal. */
export const FieldAlarm = Type.Object(
  {
    alarm_id: Type.Integer({ minimum: 1, description: 'the alarm, as the topic has it' }),
    key: Text(200, 'area/kind/subject: the same for good'),
    area: Identifier('who says it, such as voltage'),
    kind: Identifier('what it is about, such as drp-budget'),
    subject: Identifier('at what: a unit, a device, a feeder'),
    feeder_id: Type.Optional(Identifier('feeder that it is on')),
    device_id: Type.Optional(Identifier('device that it is of')),
    state: StateLetter,
    active: Type.Boolean({ description: 'the condition holds, behind whatever hides it' }),
    acknowledged: Type.Boolean({ description: 'somebody has seen this occurrence' }),
    shelved_until: Type.Optional(Text(30, 'it comes back then at the latest, UTC')),
    priority: Type.Union(
      (['low', 'medium', 'high', 'critical'] as const).map((priority) => Type.Literal(priority)),
      { description: 'how soon somebody has to act' },
    ),
    occurrence: Type.Integer({ minimum: 0, description: 'grows each time that attention is asked for' }),
    timestamp: Text(30, 'of its last change of state, UTC'),
    active_since: Type.Optional(Text(30, 'since when the condition holds, UTC')),
    escalated_to: Type.Optional(Text(20, 'role that answers for it too, since nobody has acknowledged in time')),
    value: Type.Optional(Type.Number({ description: 'what was found, in `unit`' })),
    limit: Type.Optional(Type.Number({ description: 'what it is held against, in `unit`' })),
    unit: Type.Optional(Text(20, 'of value and limit')),
    members: Type.Integer({ minimum: 0, description: 'other alarms that this one explains: they have no message' }),
    text: Type.Object({ en: Type.String(), pt: Type.String() }, { description: 'what it says, for people' }),
    changed: Type.Integer({ minimum: 1, description: 'place in the log of alarms' }),
  },
  { $id: 'alarm-state', title: 'State of an alarm, grid/alarms/<alarmId>' },
)

export type DerTelemetry = Static<typeof DerTelemetry>
export type DerControl = Static<typeof DerControl>
export type PanelReading = Static<typeof PanelReading>
export type MeterReading = Static<typeof MeterReading>
export type SwitchState = Static<typeof SwitchState>
export type GridEvent = Static<typeof GridEvent>
export type DeviceStatus = Static<typeof DeviceStatus>
export type FieldAlarm = Static<typeof FieldAlarm>
