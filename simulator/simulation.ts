import type { GridEvent } from '../platform/wire/payloads.ts'
import { carArrivals, conditionsAt, endedBetween, type Conditions, type FieldDevice } from './conditions.ts'
import { validSetpointKw, type Setpoint } from './control.ts'
import { batteryPayload, firstBattery, stepBattery, type BatterySpec, type BatteryState } from './devices/battery.ts'
import { evPayload, firstEv, stepEv, type EvSpec, type EvState } from './devices/ev.ts'
import { firstMeter, meterPayload, stepMeter, type MeterSpec, type MeterState } from './devices/meter.ts'
import { firstPanel, panelPayload, stepPanel, type PanelSpec, type PanelState } from './devices/panel.ts'
import { pvPayload, stepPv, type PvSpec, type PvState } from './devices/pv.ts'
import { firstSwitch, stepSwitch, switchEvent, switchPayload, type SwitchSpec } from './devices/switch.ts'
import { clamp, drawOf, wander, type Draw } from './draw.ts'
import { feederIds, place, type Field } from './field.ts'
import { messageOf, type FieldMessage } from './field-message.ts'
import { Reach } from './reach.ts'
import type { EventOfKind, ScenarioEvent } from './scenario.ts'
import { firstWeather, localHour, stepSky, stepWeather, type Sky, type Weather } from './sky.ts'
import { noTransfer, positionsIn, stepTransfer } from './transfer.ts'
import { weatherUnder, type WeatherKind } from './weather.ts'

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
  readonly #weatherDraw: Draw
  readonly #frequencyDraw: Draw
  readonly #transferDraw: Draw
  readonly #skies = new Map<string, { draw: Draw; sky: Sky }>()
  readonly #setpoints = new Map<string, Setpoint>()
  readonly #pvs: Running<PvSpec, PvState | undefined>[]
  readonly #batteries: Running<BatterySpec, BatteryState>[]
  readonly #evs: Running<EvSpec, EvState>[]
  readonly #panels: Running<PanelSpec, PanelState | undefined>[]
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
  #weather: Weather
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
    this.#weatherDraw = drawOf(seed, 'weather')
    this.#frequencyDraw = drawOf(seed, 'frequency')
    this.#transferDraw = drawOf(seed, 'transfer')
    this.#weather = firstWeather(this.#weatherDraw)
    this.#at = start - intervalMs
    for (const { siteId } of [...field.pvs, ...field.panels]) {
      if (this.#skies.has(siteId)) continue
      const draw = drawOf(seed, `sky/${siteId}`)
      const inputs = { weather: this.#weatherHere(), at: this.#at, place, draw }
      this.#skies.set(siteId, { draw, sky: stepSky(draw.normal(), inputs, 0) })
    }
    this.#pvs = field.pvs.map((spec) => run(spec, () => undefined))
    this.#batteries = field.batteries.map((spec) => run(spec, firstBattery))
    this.#evs = field.evs.map((spec) => run(spec, firstEv))
    this.#panels = field.panels.map((spec) => run(spec, () => undefined))
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
    const messages = [...this.#messages(atOnce), ...this.#dipsSeen(ended)]
    return this.#reach.heard(messages, this.#conditions, at)
  }

  #move(at: number, dtS: number): void {
    const hour = localHour(at)
    const conditions = this.#conditions
    const setpointKw = (id: string) => validSetpointKw(this.#setpoints.get(id), at)
    const powered = ({ feederId }: { feederId: string }) => conditions.interruptionOf(feederId) === undefined
    const feedsIn = (spec: { feederId: string }) => powered(spec) && !conditions.pvTripped(spec.feederId)
    this.#weather = stepWeather(this.#weather, this.#weatherDraw, dtS)
    this.#frequency = wander(this.#frequency, this.#frequencyDraw, dtS, 60)
    this.#transfer = stepTransfer(this.#transfer, this.#transferDraw, dtS)
    const weather = this.#weatherHere()
    for (const over of this.#skies.values()) {
      over.sky = stepSky(over.sky.passing, { weather, at, place, draw: over.draw }, dtS)
    }

    // power of the resources at each site, kW, > 0 consumes; what no meter stands before counts on its feeder alone
    const siteKw = new Map<string, number>()
    const feederKw: Record<string, number> = {}
    const flows = ({ siteId, feederId }: { siteId: string; feederId: string }, kw: number) => {
      siteKw.set(siteId, (siteKw.get(siteId) ?? 0) + kw)
      feederKw[feederId] = (feederKw[feederId] ?? 0) + kw
    }

    for (const pv of this.#pvs) {
      const { id, siteId } = pv.spec
      const sky = this.#skyOver(siteId)
      pv.state = stepPv(pv.spec, { at, sky, setpointKw: setpointKw(id), feedsIn: feedsIn(pv.spec), draw: pv.draw })
      flows(pv.spec, -pv.state.powerKw)
    }
    for (const panel of this.#panels) {
      const inputs = { at, sky: this.#skyOver(panel.spec.siteId), feedsIn: feedsIn(panel.spec), draw: panel.draw }
      panel.state = stepPanel(panel.spec, panel.state ?? firstPanel(panel.spec, inputs), inputs, dtS)
      flows(panel.spec, -panel.state.watts / 1000)
    }
    for (const ev of this.#evs) {
      const { id } = ev.spec
      const carsArrived = this.#carArrivals.get(id)?.filter((minute) => minute <= this.#minuteOf(at)).length
      const inputs = { at, setpointKw: setpointKw(id), powered: powered(ev.spec), carsArrived, draw: ev.draw }
      ev.state = stepEv(ev.spec, ev.state, inputs, dtS)
      flows(ev.spec, ev.state.powerKw)
    }
    for (const battery of this.#batteries) {
      const { id, siteId } = battery.spec
      const surplusKw = -(siteKw.get(siteId) ?? 0) - (this.#meterOfSite.get(siteId)?.state.consumptionKw ?? 0)
      const inputs = { at, localHour: hour, surplusKw, setpointKw: setpointKw(id), draw: battery.draw }
      battery.state = stepBattery(battery.spec, battery.state, { ...inputs, powered: powered(battery.spec) }, dtS)
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
        voltageFactor: conditions.voltageFactor(feederId),
        powered: powered(meter.spec),
        frequencyHz: 60 + 0.02 * clamp(this.#frequency, -3, 3),
        draw: meter.draw,
      }
      meter.state = stepMeter(meter.spec, meter.state, inputs, dtS)
      feederKw[feederId] = (feederKw[feederId] ?? 0) + meter.state.consumptionKw
    }
    this.#feederKw = feederKw

    const usual = positionsIn(this.#transfer)
    const loadAmperes = ((feederKw[feederIds[0]] ?? 0) * TAIL_SHARE) / (Math.sqrt(3) * FEEDER_KV)
    for (const [one, position] of [
      [this.#section, usual.section],
      [this.#tie, usual.tie],
    ] as const) {
      const switching = conditions.switchingOf(one.spec.id)
      const cause = switching
        ? (switching.cause ?? 'operation')
        : this.#transfer.stage === 'normal'
          ? undefined
          : 'load transfer'
      const wanted = switching?.position ?? position
      one.state = stepSwitch(one.state, { at, wanted, cause, loadAmperes, draw: one.draw })
    }
  }

  #messages(atOnce: boolean): FieldMessage[] {
    const messages: FieldMessage[] = []
    const send = (...of: Parameters<typeof messageOf>) => messages.push(messageOf(...of))

    for (const { spec, state } of this.#pvs) if (state) send('der', spec.id, pvPayload(spec, state))
    for (const { spec, state } of this.#batteries) send('der', spec.id, batteryPayload(spec, state))
    for (const { spec, state } of this.#evs) send('der', spec.id, evPayload(spec, state))
    for (const { spec, state } of this.#panels) if (state) send('panel', spec.id, panelPayload(spec, state))
    for (const { spec, state } of this.#meters) {
      const payload = meterPayload(spec, state, atOnce)
      if (payload) send('meter', spec.id, payload)
    }
    for (const { spec, state } of [this.#section, this.#tie] satisfies Running<SwitchSpec, unknown>[]) {
      if (state.due || atOnce) send('switch', spec.id, switchPayload(spec, state), true)
      if (state.changed) send('event', spec.id, switchEvent(spec, state))
    }
    return messages
  }

  /** Meters tell of a short dip in voltage when it is over. */
  #dipsSeen(ended: readonly ScenarioEvent[]): FieldMessage[] {
    return ended
      .filter(isDip)
      .flatMap((sag) =>
        this.#meters
          .filter(({ spec }) => spec.feederId === sag.feeder)
          .map(({ spec }) => messageOf('event', spec.id, dipEvent(spec.id, sag, this.#at))),
      )
  }

  #minuteOf(at: number): number {
    return (at - this.#start) / 60_000
  }

  #weatherHere(): Weather {
    return weatherUnder(this.#weather, this.#script.weather, this.#conditions.storm)
  }

  #skyOver(siteId: string): Sky {
    const over = this.#skies.get(siteId)
    if (!over) throw new Error(`no sky over ${siteId}`)
    return over.sky
  }

  /** Load of a feeder at the step before, against the usual peak of its customers. */
  #loadingOf(feederId: string): number {
    const peakKw = this.#peakKw[feederId] ?? 0
    return peakKw === 0 ? 0 : clamp((this.#feederKw[feederId] ?? 0) / peakKw, -1, 1.5)
  }
}

/** Variação de tensão de curta duração: a tenth of the voltage or more, for less than 3 minutes (PRODIST Módulo 8). */
const isDip = (event: ScenarioEvent): event is EventOfKind<'voltage_sag'> =>
  event.kind === 'voltage_sag' && event.depth_percent >= 10 && event.for_minutes < 3

const dipEvent = (id: string, { depth_percent: depth, for_minutes: minutes }: EventOfKind<'voltage_sag'>, at: number) =>
  ({
    ...{ device_id: id, event_id: `${id}-vtcd-${at}`, timestamp: new Date(at).toISOString(), type: 'vtcd' },
    cause: `voltage down by ${depth} % for ${Math.round(minutes * 60)} s`,
  }) satisfies GridEvent

function devicesOf(field: Field): FieldDevice[] {
  const of = (kind: FieldDevice['kind'], specs: readonly { readonly id: string; readonly feederId: string }[]) =>
    specs.map(({ id, feederId }) => ({ id, kind, feederId }))
  return [
    ...of('der', [...field.pvs, ...field.batteries, ...field.evs]),
    ...of('panel', field.panels),
    ...of('meter', field.meters),
    ...of('switch', [field.section, field.tie]),
  ]
}
