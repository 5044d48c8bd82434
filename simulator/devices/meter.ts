import type { MeterReading } from '../../platform/wire/payloads.ts'
import { clamp, noiseFactor, round, wander, type Draw } from '../draw.ts'
import { instrumentValues } from './instrument.ts'

export interface MeterSpec {
  readonly id: string
  readonly siteId: string
  readonly feederId: string
  readonly phases: 1 | 2 | 3
  /** Nominal voltage between phase and neutral, V. */
  readonly nominalV: 127 | 220
  readonly customer: 'home' | 'business'
  /** Highest consumption of an ordinary day, kW. */
  readonly peakKw: number
  /** Electrical distance from the substation, 0 (at it) to about 1.5. */
  readonly distance: number
  readonly aggregation: 'instant' | 'rms'
  /** Time its values stand for, s. */
  readonly intervalS: number
  /** It measures unbalance, distortion and flicker, too: of three phases. */
  readonly instrument?: boolean
}

interface Phase {
  readonly volts: number
  readonly amperes: number
}

/** What has been gathered since the interval began: sums weighted by time, V² s, A² s, kW s, kvar s, Hz s. */
interface Gathered {
  /** It began when an interval of the clock began, not when the meter was switched on. */
  readonly whole: boolean
  readonly seconds: number
  readonly phases: readonly { readonly volts2: number; readonly amperes2: number }[]
  readonly kw: number
  readonly kvar: number
  readonly hertz: number
}

export interface MeterState {
  readonly at: number
  /** An interval of the clock ends at this step. */
  readonly due: boolean
  /** Wanders around zero with standard deviation one: what people switch on and off. */
  readonly habit: number
  /** Wanders around zero, one for each phase: what neighbours do to the voltage. */
  readonly ripple: readonly number[]
  /** Consumption of the customer alone, kW. */
  readonly consumptionKw: number
  /** Net power at the terminals, kW, > 0 imports. */
  readonly kw: number
  readonly kvar: number
  readonly hertz: number
  readonly phases: readonly Phase[]
  /** Its contact is closed. */
  readonly connected: boolean
  readonly gathered: Gathered
}

export interface MeterInputs {
  readonly at: number
  /** Hour of the civil day at the site. */
  readonly localHour: number
  /** Power of the resources behind this meter, kW, > 0 consumes. */
  readonly resourcesKw: number
  /** Load of its feeder against its usual peak; negative when it exports. */
  readonly feederLoading: number
  /** Consumption of its feeder's customers, and the voltage of its phases, 0 to 2 for A to C, against the usual. */
  readonly loadFactor: number
  readonly voltageFactor: (phase: number) => number
  /** Without grid it is dark: it measures nothing, and begins a new interval afterwards. */
  readonly powered: boolean
  /** Its contact is closed; otherwise nothing flows through it, and it measures the voltage before it. */
  readonly connected: boolean
  readonly frequencyHz: number
  readonly draw: Draw
}

/** Consumption against the peak of the day, for each hour. Shapes after the ANEEL tariff review's typical curves. */
const DAILY_CURVE = {
  home: [
    0.36, 0.32, 0.3, 0.29, 0.29, 0.32, 0.42, 0.48, 0.46, 0.45, 0.46, 0.5, 0.54, 0.52, 0.5, 0.5, 0.53, 0.62, 0.84, 1,
    0.97, 0.86, 0.67, 0.47,
  ],
  business: [
    0.22, 0.21, 0.2, 0.2, 0.2, 0.22, 0.3, 0.5, 0.78, 0.92, 0.97, 0.98, 0.9, 0.94, 1, 1, 0.96, 0.86, 0.62, 0.46, 0.38,
    0.32, 0.27, 0.24,
  ],
} as const

/** Reactive over active power of the consumption: a power factor of 0.95. */
const REACTIVE_SHARE = Math.tan(Math.acos(0.95))
const SHARES = { 1: [1], 2: [0.55, 0.45], 3: [0.38, 0.33, 0.29] } as const

/** Usual consumption at an hour against the peak of the day, 0 to 1. */
export function dailyCurve(customer: MeterSpec['customer'], hour: number): number {
  const curve = DAILY_CURVE[customer]
  const before = Math.floor(hour) % 24
  const part = hour - Math.floor(hour)
  return curve[before]! * (1 - part) + curve[(before + 1) % 24]! * part
}

/** The meter at an instant before its first step, UTC milliseconds. */
export const firstMeter = (spec: MeterSpec, at: number, draw: Draw): MeterState => ({
  at,
  due: false,
  habit: draw.normal(),
  ripple: SHARES[spec.phases].map(() => draw.normal()),
  consumptionKw: 0,
  kw: 0,
  kvar: 0,
  hertz: 60,
  phases: SHARES[spec.phases].map(() => ({ volts: spec.nominalV, amperes: 0 })),
  connected: true,
  gathered: nothing(spec, false),
})

/**
 * One step, `dtS` seconds long: consumption by the hour and by habit, voltage that sinks with the load of the feeder
 * and of the service, currents that carry exactly the power (V·A of all phases = √(P² + Q²)).
 */
export function stepMeter(spec: MeterSpec, state: MeterState, inputs: MeterInputs, dtS: number): MeterState {
  const { at, connected, draw } = inputs
  const habit = wander(state.habit, draw, dtS, 600)
  const usualKw =
    spec.peakKw * dailyCurve(spec.customer, inputs.localHour) * Math.exp(0.25 * clamp(habit, -3, 3) - 0.03)
  const consumptionKw = inputs.powered && connected ? usualKw * inputs.loadFactor : 0
  const kw = consumptionKw + inputs.resourcesKw
  const kvar = consumptionKw * REACTIVE_SHARE
  const ripple = state.ripple.map((value) => wander(value, draw, dtS, 20))
  const phases = SHARES[spec.phases].map((share, index): Phase => {
    const feederDrop = 0.07 * spec.distance * inputs.feederLoading
    const serviceDrop = (0.015 * kw * share * spec.phases) / spec.peakKw
    const perUnit = 1.03 - feederDrop - clamp(serviceDrop, -0.04, 0.04) + 0.002 * (ripple[index] ?? 0)
    const volts = spec.nominalV * clamp(perUnit, 0.7, 1.2) * inputs.voltageFactor(index) * noiseFactor(draw, 0.0003)
    return { volts, amperes: (1000 * Math.hypot(kw * share, kvar * share)) / volts }
  })
  const hertz = inputs.frequencyHz
  const intervalMs = spec.intervalS * 1000
  const due = Math.floor(at / intervalMs) > Math.floor(state.at / intervalMs)
  const gathered = inputs.powered
    ? gather(state.due ? nothing(spec, true) : state.gathered, dtS, { kw, kvar, hertz, phases })
    : nothing(spec, false)
  return { at, due, habit, ripple, consumptionKw, kw, kvar, hertz, phases, connected, gathered }
}

/**
 * What the meter sends at this step, if it sends anything: at every whole interval of the clock the values of that
 * instant, or the effective values over the whole interval that ends there.
 * @param atOnce  send an instantaneous value now, whatever the clock says
 */
export function meterPayload(spec: MeterSpec, state: MeterState, atOnce: boolean): MeterReading | undefined {
  if (spec.aggregation === 'instant') {
    return state.due || atOnce ? reading(spec, state.at, spec.intervalS, state) : undefined
  }
  return state.due && state.gathered.whole ? effectiveValues(spec, state) : undefined
}

/** The values of the instant, as it sends them when it is asked to, whatever it sends by itself. */
export const meterReadNow = (spec: MeterSpec, state: MeterState): MeterReading =>
  reading({ ...spec, aggregation: 'instant' }, state.at, spec.aggregation === 'rms' ? 1 : spec.intervalS, state)

function effectiveValues(spec: MeterSpec, { at, connected, gathered, ripple }: MeterState): MeterReading {
  const { seconds } = gathered
  const effective = (sum: number) => Math.sqrt(sum / seconds)
  const kw = gathered.kw / seconds
  const phases = gathered.phases.map((sums) => ({ volts: effective(sums.volts2), amperes: effective(sums.amperes2) }))
  const values = { kw, kvar: gathered.kvar / seconds, hertz: gathered.hertz / seconds, phases, connected }
  const measured = reading(spec, at, clamp(Math.round(seconds), 1, 600), values)
  const [a, b, c] = phases
  if (!spec.instrument || !a || !b || !c) return measured
  const endsTenMinutes = Math.floor(at / 600_000) > Math.floor((at - seconds * 1000) / 600_000)
  const supply = { volts: [a.volts, b.volts, c.volts] as const, loading: kw / spec.peakKw, ripple, endsTenMinutes }
  return { ...measured, ...instrumentValues(supply) }
}

function reading(
  spec: MeterSpec,
  at: number,
  intervalS: number,
  { kw, kvar, hertz, phases, connected }: Pick<MeterState, 'kw' | 'kvar' | 'hertz' | 'phases' | 'connected'>,
): MeterReading {
  const volts = (index: number) => (phases[index] ? round(phases[index].volts, 2) : null)
  const amperes = (index: number) => (phases[index] ? round(phases[index].amperes, 3) : null)
  return {
    meter_id: spec.id,
    timestamp: new Date(at).toISOString(),
    va_v: volts(0)!,
    vb_v: volts(1),
    vc_v: volts(2),
    ia_a: amperes(0),
    ib_a: amperes(1),
    ic_a: amperes(2),
    p_kw: round(kw, 3),
    q_kvar: round(kvar, 3),
    frequency_hz: round(hertz, 3),
    interval_s: intervalS,
    aggregation: spec.aggregation,
    contact: connected ? 'closed' : 'open',
  }
}

const nothing = (spec: MeterSpec, whole: boolean): Gathered => ({
  whole,
  seconds: 0,
  phases: SHARES[spec.phases].map(() => ({ volts2: 0, amperes2: 0 })),
  kw: 0,
  kvar: 0,
  hertz: 0,
})

function gather(sums: Gathered, dtS: number, now: Pick<MeterState, 'kw' | 'kvar' | 'hertz' | 'phases'>): Gathered {
  return {
    whole: sums.whole,
    seconds: sums.seconds + dtS,
    phases: sums.phases.map(({ volts2, amperes2 }, index) => {
      const { volts, amperes } = now.phases[index] ?? { volts: 0, amperes: 0 }
      return { volts2: volts2 + volts * volts * dtS, amperes2: amperes2 + amperes * amperes * dtS }
    }),
    kw: sums.kw + now.kw * dtS,
    kvar: sums.kvar + now.kvar * dtS,
    hertz: sums.hertz + now.hertz * dtS,
  }
}
