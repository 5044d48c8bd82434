import { topicOf } from '../platform/wire/contract.ts'
import { validSetpointKw, type Setpoint } from './control.ts'
import { batteryPayload, firstBattery, stepBattery, type BatterySpec, type BatteryState } from './devices/battery.ts'
import { evPayload, firstEv, stepEv, type EvSpec, type EvState } from './devices/ev.ts'
import { firstMeter, meterPayload, stepMeter, type MeterSpec, type MeterState } from './devices/meter.ts'
import { firstPanel, panelPayload, stepPanel, type PanelSpec, type PanelState } from './devices/panel.ts'
import { pvPayload, stepPv, type PvSpec, type PvState } from './devices/pv.ts'
import { firstSwitch, stepSwitch, switchEvent, switchPayload, type SwitchSpec } from './devices/switch.ts'
import { clamp, drawOf, wander, type Draw } from './draw.ts'
import { feederIds, place, type Field } from './field.ts'
import { firstWeather, localHour, stepSky, stepWeather, type Sky } from './sky.ts'
import { noTransfer, positionsIn, stepTransfer } from './transfer.ts'

/** What a device has to say at one step. */
export interface FieldMessage {
  readonly deviceId: string
  readonly kind: 'der' | 'panel' | 'meter' | 'switch' | 'event'
  readonly topic: string
  readonly payload: object
  readonly retain: boolean
}

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
 * instants and setpoints give the same messages, byte for byte.
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
  #weather
  #frequency = 0
  #transfer = noTransfer
  #feederKw: Record<string, number> = {}
  #at: number
  #seen = false

  /**
   * @param start       instant of the first step, UTC milliseconds
   * @param intervalMs  usual time between steps
   */
  constructor(field: Field, seed: number, start: number, intervalMs: number) {
    const run = <Spec extends { id: string }, State>(spec: Spec, first: (spec: Spec, draw: Draw) => State) => {
      const draw = drawOf(seed, spec.id)
      return { spec, draw, state: first(spec, draw) }
    }
    this.#weatherDraw = drawOf(seed, 'weather')
    this.#frequencyDraw = drawOf(seed, 'frequency')
    this.#transferDraw = drawOf(seed, 'transfer')
    this.#weather = firstWeather(this.#weatherDraw)
    this.#at = start - intervalMs
    for (const { siteId } of [...field.pvs, ...field.panels]) {
      if (this.#skies.has(siteId)) continue
      const draw = drawOf(seed, `sky/${siteId}`)
      const inputs = { weather: this.#weather, at: this.#at, place, draw }
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
    this.#move(at, (at - this.#at) / 1000)
    this.#at = at
    const atOnce = !this.#seen
    this.#seen = true
    return this.#messages(atOnce)
  }

  #move(at: number, dtS: number): void {
    const hour = localHour(at)
    const setpointKw = (id: string) => validSetpointKw(this.#setpoints.get(id), at)
    this.#weather = stepWeather(this.#weather, this.#weatherDraw, dtS)
    this.#frequency = wander(this.#frequency, this.#frequencyDraw, dtS, 60)
    this.#transfer = stepTransfer(this.#transfer, this.#transferDraw, dtS)
    for (const over of this.#skies.values()) {
      over.sky = stepSky(over.sky.passing, { weather: this.#weather, at, place, draw: over.draw }, dtS)
    }

    // power of the resources at each site, kW, > 0 consumes; what no meter stands before counts on its feeder alone
    const siteKw = new Map<string, number>()
    const feederKw: Record<string, number> = {}
    const flows = ({ siteId, feederId }: { siteId: string; feederId: string }, kw: number) => {
      siteKw.set(siteId, (siteKw.get(siteId) ?? 0) + kw)
      feederKw[feederId] = (feederKw[feederId] ?? 0) + kw
    }

    for (const pv of this.#pvs) {
      const inputs = { at, sky: this.#skyOver(pv.spec.siteId), setpointKw: setpointKw(pv.spec.id), draw: pv.draw }
      pv.state = stepPv(pv.spec, inputs)
      flows(pv.spec, -pv.state.powerKw)
    }
    for (const panel of this.#panels) {
      const inputs = { at, sky: this.#skyOver(panel.spec.siteId), draw: panel.draw }
      panel.state = stepPanel(panel.spec, panel.state ?? firstPanel(panel.spec, inputs), inputs, dtS)
      flows(panel.spec, -panel.state.watts / 1000)
    }
    for (const ev of this.#evs) {
      ev.state = stepEv(ev.spec, ev.state, { at, setpointKw: setpointKw(ev.spec.id), draw: ev.draw }, dtS)
      flows(ev.spec, ev.state.powerKw)
    }
    for (const battery of this.#batteries) {
      const { id, siteId } = battery.spec
      const surplusKw = -(siteKw.get(siteId) ?? 0) - (this.#meterOfSite.get(siteId)?.state.consumptionKw ?? 0)
      const inputs = { at, localHour: hour, surplusKw, setpointKw: setpointKw(id), draw: battery.draw }
      battery.state = stepBattery(battery.spec, battery.state, inputs, dtS)
      flows(battery.spec, battery.state.powerKw)
    }
    for (const meter of this.#meters) {
      const { siteId, feederId } = meter.spec
      const inputs = {
        at,
        localHour: hour,
        resourcesKw: this.#meterOfSite.get(siteId) === meter ? (siteKw.get(siteId) ?? 0) : 0,
        feederLoading: this.#loadingOf(feederId),
        frequencyHz: 60 + 0.02 * clamp(this.#frequency, -3, 3),
        draw: meter.draw,
      }
      meter.state = stepMeter(meter.spec, meter.state, inputs, dtS)
      feederKw[feederId] = (feederKw[feederId] ?? 0) + meter.state.consumptionKw
    }
    this.#feederKw = feederKw

    const { section, tie } = positionsIn(this.#transfer)
    const loadAmperes = ((feederKw[feederIds[0]] ?? 0) * TAIL_SHARE) / (Math.sqrt(3) * FEEDER_KV)
    this.#section.state = stepSwitch(this.#section.state, {
      at,
      wanted: section,
      loadAmperes,
      draw: this.#section.draw,
    })
    this.#tie.state = stepSwitch(this.#tie.state, { at, wanted: tie, loadAmperes, draw: this.#tie.draw })
  }

  #messages(atOnce: boolean): FieldMessage[] {
    const messages: FieldMessage[] = []
    const send = (kind: FieldMessage['kind'], deviceId: string, payload: object, retain = false) =>
      messages.push({ deviceId, kind, topic: topicOf(kind, deviceId), payload, retain })

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
