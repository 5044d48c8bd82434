import type { CommandMessage } from '../platform/wire/command.ts'
import type { Outcome } from '../platform/wire/command-device.ts'
import { Commanded, numberOf } from './commanded.ts'
import { carArrivals, conditionsAt, endedBetween, type Conditions, type FieldDevice } from './conditions.ts'
import { validSetpointKw, type Setpoint } from './control.ts'
import { batteryPayload, firstBattery, stepBattery, type BatterySpec, type BatteryState } from './devices/battery.ts'
import { evPayload, firstEv, stepEv, type EvSpec, type EvState } from './devices/ev.ts'
import { firstMeter, meterPayload, meterReadNow, stepMeter, type MeterSpec, type MeterState } from './devices/meter.ts'
import { firstPanel, panelPayload, stepPanel, type PanelSpec, type PanelState } from './devices/panel.ts'
import { pvPayload, stepPv, type PvSpec, type PvState } from './devices/pv.ts'
import {
  firstSwitch,
  stepSwitch,
  switchEvent,
  switchPayload,
  type Position,
  type SwitchSpec,
} from './devices/switch.ts'
import { dipsSeen } from './dips.ts'
import { clamp, drawOf, wander, type Draw } from './draw.ts'
import { feederIds, switchIds, type Field } from './field.ts'
import { messageOf, type FieldMessage } from './field-message.ts'
import { panelsOfPlant, Plants } from './plants.ts'
import { Reach } from './reach.ts'
import type { ScenarioEvent } from './scenario.ts'
import { Skies } from './skies.ts'
import { localHour } from './sky.ts'
import { suppliedSites } from './supply.ts'
import { noTransfer, positionsIn, stepTransfer } from './transfer.ts'
import type { WeatherKind } from './weather.ts'

/** What befalls the field: its weather, and the events of a scenario, in minutes after the start. */
export interface Script {
  readonly weather: WeatherKind
  readonly events: readonly ScenarioEvent[]
}

const nothingHappens: Script = { weather: 'changing', events: [] }

/** Medium voltage of the feeders, between phases, kV. */
const FEEDER_KV = 13.8
/** Part of feeder-01's load that lies behind its sectionalizing switch. */
const TAIL_SHARE = 0.4

/** Where a device stands; switches stand on the line. */
type FieldPlace = Pick<FieldDevice, 'feederId' | 'siteId'>

/** One device with its state and its own stream of draws. */
interface Running<Spec, State> {
  readonly spec: Spec
  readonly draw: Draw
  state: State
}

/**
 * A field in motion: every step moves all devices to one instant and gives what they send. The same field, seed,
 * script, instants and setpoints give the same messages, byte for byte.
 */
export class Simulation {
  readonly #frequencyDraw: Draw
  readonly #transferDraw: Draw
  readonly skies: Skies
  /** What commands have made of its devices. */
  readonly #commanded = new Commanded()
  readonly #setpoints = new Map<string, Setpoint>()
  readonly #pvs: Running<PvSpec, PvState | undefined>[]
  readonly #batteries: Running<BatterySpec, BatteryState>[]
  readonly #evs: Running<EvSpec, EvState>[]
  readonly #panels: Running<PanelSpec, PanelState | undefined>[]
  readonly #plants: Plants
  readonly #meters: Running<MeterSpec, MeterState>[]
  readonly #meterOfSite: ReadonlyMap<string, Running<MeterSpec, MeterState>>
  /** Sum of the customers' peaks on each feeder, kW. */
  readonly #peakKw: Record<string, number> = {}
  readonly #section
  readonly #tie
  readonly #script: Script
  readonly #start: number
  readonly #reach: Reach
  readonly #carArrivals: ReadonlyMap<string, readonly number[] | undefined>
  #conditions: Conditions
  /** Why a device is without supply; undefined: it has it. */
  #darknessOf: (place: FieldPlace) => { readonly cause?: string } | undefined = () => undefined
  #reporting = true
  #frequency = 0
  #transfer = noTransfer
  #feederKw: Record<string, number> = {}
  #at: number
  #seen = false

  /**
   * @param start       instant of the first step, UTC milliseconds
   * @param intervalMs  usual time between steps
   * @param script      what happens, from `start` on
   */
  constructor(field: Field, seed: number, start: number, intervalMs: number, script: Script = nothingHappens) {
    const run = <Spec extends { id: string }, State>(spec: Spec, first: (spec: Spec, draw: Draw) => State) => {
      const draw = drawOf(seed, spec.id)
      return { spec, draw, state: first(spec, draw) }
    }
    this.#script = script
    this.#start = start
    this.#reach = new Reach(devicesOf(field))
    this.#carArrivals = new Map(
      field.evs.map(({ id }) => [id, carArrivals(script.events, drawOf(seed, `arrivals/${id}`))]),
    )
    this.#conditions = conditionsAt(script.events, this.#minuteOf(start))
    this.#frequencyDraw = drawOf(seed, 'frequency')
    this.#transferDraw = drawOf(seed, 'transfer')
    this.#at = start - intervalMs
    const sites = [...field.pvs, ...field.panels].map(({ siteId }) => siteId)
    this.skies = new Skies(sites, seed, script.weather, this.#at, this.#conditions.storm)
    this.#pvs = field.pvs.map((spec) => run(spec, () => undefined))
    this.#batteries = field.batteries.map((spec) => run(spec, firstBattery))
    this.#evs = field.evs.map((spec) => run(spec, firstEv))
    this.#panels = field.panels.map((spec) => run(spec, () => undefined))
    this.#plants = new Plants(field.plants, seed, start, script)
    this.#meters = field.meters.map((spec) =>
      run(spec, (meter, draw) => firstMeter(meter, this.#at - intervalMs, draw)),
    )
    this.#meterOfSite = new Map(this.#meters.map((meter) => [meter.spec.siteId, meter]))
    for (const { feederId, peakKw } of field.meters) this.#peakKw[feederId] = (this.#peakKw[feederId] ?? 0) + peakKw
    this.#section = run(field.section, firstSwitch)
    this.#tie = run(field.tie, firstSwitch)
    // a first step that nobody sees, so that voltages start from a loaded feeder
    this.#move(this.#at, intervalMs / 1000)
  }

  /** A new setpoint of a device, or none any more. */
  control(deviceId: string, setpoint: Setpoint | undefined): void {
    if (setpoint) this.#setpoints.set(deviceId, setpoint)
    else this.#setpoints.delete(deviceId)
  }

  /**
   * Tells a device what to do; it shows from the next step on.
   * @returns why it will not; undefined: it is under way
   */
  command(deviceId: string, message: CommandMessage): Outcome | undefined {
    const position = [this.#section, this.#tie].find(({ spec }) => spec.id === deviceId)?.state.position
    const switching = this.#conditions.switchingOf(deviceId)
    const outcome = this.#commanded.begin(deviceId, message, this.#at, { position, switching })
    const kw = numberOf(message.args, 'p_setpoint_kw')
    if (!outcome && message.type === 'set_point' && kw !== undefined) this.control(deviceId, { kw })
    return outcome
  }

  /**
   * Charges or empties a battery at once.
   * @param soc  state of charge, 0 to 1; outside what the battery allows itself it only comes back
   */
  setSoc(deviceId: string, soc: number): void {
    const battery = this.#batteries.find(({ spec }) => spec.id === deviceId)
    if (!battery) throw new RangeError(`no battery ${deviceId}`)
    battery.state = { ...battery.state, soc }
  }

  /** Whether devices report. Those that do not live on, offline; what they measure meanwhile is lost. */
  set reporting(on: boolean) {
    // as after the start, nobody waits for its time to be heard of
    if (on && !this.#reporting) this.#seen = false
    this.#reporting = on
  }

  get reporting(): boolean {
    return this.#reporting
  }

  /** Whether a device has its supply and its communication, and is to report. */
  isHeard(deviceId: string): boolean {
    return this.#reach.isHeard(deviceId)
  }

  /** Instant of the last step, UTC milliseconds. */
  get at(): number {
    return this.#at
  }

  /** Devices whose setpoint has expired since it was last asked, each once. */
  expired(at: number): string[] {
    const ids = [...this.#setpoints]
      .filter(([, setpoint]) => validSetpointKw(setpoint, at) === undefined)
      .map(([id]) => id)
    for (const id of ids) this.#setpoints.delete(id)
    return ids
  }

  /**
   * Moves the field on to an instant.
   * @param at  UTC milliseconds, later than the step before
   */
  step(at: number): FieldMessage[] {
    if (at <= this.#at) throw new RangeError(`step to ${at}, which is not after ${this.#at}`)
    const ended = endedBetween(this.#script.events, this.#minuteOf(this.#at), this.#minuteOf(at))
    this.#conditions = conditionsAt(this.#script.events, this.#minuteOf(at))
    this.#move(at, (at - this.#at) / 1000)
    this.#at = at
    const atOnce = !this.#seen
    this.#seen = true
    const messages = [
      ...this.#messages(atOnce),
      ...dipsSeen(
        ended,
        this.#meters.map(({ spec }) => spec),
        at,
      ),
    ]
    const conditions = this.#conditions
    const communicationLossOf = (device: FieldDevice) =>
      this.#commanded.isAway(device.id, at) ? {} : conditions.communicationLossOf(device)
    const heardUnder = { communicationLossOf, interruptionOf: this.#darknessOf }
    return this.#reach.heard(messages, heardUnder, at, this.#reporting)
  }

  #move(at: number, dtS: number): void {
    const hour = localHour(at)
    const conditions = this.#conditions
    const setpointKw = (id: string) => validSetpointKw(this.#setpoints.get(id), at)
    const powered = (spec: FieldPlace) => this.#darknessOf(spec) === undefined
    const limits = (id: string) => this.#commanded.limitsOf(id, at)
    const connected = ({ siteId }: { siteId: string }) => {
      const meter = this.#meterOfSite.get(siteId)
      return meter === undefined || !this.#commanded.isDisconnected(meter.spec.id)
    }
    const fed = (spec: { siteId: string; feederId: string }) => powered(spec) && connected(spec)
    const feedsIn = (spec: { siteId: string; feederId: string }) => fed(spec) && !conditions.pvTripped(spec.feederId)
    this.#frequency = wander(this.#frequency, this.#frequencyDraw, dtS, 60)
    this.#transfer = stepTransfer(this.#transfer, this.#transferDraw, dtS)
    this.skies.move(at, dtS, conditions.storm)
    const switches = this.#wantedPositions()
    const positions = { [switchIds[0]]: switches.section.wanted, [switchIds[1]]: switches.tie.wanted }
    const supplied = suppliedSites(conditions.out, positions, this.#plants.sites)
    this.#darknessOf = (place) =>
      conditions.interruptionOf(place) ?? (place.siteId === undefined || supplied(place.siteId) ? undefined : {})

    // power of the resources at each site, kW, > 0 consumes; what no meter stands before counts on its feeder alone
    const siteKw = new Map<string, number>()
    const feederKw: Record<string, number> = {}
    const flows = ({ siteId, feederId }: { siteId: string; feederId: string }, kw: number) => {
      siteKw.set(siteId, (siteKw.get(siteId) ?? 0) + kw)
      feederKw[feederId] = (feederKw[feederId] ?? 0) + kw
    }

    for (const pv of this.#pvs) {
      const { id, siteId } = pv.spec
      const sky = this.skies.over(siteId)
      const cap = leastOf(setpointKw(id), limits(id).intoGridKw)
      pv.state = stepPv(pv.spec, { at, sky, setpointKw: cap, feedsIn: feedsIn(pv.spec), draw: pv.draw })
      flows(pv.spec, -pv.state.powerKw)
    }
    for (const panel of this.#panels) {
      const inputs = { at, sky: this.skies.over(panel.spec.siteId), feedsIn: feedsIn(panel.spec), draw: panel.draw }
      panel.state = stepPanel(panel.spec, panel.state ?? firstPanel(panel.spec, inputs), inputs, dtS)
      flows(panel.spec, -panel.state.watts / 1000)
    }
    for (const { spec, kw } of this.#plants.move(at, dtS, feedsIn)) flows(spec, kw)
    for (const ev of this.#evs) {
      const { id, pMaxKw } = ev.spec
      const spec = { ...ev.spec, pMaxKw: Math.min(pMaxKw, limits(id).intoDeviceKw) }
      const carsArrived = this.#carArrivals.get(id)?.filter((minute) => minute <= this.#minuteOf(at)).length
      const inputs = { at, setpointKw: setpointKw(id), powered: fed(ev.spec), carsArrived, draw: ev.draw }
      ev.state = stepEv(spec, ev.state, inputs, dtS)
      flows(ev.spec, ev.state.powerKw)
    }
    for (const battery of this.#batteries) {
      const { id, siteId } = battery.spec
      const surplusKw = -(siteKw.get(siteId) ?? 0) - (this.#meterOfSite.get(siteId)?.state.consumptionKw ?? 0)
      const inputs = { at, localHour: hour, surplusKw, setpointKw: setpointKw(id), draw: battery.draw }
      const within = { powered: fed(battery.spec), limits: limits(id) }
      battery.state = stepBattery(battery.spec, battery.state, { ...inputs, ...within }, dtS)
      flows(battery.spec, battery.state.powerKw)
    }
    for (const meter of this.#meters) {
      const { siteId, feederId } = meter.spec
      const inputs = {
        at,
        localHour: hour,
        resourcesKw: this.#meterOfSite.get(siteId) === meter ? (siteKw.get(siteId) ?? 0) : 0,
        feederLoading: this.#loadingOf(feederId),
        loadFactor: conditions.loadFactor(feederId),
        voltageFactor: (phase: number) => conditions.voltageFactor(meter.spec, phase),
        powered: powered(meter.spec),
        connected: !this.#commanded.isDisconnected(meter.spec.id),
        frequencyHz: 60 + 0.02 * clamp(this.#frequency, -3, 3),
        draw: meter.draw,
      }
      meter.state = stepMeter(meter.spec, meter.state, inputs, dtS)
      feederKw[feederId] = (feederKw[feederId] ?? 0) + meter.state.consumptionKw
    }
    this.#feederKw = feederKw

    const loadAmperes = ((feederKw[feederIds[0]] ?? 0) * TAIL_SHARE) / (Math.sqrt(3) * FEEDER_KV)
    for (const [one, wish] of [
      [this.#section, switches.section],
      [this.#tie, switches.tie],
    ] as const)
      one.state = stepSwitch(one.state, { at, ...wish, loadAmperes, draw: one.draw })
  }

  /** Where both switches are to stand now, and why. */
  #wantedPositions(): Record<'section' | 'tie', { wanted: Position; cause: string | undefined }> {
    const usual = positionsIn(this.#transfer)
    const wish = (id: string, position: Position) => {
      const switching = this.#conditions.switchingOf(id)
      const told = this.#commanded.positionOf(id, switching)
      if (told) return { wanted: told, cause: 'command' }
      if (switching) return { wanted: switching.position, cause: switching.cause ?? 'operation' }
      return { wanted: position, cause: this.#transfer.stage === 'normal' ? undefined : 'load transfer' }
    }
    return {
      section: wish(this.#section.spec.id, usual.section),
      tie: wish(this.#tie.spec.id, usual.tie),
    }
  }

  #messages(atOnce: boolean): FieldMessage[] {
    const messages: FieldMessage[] = []
    const send = (...of: Parameters<typeof messageOf>) => messages.push(messageOf(...of))

    for (const { spec, state } of this.#pvs) if (state) send('der', spec.id, pvPayload(spec, state))
    for (const { spec, state } of this.#batteries) send('der', spec.id, batteryPayload(spec, state))
    for (const { spec, state } of this.#evs) send('der', spec.id, evPayload(spec, state))
    for (const { spec, state } of this.#panels) if (state) send('panel', spec.id, panelPayload(spec, state))
    for (const { panelId, payload } of this.#plants.payloads()) send('panel', panelId, payload)
    for (const { spec, state } of this.#meters) {
      const asked = this.#commanded.takeReport(spec.id)
      const payload = meterPayload(spec, state, atOnce) ?? (asked ? meterReadNow(spec, state) : undefined)
      if (payload) send('meter', spec.id, payload)
    }
    for (const { spec, state } of [this.#section, this.#tie] satisfies Running<SwitchSpec, unknown>[]) {
      if (this.#commanded.takeReport(spec.id) || state.due || atOnce)
        send('switch', spec.id, switchPayload(spec, state, this.#commanded.isRecloseBlocked(spec.id)), true)
      if (state.changed) send('event', spec.id, switchEvent(spec, state))
    }
    return messages
  }

  #minuteOf(at: number): number {
    return (at - this.#start) / 60_000
  }

  /** Load of a feeder at the step before, against the usual peak of its customers. */
  #loadingOf(feederId: string): number {
    const peakKw = this.#peakKw[feederId] ?? 0
    return peakKw === 0 ? 0 : clamp((this.#feederKw[feederId] ?? 0) / peakKw, -1, 1.5)
  }
}

const leastOf = (setpointKw: number | undefined, limitKw: number): number | undefined =>
  setpointKw === undefined && limitKw === Infinity ? undefined : Math.min(setpointKw ?? Infinity, limitKw)

export function devicesOf(field: Field): FieldDevice[] {
  const of = (kind: FieldDevice['kind'], specs: readonly Omit<FieldDevice, 'kind'>[]) =>
    specs.map(({ id, feederId, siteId }) => ({ id, kind, feederId, ...(siteId !== undefined && { siteId }) }))
  return [
    ...of('der', [...field.pvs, ...field.batteries, ...field.evs]),
    ...of('panel', [...field.panels, ...field.plants.flatMap(panelsOfPlant)]),
    ...of('meter', field.meters),
    ...of('switch', [field.section, field.tie]),
  ]
}
