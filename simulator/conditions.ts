import type { Position } from './devices/switch.ts'
import type { Draw } from './draw.ts'
import type { EventOfKind, ScenarioEvent } from './scenario.ts'

/** What the events of a scenario do to the field at one instant. */
export interface Conditions {
  /** Consumption of a feeder's customers, against the usual. */
  loadFactor(feederId: string): number
  /** Voltage of a feeder, against the usual. */
  voltageFactor(feederId: string): number
  /** The interruption that a feeder suffers. */
  interruptionOf(feederId: string): EventOfKind<'interruption'> | undefined
  /** PV on the feeder is off the grid. */
  pvTripped(feederId: string): boolean
  /** Where a switch is moved to, unless it stands where it usually does. */
  switchingOf(switchId: string): { readonly position: Position; readonly cause?: string } | undefined
  /** The loss of communication that a device suffers. */
  communicationLossOf(device: FieldDevice): EventOfKind<'communication_loss'> | undefined
  /** How much of a storm front is here, 0 to 1. */
  readonly storm: number
}

/** A device as events tell it from others. */
export interface FieldDevice {
  readonly id: string
  readonly kind: 'der' | 'panel' | 'meter' | 'switch'
  readonly feederId: string
}

/** A front needs this long to come, and as long to go, min. */
const FRONT_MINUTES = 10

/** @param minute  since the start */
export function conditionsAt(events: readonly ScenarioEvent[], minute: number): Conditions {
  const now = events.filter((event) => isOn(event, minute))
  const of = <Kind extends ScenarioEvent['kind']>(kind: Kind) =>
    now.filter((event): event is EventOfKind<Kind> => event.kind === kind)
  const [overloads, sags, interruptions] = [of('feeder_overload'), of('voltage_sag'), of('interruption')]
  const [switchings, trips, losses] = [of('switching'), of('pv_trip'), of('communication_loss')]
  const product = (factors: number[]) => factors.reduce((all, factor) => all * factor, 1)
  return {
    loadFactor: (id) => product(overloads.filter(({ feeder }) => feeder === id).map(({ factor }) => factor)),
    voltageFactor: (id) =>
      product(sags.filter(({ feeder }) => feeder === id).map((sag) => 1 - sag.depth_percent / 100)),
    interruptionOf: (id) => interruptions.find(({ feeder }) => feeder === id),
    pvTripped: (id) => trips.some(({ feeder }) => feeder === undefined || feeder === id),
    switchingOf: (id) => switchings.find((event) => event.switch === id),
    communicationLossOf: (device) => losses.find((loss) => concerns(loss, device)),
    storm: Math.max(0, ...of('storm_front').map((front) => strengthOf(front, minute))),
  }
}

/** The events that ended after `before`, up to and including `now`, minutes since the start. */
export const endedBetween = (events: readonly ScenarioEvent[], before: number, now: number): ScenarioEvent[] =>
  events.filter((event) => before < endOf(event) && endOf(event) <= now)

/**
 * When cars come to one charge point, minutes since the start; undefined where the scenario says nothing of cars.
 * @param draw  of this charge point
 */
export function carArrivals(events: readonly ScenarioEvent[], draw: Draw): number[] | undefined {
  const waves = events.filter((event) => event.kind === 'ev_arrivals')
  if (waves.length === 0) return undefined
  return waves.flatMap(({ at_minute, over_minutes, share_percent = 100 }) => {
    const [when, whether] = [draw.uniform(), draw.uniform()]
    return whether < share_percent / 100 ? [at_minute + when * over_minutes] : []
  })
}

export const endOf = (event: ScenarioEvent): number =>
  event.at_minute + ('for_minutes' in event ? event.for_minutes : event.over_minutes)

export const isOn = (event: ScenarioEvent, minute: number): boolean =>
  minute >= event.at_minute && minute < endOf(event)

function concerns({ feeder, kinds, devices }: EventOfKind<'communication_loss'>, device: FieldDevice): boolean {
  if (feeder !== undefined && feeder !== device.feederId) return false
  if (kinds !== undefined && !kinds.includes(device.kind)) return false
  return devices === undefined || devices.includes(device.id)
}

function strengthOf(front: EventOfKind<'storm_front'>, minute: number): number {
  const ramp = Math.min(FRONT_MINUTES, front.for_minutes / 2)
  return Math.min(1, (minute - front.at_minute) / ramp, (endOf(front) - minute) / ramp)
}
