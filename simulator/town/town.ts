import type { MeterReading } from '../../platform/wire/payloads.ts'
import { validSetpointKw, type Setpoint } from '../control.ts'
import { batteryPayload, firstBattery, stepBattery, type BatteryState } from '../devices/battery.ts'
import { pvPayload, stepPv, type PvState } from '../devices/pv.ts'
import { round, type Draw } from '../draw.ts'
import { messageOf, type FieldMessage } from '../field-message.ts'
import { localHour } from '../sky.ts'
import { Skies } from '../skies.ts'
import type { WeatherKind } from '../weather.ts'
import type { Arrivals } from './arrivals.ts'
import { baseLoadKw, firstBaseLoad, stepBaseLoad, type BaseLoad } from './base-load.ts'
import { chargePointPayload, firstChargePoint, stepChargePoint, type ChargePointState } from './charge-point.ts'
import {
  lines,
  nominalV,
  pathOf,
  townDraw,
  type ChargePoint,
  type TownBattery,
  type TownFeeder,
  type TownPlan,
  type TownPlant,
} from './town-plan.ts'

/** What really flows at the head of a feeder, kW, consumption positive: nobody's measurement, the field's own truth. */
export interface HeadTruth {
  readonly totalKw: number
  /** A, B and C. */
  readonly byLineKw: readonly [number, number, number]
}

/** What cars wanted and what they got. */
export interface Charged {
  /** Of the cars that have gone. */
  readonly sessions: number
  readonly requestedKwh: number
  readonly deliveredKwh: number
}

interface Running<Spec, State> {
  readonly spec: Spec
  readonly draw: Draw
  state: State
  /** Power that it told last, kW, and when, UTC ms. */
  toldKw: number
  toldAt: number
}

/** A DER tells of itself so often, and at once where its power has changed by so much of its most. */
const REPORT_EVERY_MS = 60_000
const WORTH_TELLING = 0.05
/** What ends so soon has ended: two clocks are never the same, ms. */
const ENDING_MS = 5_000
/** Reactive over active power of what nobody steers: a power factor of 0.95. */
const REACTIVE_SHARE = Math.tan(Math.acos(0.95))

/** A town in motion. The same plan, arrivals, seed, instants and setpoints give the same messages, byte for byte. */
export class Town {
  readonly #feeders: readonly {
    readonly spec: TownFeeder
    readonly path: readonly string[]
    readonly draw: Draw
    load: BaseLoad
  }[]
  readonly #points: readonly Running<ChargePoint, ChargePointState>[]
  readonly #batteries: readonly Running<TownBattery, BatteryState>[]
  readonly #plants: readonly Running<TownPlant, PvState | undefined>[]
  readonly #ders: ReadonlyMap<string, { readonly state: { readonly powerKw: number } | undefined }>
  readonly #arrivals: Arrivals
  readonly #setpoints = new Map<string, Setpoint>()
  readonly skies: Skies
  #heads: ReadonlyMap<string, HeadTruth> = new Map()
  #charged: Charged = { sessions: 0, requestedKwh: 0, deliveredKwh: 0 }
  #at: number

  /**
   * @param start       instant of the first step, UTC milliseconds
   * @param intervalMs  usual time between steps
   */
  constructor(
    { feeders, chargePoints, batteries, plants }: TownPlan,
    {
      arrivals,
      seed,
      start,
      intervalMs,
      weather = 'changing',
    }: {
      arrivals: Arrivals
      seed: number
      start: number
      intervalMs: number
      weather?: WeatherKind
    },
  ) {
    this.#arrivals = arrivals
    this.#at = start - intervalMs
    let count = 0
    const run = <Spec extends { id: string }, State>(
      spec: Spec,
      first: (draw: Draw) => State,
    ): Running<Spec, State> => {
      const draw = townDraw(seed, spec.id)
      // One after the other, not all in the same second.
      const toldAt = start - REPORT_EVERY_MS + ((count++ * intervalMs) % REPORT_EVERY_MS)
      return { spec, draw, state: first(draw), toldKw: 0, toldAt }
    }
    this.#points = chargePoints.map((spec) => run(spec, () => firstChargePoint))
    this.#batteries = batteries.map((spec) => run(spec, (draw) => firstBattery(spec, draw)))
    this.#plants = plants.map((spec) => run(spec, () => undefined))
    this.#ders = new Map([...this.#points, ...this.#batteries, ...this.#plants].map((one) => [one.spec.id, one]))
    this.#feeders = feeders.map((spec) => {
      const draw = townDraw(seed, spec.id)
      return { spec, draw, path: pathOf(feeders, spec.id), load: firstBaseLoad(draw) }
    })
    this.skies = new Skies(
      feeders.map(({ id }) => id),
      seed,
      weather,
      this.#at,
      0,
    )
  }

  /** Instant of the last step, UTC milliseconds. */
  get at(): number {
    return this.#at
  }

  /** What flows at the head of each feeder since the last step. */
  get heads(): ReadonlyMap<string, HeadTruth> {
    return this.#heads
  }

  get charged(): Charged {
    return this.#charged
  }

  /**
   * A new setpoint of a device, or none any more. What is taken back while it holds releases the device: it does what it does when
   * nobody steers it. What has run out already stays so: the platform empties the topic of that, too, and the device stands at its
   * fallback until it is told again.
   * @param now  UTC milliseconds
   */
  control(deviceId: string, setpoint: Setpoint | undefined, now: number): void {
    const before = this.#setpoints.get(deviceId)
    if (setpoint) this.#setpoints.set(deviceId, setpoint)
    else if (validSetpointKw(before, now + ENDING_MS) !== undefined) this.#setpoints.delete(deviceId)
  }

  /** The setpoint that a device follows, kW in its own sign; undefined: none, or it has expired. */
  setpointKw(deviceId: string): number | undefined {
    return validSetpointKw(this.#setpoints.get(deviceId), this.#at)
  }

  /** What flows at the terminals of a device, kW in its own sign. @throws RangeError where the town has no such device */
  powerKw(deviceId: string): number {
    const one = this.#ders.get(deviceId)
    if (!one) throw new RangeError(`no device ${deviceId}`)
    return one.state?.powerKw ?? 0
  }

  /** Devices that were steered and hear nothing any more: they stand at their fallback. */
  get atFallback(): string[] {
    return [...this.#setpoints].filter(([, one]) => validSetpointKw(one, this.#at) === undefined).map(([id]) => id)
  }

  /**
   * Moves the town on to an instant.
   * @param at  UTC milliseconds, later than the step before
   * @returns what its devices send
   */
  step(at: number): FieldMessage[] {
    if (at <= this.#at) throw new RangeError(`step to ${at}, which is not after ${this.#at}`)
    const dtS = (at - this.#at) / 1000
    this.#at = at
    this.skies.move(at, dtS, 0)
    const flows = new Map(this.#feeders.map(({ spec }) => [spec.id, [0, 0, 0] as [number, number, number]]))
    const pathOfFeeder = new Map(this.#feeders.map(({ spec, path }) => [spec.id, path]))
    const add = (feederId: string, byLine: readonly number[]) => {
      for (const id of pathOfFeeder.get(feederId)!) byLine.forEach((kw, line) => (flows.get(id)![line]! += kw))
    }
    const messages: FieldMessage[] = []

    for (const one of this.#plants) {
      const { id, feederId, phases } = one.spec
      // Whoever hears nothing any more runs free, as one that was never steered.
      const setpointKw = validSetpointKw(this.#setpoints.get(id), at)
      one.state = stepPv(one.spec, { at, sky: this.skies.over(feederId), setpointKw, feedsIn: true, draw: one.draw })
      add(feederId, onLines(phases, -one.state.powerKw))
      if (this.#isToTell(one, one.state.measuredKw, at))
        messages.push(messageOf('der', id, pvPayload(one.spec, one.state)))
    }
    for (const one of this.#points) {
      const { id, feederId, phases } = one.spec
      const session = this.#arrivals.at(one.spec, at)
      const before = one.state
      one.state = stepChargePoint(one.spec, before, { at, session, setpointKw: this.#steered(id, at) }, dtS)
      add(feederId, onLines(phases, one.state.powerKw))
      const isOther = before.session?.id !== session?.id
      if (isOther && before.session) this.#charge(before.session.energyKwh, before.deliveredKwh)
      if (this.#isToTell(one, one.state.measuredKw, at, isOther))
        messages.push(messageOf('der', id, chargePointPayload(one.spec, one.state)))
    }
    for (const one of this.#batteries) {
      const { id, feederId, phases } = one.spec
      // It stands still unless it is steered.
      const inputs = { at, localHour: localHour(at), surplusKw: 0, setpointKw: this.#steered(id, at) ?? 0 }
      one.state = stepBattery(one.spec, one.state, { ...inputs, powered: true, draw: one.draw }, dtS)
      add(feederId, onLines(phases, one.state.powerKw))
      if (this.#isToTell(one, one.state.measuredKw, at))
        messages.push(messageOf('der', id, batteryPayload(one.spec, one.state)))
    }
    for (const feeder of this.#feeders) {
      feeder.load = stepBaseLoad(feeder.load, feeder.draw, dtS)
      add(feeder.spec.id, baseLoadKw(feeder.spec, feeder.load, at))
    }
    this.#heads = new Map(
      [...flows].map(([id, byLineKw]) => [id, { totalKw: byLineKw[0] + byLineKw[1] + byLineKw[2], byLineKw }]),
    )
    for (const { spec } of this.#feeders)
      messages.push(messageOf('meter', spec.headMeterId, headReading(spec, this.#heads.get(spec.id)!, at, dtS)))
    return messages
  }

  /** The setpoint that a charge point or a battery follows, kW; 0, their fallback, where it has expired; none: nobody steers it. */
  #steered(deviceId: string, at: number): number | undefined {
    const setpoint = this.#setpoints.get(deviceId)
    return setpoint && (validSetpointKw(setpoint, at) ?? 0)
  }

  #isToTell(one: Running<{ readonly pMaxKw: number }, unknown>, kw: number, at: number, atOnce = false): boolean {
    const isDue = at - one.toldAt >= REPORT_EVERY_MS
    if (!isDue && !atOnce && Math.abs(kw - one.toldKw) < WORTH_TELLING * one.spec.pMaxKw) return false
    one.toldAt = at
    one.toldKw = kw
    return true
  }

  #charge(requestedKwh: number, deliveredKwh: number): void {
    const { sessions, requestedKwh: before, deliveredKwh: had } = this.#charged
    this.#charged = { sessions: sessions + 1, requestedKwh: before + requestedKwh, deliveredKwh: had + deliveredKwh }
  }
}

/** A power, in equal parts on the lines that a device is connected to. */
const onLines = (phases: string, kw: number): number[] =>
  lines.map((line) => (phases.includes(line) ? kw / phases.length : 0))

/** What the meter at the head of a feeder sends: the instant's values. */
function headReading(spec: TownFeeder, { totalKw, byLineKw }: HeadTruth, at: number, dtS: number): MeterReading {
  const loading = totalKw / spec.limitKw
  const volts = byLineKw.map((_, line) => nominalV * (1.02 - 0.015 * loading - 0.003 * line))
  const kvar = byLineKw.map((kw) => Math.abs(kw) * REACTIVE_SHARE)
  const amperes = byLineKw.map((kw, line) => round((1000 * Math.hypot(kw, kvar[line]!)) / volts[line]!, 3))
  const [va, vb, vc] = volts.map((value) => round(value, 2)) as [number, number, number]
  return {
    ...{ meter_id: spec.headMeterId, timestamp: new Date(at).toISOString() },
    ...{ va_v: va, vb_v: vb, vc_v: vc, ia_a: amperes[0]!, ib_a: amperes[1]!, ic_a: amperes[2]! },
    ...{
      p_kw: round(totalKw, 3),
      q_kvar: round(
        kvar.reduce((sum, one) => sum + one, 0),
        3,
      ),
      frequency_hz: 60,
    },
    ...{ interval_s: Math.min(600, Math.max(1, Math.round(dtS))), aggregation: 'instant' },
  }
}
