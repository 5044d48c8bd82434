import type { Position } from './devices/switch.ts'
import type { Draw } from './draw.ts'
import { phaseNames, type EventOfKind, type ScenarioEvent } from './scenario.ts'
import type { ElementId } from './supply.ts'

/** What the events of a scenario do to the field at one instant. */
export interface Conditions {
  /** Consumption of a feeder's customers, against the usual. */
  loadFactor(feederId: string): number
  /** Voltage at a meter's phase, 0 to 2 for A to C, against the usual. */
  voltageFactor(meter: Pick<FieldDevice, 'id' | 'feederId'>, phase: number): number
  /** The interruption that a feeder suffers. */
  interruptionOf(device: Pick<FieldDevice, 'feederId'>): { readonly cause?: string } | undefined
  /** Elements of the network that are out. */
  readonly out: ReadonlySet<ElementId>
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
  /** Where it stands; switches stand on the line. */
  readonly siteId?: string
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
    voltageFactor: (meter, phase) =>
      product(sags.filter((sag) => sagConcerns(sag, meter, phase)).map((sag) => 1 - sag.depth_percent / 100)),
    interruptionOf: ({ feederId }) => interruptions.find(({ feeder }) => feeder === feederId),
    out: new Set(of('outage').map(({ element }) => element)),
    pvTripped: (id) => trips.some(({ feeder }) => feeder === undefined || feeder === id),
    switchingOf: (id) => switchings.find((event) => event.switch === id),
    communicationLossOf: (device) => losses.find((loss) => concerns(loss, device)),
    storm: Math.max(0, ...of('storm_front').map((front) => strengthOf(front, minute))),
  }
}

/** The events that ended after `before`, up to and including `now`, minutes since the start; one that comes again, each time. */
export const endedBetween = (events: readonly ScenarioEvent[], before: number, now: number): ScenarioEvent[] =>
  events.filter((event) => endsUntil(event, before) < endsUntil(event, now))

/** How many times an event has ended by then. */
function endsUntil(event: ScenarioEvent, minute: number): number {
  const passed = minute - endOf(event)
  if (passed < 0) return 0
  const every = periodOf(event)
  return every === undefined ? 1 : 1 + Math.floor(passed / every)
}

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

/** When an event ends, minutes since the start; one that comes again, the first time. */
export const endOf = (event: ScenarioEvent): number => event.at_minute + lengthOf(event)

export const isOn = (event: ScenarioEvent, minute: number): boolean => {
  const passed = passedOf(event, minute)
  return passed >= 0 && passed < lengthOf(event)
}

const lengthOf = (event: ScenarioEvent): number => ('for_minutes' in event ? event.for_minutes : event.over_minutes)

const periodOf = (event: ScenarioEvent): number | undefined =>
  'every_minutes' in event ? event.every_minutes : undefined

/** Minutes since an event last began; below 0 before it does for the first time. */
function passedOf(event: ScenarioEvent, minute: number): number {
  const passed = minute - event.at_minute
  const every = periodOf(event)
  return every === undefined || passed < 0 ? passed : passed % every
}

/** Whether missing voltage befalls a meter on a phase, 0 to 2 for A to C. */
export function sagConcerns(
  { feeder, meters, phases }: EventOfKind<'voltage_sag'>,
  meter: Pick<FieldDevice, 'id' | 'feederId'>,
  phase: number,
): boolean {
  if (feeder !== meter.feederId || meters?.includes(meter.id) === false) return false
  return phases === undefined || phases.includes(phaseNames[phase]!)
}

function concerns({ feeder, kinds, devices }: EventOfKind<'communication_loss'>, device: FieldDevice): boolean {
  if (feeder !== undefined && feeder !== device.feederId) return false
  if (kinds !== undefined && !kinds.includes(device.kind)) return false
  return devices === undefined || devices.includes(device.id)
}

function strengthOf(front: EventOfKind<'storm_front'>, minute: number): number {
  const ramp = Math.min(FRONT_MINUTES, front.for_minutes / 2)
  const passed = passedOf(front, minute)
  return Math.min(1, passed / ramp, (front.for_minutes - passed) / ramp)
}
