import { bandLimitsOf, classify, type BandLimits } from '../domain/bands.ts'
import type { PerPhase } from '../domain/sample.ts'
import { windowMs, type VoltageWindow } from '../domain/windows.ts'
import { drawOf, wander, type Draw } from './draw.ts'

/** A Monday, 00:00 UTC. */
const someMonday = Date.UTC(2026, 0, 5)
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const perDay = dayMs / windowMs

/** Of all simulated units: UTC−3. */
export const simulatedOffsetMs = -3 * hourMs

const nominalV = 127

/** A unit as it stands in the network: volts are at the nominal voltage. */
interface Unit {
  readonly limits: BandLimits
  readonly phases: 1 | 2 | 3
  /** Voltage without load, V. */
  readonly sourceV: number
  /** Lost between source and unit at the feeder's full load, V. */
  readonly dropV: number
  /** Share of commerce in the feeder's load, the rest are homes. */
  readonly commerce: number
  /** How much of the load follows the weather. */
  readonly cooling: number
  /** Raised at noon of a clear day by its neighbours' panels, V. */
  readonly panelsV: number
  /** Dropped by its own shower, V; and how many a day. */
  readonly showerV: number
  readonly showers: number
  /** Drift in a week, V. */
  readonly driftV: number
  /** Each phase's load against their mean, and against the others as time goes by. */
  readonly phaseLoad: readonly number[]
  readonly restless: number
  /** Steps of the regulator, V; none where there is no regulator near. */
  readonly tapV: number
  readonly interruptionsPerDay: number
}

/**
 * The windows of a consumer unit that never was, as a meter would have delivered them: a feeder's load by hour and
 * weekday and weather, a regulator's steps, panels under clouds, the unit's own shower, drift, interruptions and gaps.
 * It shares nothing with the model of the forecast.
 * @param seed   each is another unit
 * @param days   how many, whole ones
 * @returns consecutive windows from a civil midnight on
 */
export function simulatedUnit(seed: number, days: number): VoltageWindow[] {
  const draw = drawOf(seed)
  const unit = someUnit(draw)
  const start = someMonday - simulatedOffsetMs + Math.floor(draw.uniform() * 7) * dayMs
  const weather = weatherOf(days + 1, draw)
  const voltage = voltageOf(unit, draw)
  const outages = outagesOf(unit, days * perDay, draw)
  return Array.from({ length: days * perDay }, (_, index) => {
    const at = start + index * windowMs
    const volts = voltage(at, index, weather)
    return windowOf(at, volts, outages.has(index), draw.uniform() < 0.002, unit.limits)
  })
}

function someUnit(draw: Draw): Unit {
  const phases = draw.uniform() < 0.4 ? 1 : draw.uniform() < 0.4 ? 2 : 3
  const remoteness = Math.exp(0.55 * draw.normal())
  return {
    limits: bandLimitsOf(nominalV, '2026-01-01'),
    phases,
    sourceV: 129.5 + 2.2 * draw.normal(),
    dropV: Math.min(22, 11 * remoteness),
    commerce: draw.uniform() ** 3,
    cooling: draw.between(0, 0.6),
    panelsV: draw.uniform() < 0.3 ? draw.between(1, 5) : 0,
    showerV: draw.uniform() < 0.5 ? draw.between(0.5, 4) * Math.sqrt(remoteness) : 0,
    showers: draw.between(1, 6),
    driftV: draw.normal() * 0.5,
    phaseLoad: Array.from({ length: phases }, () => Math.max(0.4, 1 + 0.15 * draw.normal())),
    restless: draw.between(0.05, 0.25),
    tapV: draw.uniform() < 0.4 ? 0.00625 * 2 * nominalV : 0,
    interruptionsPerDay: 0.08 * draw.wait(),
  }
}

/** Of each day: how hot it is (standard scores, lasting some days) and how clear (0 to 1). */
function weatherOf(days: number, draw: Draw): readonly { readonly heat: number; readonly clear: number }[] {
  let heat = draw.normal()
  return Array.from({ length: days }, () => {
    heat = wander(heat, draw, 3)
    const clear = draw.uniform() < 0.25 ? draw.between(0.1, 0.4) : draw.between(0.6, 1)
    return { heat: heat * 0.8 + (clear - 0.7), clear }
  })
}

/** Voltages of the unit's phases, window after window. */
function voltageOf(
  unit: Unit,
  draw: Draw,
): (at: number, index: number, weather: readonly { heat: number; clear: number }[]) => number[] {
  const apart = unit.phaseLoad.map(() => draw.normal())
  const showerPhase = Math.floor(draw.uniform() * unit.phases)
  let hours = draw.normal()
  let cloud = draw.normal()
  let tap = 0
  let showering = 0
  return (at, index, weather) => {
    const local = at + simulatedOffsetMs
    const hour = (local % dayMs) / hourMs
    const weekday = Math.floor((local - someMonday) / dayMs) % 7
    const { heat, clear } = weather[Math.floor(index / perDay)]!
    hours = wander(hours, draw, 12)
    cloud = wander(cloud, draw, 3)
    const load =
      loadAt(hour, weekday, unit.commerce) *
      Math.max(0.3, 1 + unit.cooling * 0.35 * heat * warmth(hour)) *
      Math.exp(0.07 * hours)
    const sun = Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI)) * (hour > 6 && hour < 18 ? 1 : 0)
    const raised = unit.panelsV * sun * Math.min(1, Math.max(0.1, clear + 0.25 * cloud * (1 - clear)))
    const common = unit.sourceV + unit.driftV * (index / (7 * perDay)) + raised - unit.dropV * load
    if (unit.tapV > 0) tap = tapAfter(tap, common - nominalV, unit.tapV)
    showering =
      showering > 0
        ? showering - 1
        : draw.uniform() < showerChance(hour, unit.showers)
          ? Math.floor(draw.between(1, 3))
          : 0
    return unit.phaseLoad.map((share, phase) => {
      apart[phase] = wander(apart[phase]!, draw, 9)
      const own = unit.dropV * load * (share - 1 + unit.restless * apart[phase]!)
      const shower = showering > 0 && phase === showerPhase ? unit.showerV * draw.between(0.4, 1) : 0
      return common + tap - own - shower + 0.15 * draw.normal()
    })
  }
}

/** Load of a feeder against its weekly peak. */
function loadAt(hour: number, weekday: number, commerce: number): number {
  const hill = (at: number, width: number): number => Math.exp(-0.5 * ((hour - at) / width) ** 2)
  const weekend = weekday >= 5
  const homes =
    0.32 + 0.18 * hill(7, 1.2) + (weekend ? 0.28 : 0.12) * hill(13, 2.5) + (weekend ? 0.5 : 0.6) * hill(20, 1.9)
  const open = weekday === 6 ? 0.15 : weekday === 5 ? 0.5 : 1
  const shops = 0.2 + 0.75 * open * Math.min(1, hill(11, 2) + hill(15.5, 2.2))
  return (1 - commerce) * homes + commerce * shops
}

/** How much of the weather's load runs at an hour: most in the afternoon and the evening. */
const warmth = (hour: number): number => 0.4 + 0.6 * Math.exp(-0.5 * ((hour - 17) / 4) ** 2)

/** Mornings and evenings. */
const showerChance = (hour: number, showers: number): number => {
  const often = hour >= 6 && hour < 8 ? 4 : hour >= 18 && hour < 22 ? 3 : 0.35
  return (showers * often) / (2 * 4 + 4 * 3 + 18 * 0.35) / 6
}

/** The regulator moves a step when the voltage leaves its dead band, and only two steps either way. */
const tapAfter = (tap: number, fromNominalV: number, stepV: number): number => {
  const off = fromNominalV + tap
  if (off < -5 && tap < 2 * stepV) return tap + stepV
  if (off > 6 && tap > -2 * stepV) return tap - stepV
  return tap
}

/** Windows that an interruption takes: most are short, some last hours. */
function outagesOf(unit: Unit, windows: number, draw: Draw): ReadonlySet<number> {
  const out = new Set<number>()
  if (unit.interruptionsPerDay === 0) return out
  for (
    let at = draw.wait() * (perDay / unit.interruptionsPerDay);
    at < windows;
    at += draw.wait() * (perDay / unit.interruptionsPerDay)
  )
    for (let index = Math.floor(at), last = at + 6 * draw.wait(); index <= last; index++) out.add(index)
  return out
}

function windowOf(at: number, volts: readonly number[], out: boolean, gap: boolean, limits: BandLimits): VoltageWindow {
  const perPhase = [0, 1, 2].map((phase) => volts[phase] ?? null)
  const [a, b, c] = perPhase as [number | null, number | null, number | null]
  const bands = perPhase.map((value) => (value === null ? null : classify(Math.max(0, value), limits)))
  const window = { start: at, volts: [a, b, c] as PerPhase<number>, bands: bands as unknown as VoltageWindow['bands'] }
  if (out) return { ...window, coverage: 1, invalid: { reason: 'interruption', evidence: {} } }
  if (gap) return { ...window, coverage: 0.4, invalid: { reason: 'coverage', evidence: { coverage: 0.4 } } }
  return { ...window, coverage: 1 }
}
