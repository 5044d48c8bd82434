import type { TObject } from '@sinclair/typebox'
import { CommandAck, CommandMessage } from './command.ts'
import { isIdentifier } from './fields.ts'
import {
  DerControl,
  DerTelemetry,
  DeviceStatus,
  FieldAlarm,
  GridEvent,
  MeterReading,
  PanelReading,
  SwitchState,
} from './payloads.ts'

/** Kinds of message the field sends: the four series, events, and presence. */
export type FieldKind = 'der' | 'panel' | 'meter' | 'switch' | 'event' | 'status'

/** Conditions that a message may raise; the areas that raise them come with them. */
export type ConditionName =
  | 'device_silent'
  | 'value_stale'
  | 'feeder_overload'
  | 'tracking_error'
  | 'solar_anomaly'
  | 'voltage_limit'
  | 'interruption'
  | 'switch_state'

export interface FieldMessageContract {
  /** Topic with `+` where the identifier of the device, or of the alarm, stands. */
  readonly topic: string
  readonly direction: 'in' | 'out'
  readonly retained: boolean
  readonly schema: TObject
  /** The field of the body that names what the topic names. */
  readonly idField: string
  /** `series`: values over time. `event`: something that happened. `both`: a series whose changes are events. */
  readonly nature: 'series' | 'event' | 'both'
  /** Window over which its values are aggregated, as an ISO 8601 duration; none for events. */
  readonly aggregationWindow?: string
  readonly mayRaise: readonly ConditionName[]
}

/** The field contract, version 1: every message between the field and Linha Viva. */
export const fieldContract = {
  der: {
    topic: 'der/telemetry/+',
    direction: 'in',
    retained: false,
    schema: DerTelemetry,
    idField: 'deviceId',
    nature: 'series',
    aggregationWindow: 'PT1M',
    mayRaise: ['device_silent', 'value_stale', 'feeder_overload', 'tracking_error'],
  },
  panel: {
    topic: 'sensors/+/readings',
    direction: 'in',
    retained: false,
    schema: PanelReading,
    idField: 'panel_id',
    nature: 'series',
    aggregationWindow: 'PT1M',
    mayRaise: ['device_silent', 'value_stale', 'solar_anomaly'],
  },
  meter: {
    topic: 'grid/meters/+/readings',
    direction: 'in',
    retained: false,
    schema: MeterReading,
    idField: 'meter_id',
    nature: 'series',
    aggregationWindow: 'PT10M',
    mayRaise: ['device_silent', 'value_stale', 'voltage_limit', 'feeder_overload'],
  },
  switch: {
    topic: 'grid/switches/+/state',
    direction: 'in',
    retained: true,
    schema: SwitchState,
    idField: 'switch_id',
    nature: 'both',
    aggregationWindow: 'PT1M',
    mayRaise: ['device_silent', 'switch_state'],
  },
  event: {
    topic: 'grid/events/+',
    direction: 'in',
    retained: false,
    schema: GridEvent,
    idField: 'device_id',
    nature: 'event',
    mayRaise: ['interruption', 'voltage_limit', 'switch_state'],
  },
  status: {
    topic: 'grid/status/+',
    direction: 'in',
    retained: true,
    schema: DeviceStatus,
    idField: 'device_id',
    nature: 'event',
    mayRaise: ['device_silent'],
  },
  control: {
    topic: 'der/control/+',
    direction: 'out',
    retained: true,
    schema: DerControl,
    idField: '',
    nature: 'event',
    mayRaise: [],
  },
  command: {
    topic: 'grid/commands/+',
    direction: 'out',
    retained: false,
    schema: CommandMessage,
    idField: '',
    nature: 'event',
    mayRaise: [],
  },
  ack: {
    topic: 'grid/acks/+',
    direction: 'in',
    retained: false,
    schema: CommandAck,
    idField: 'device_id',
    nature: 'event',
    mayRaise: [],
  },
  alarm: {
    topic: 'grid/alarms/+',
    direction: 'out',
    retained: true,
    schema: FieldAlarm,
    idField: 'alarm_id',
    nature: 'event',
    mayRaise: [],
  },
} as const satisfies Record<FieldKind | 'control' | 'command' | 'ack' | 'alarm', FieldMessageContract>

/** Kinds of message, those to the field among them. */
export type FieldMessageKind = keyof typeof fieldContract

export const fieldKinds = ['der', 'panel', 'meter', 'switch', 'event', 'status'] as const satisfies readonly FieldKind[]

/** The topic filters of what is reported; answers to commands are heard by who gives them. */
export const fieldTopicFilters: readonly string[] = fieldKinds.map((kind) => fieldContract[kind].topic)

/** The topic of one device's message: `topicOf('meter', 'm-1')` is `grid/meters/m-1/readings`. */
export function topicOf(kind: FieldMessageKind, deviceId: string): string {
  return fieldContract[kind].topic.replace('+', () => deviceId)
}

const topicShapes = fieldKinds.map((kind) => {
  const [before, after] = fieldContract[kind].topic.split('+') as [string, string]
  return { kind, before, after }
})

/** What a topic names, or undefined where it is none of the contract's, or names what no device may be called. */
export function readTopic(topic: string): { kind: FieldKind; deviceId: string } | undefined {
  for (const { kind, before, after } of topicShapes) {
    if (!topic.startsWith(before) || !topic.endsWith(after)) continue
    const deviceId = topic.slice(before.length, topic.length - after.length)
    if (isIdentifier(deviceId)) return { kind, deviceId }
  }
  return undefined
}
