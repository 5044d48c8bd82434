import type { GridEvent } from '../platform/wire/payloads.ts'
import { sagConcerns } from './conditions.ts'
import type { MeterSpec } from './devices/meter.ts'
import { round } from './draw.ts'
import { messageOf, type FieldMessage } from './field-message.ts'
import { phaseNames, type EventOfKind, type ScenarioEvent } from './scenario.ts'

/**
 * What meters tell of short dips in voltage when they are over.
 * @param ended  events that have just ended
 * @param at     UTC milliseconds
 */
export const dipsSeen = (ended: readonly ScenarioEvent[], meters: readonly MeterSpec[], at: number): FieldMessage[] =>
  ended.filter(isDip).flatMap((sag) =>
    meters.flatMap((meter) => {
      const phases = phaseNames.filter((_, phase) => phase < meter.phases && sagConcerns(sag, meter, phase)).join('')
      return phases === '' ? [] : [messageOf('event', meter.id, dipEvent(meter.id, sag, phases, at))]
    }),
  )

/** Variação de tensão de curta duração: a tenth of the voltage or more, for less than 3 minutes (PRODIST Módulo 8). */
const isDip = (event: ScenarioEvent): event is EventOfKind<'voltage_sag'> =>
  event.kind === 'voltage_sag' && event.depth_percent >= 10 && event.for_minutes < 3

const dipEvent = (id: string, sag: EventOfKind<'voltage_sag'>, phases: string, at: number) =>
  ({
    ...{ device_id: id, event_id: `${id}-vtcd-${at}`, timestamp: new Date(at).toISOString(), type: 'vtcd', phases },
    ...{ magnitude_pu: round(1 - sag.depth_percent / 100, 4), duration_s: round(sag.for_minutes * 60, 3) },
    cause: `voltage down by ${sag.depth_percent} % for ${Math.round(sag.for_minutes * 60)} s`,
  }) satisfies GridEvent
