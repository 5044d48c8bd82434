import type { ExplainedMoney } from '../../../platform/regulation/money.ts'
import type { Regulated } from '../../../platform/regulation/regulated.ts'
import { expectedCompensation, type ForecastCharge } from './forecast-compensation.ts'
import { latentsOf, type PhaseLatents, type WeekBefore } from './forecast-latents.ts'
import { pathsOf, type PathEnd, type PhaseSoFar } from './forecast-paths.ts'
import type { ForecastPrior } from './forecast-prior.ts'
import { countBySlot, slotOfDay, slotsAhead, slotsPerDay, type OffsetAt, type SlotCounts } from './forecast-slots.ts'
import type { RunWindow } from './runs.ts'
import { budgetOf, type TransgressionRule } from './transgression.ts'
import { phases, type Phase } from './sample.ts'
import { windowMs } from './windows.ts'

/** A measurement that is under way. */
export interface RunningMeasurement extends ForecastCharge {
  /** Its windows so far, oldest first, one of each instant. */
  readonly windows: readonly RunWindow[]
  /** Beginning of the first window that is still to come, UTC milliseconds. */
  readonly nextAt: number
  /** Phases of the unit; those that were measured unless given. */
  readonly phases?: readonly Phase[]
  /** The unit's clocks. */
  readonly offsetAt: OffsetAt
  /** What the unit's phases did in the week before it began; left out if not known. */
  readonly before?: readonly (WeekBefore | undefined)[]
}

/** How a measurement will probably come out for one limit. */
export interface LimitForecast {
  /** Windows used, of the phase that has most; and those that may be used. */
  readonly used: number
  readonly budget: number
  readonly usedByPhase: readonly number[]
  /** Share of the valid windows so far that used budget, by slot of the day (two hours each, from civil midnight), worst phase; null where nothing was measured. */
  readonly burnByTimeOfDay: readonly (number | null)[]
  /** That the limit is broken by the end, 0 to 1. */
  readonly probability: number
  /** Beginning of the window that broke it, UTC milliseconds; null while it holds. */
  readonly brokenAt: number | null
  /** When it breaks, if it does: median, and from when to when in four cases of five; null where it cannot or has. */
  readonly breaks: { readonly medianAt: number; readonly fromAt: number; readonly untilAt: number } | null
  /** Expected windows used at the end. */
  readonly expectedUsed: number
}

export interface Forecast {
  /** Valid windows so far, and how many are still missing. */
  readonly valid: number
  readonly remaining: number
  /** When the measurement will probably be complete, UTC milliseconds. */
  readonly completeAt: number
  readonly drp: LimitForecast
  readonly drc: LimitForecast
  /** Expected compensation of the month; null where the EUSD is not known. */
  readonly compensation: ExplainedMoney | null
}

/** Ways to go on that are tried: more change no probability by much. */
const defaultPaths = 300
/** More valid windows are looked at than are missing: on some ways more become invalid than usual. */
const spareWindows = 6

/**
 * Forecasts a measurement from its bands so far.
 * @param rule   limits and coefficients in force
 * @param prior  what other units teach
 * @param seed   whole number; the same measurement and seed give the same forecast
 * @returns what holds at `nextAt`; costs some milliseconds
 */
export function forecastOf(
  measurement: RunningMeasurement,
  rule: Regulated<TransgressionRule>,
  prior: ForecastPrior,
  seed: number,
  paths = defaultPaths,
): Forecast {
  const { windows, nextAt, offsetAt, before } = measurement
  const { windows: whole } = rule.value
  const { counted, valid, remaining, validShare, completeAt } = headwayOf(windows, nextAt, whole)
  const budgets = budgetOf(rule.value)
  const there = phases.flatMap((phase, index) =>
    (measurement.phases?.includes(phase) ?? counted.some(({ bands }) => bands[index] != null)) ? [index] : [],
  )
  const measured = there.map((phase) => phaseSoFar(counted, phase, offsetAt, before?.[phase]))
  // In an order of their own: what the phases are called decides nothing.
  const ordered = measured.toSorted((one, other) => (one.key < other.key ? -1 : 1))
  const ahead = slotsAhead(nextAt, remaining === 0 ? 0 : Math.ceil((remaining + spareWindows) / validShare), offsetAt)
  const slots = ahead.map(({ slot }) => slot)
  const ends =
    remaining === 0
      ? []
      : pathsOf(withLatents(ordered, slots, prior), { slots: ahead, remaining, validShare }, budgets, prior, {
          paths,
          seed,
        })
  const limit = (kind: BandKind): LimitForecast =>
    limitForecast(
      ends.map((path) => path[kind]),
      { usedByPhase: measured.map((phase) => phase[kind]), budget: budgets[kind], remaining },
      brokenAt(counted, there, kind, budgets[kind]),
      burnOf(ordered.toSorted((one, other) => other[kind] - one[kind])[0]?.counts ?? [], kind),
    )
  const [drp, drc] = [limit('precarious'), limit('critical')]
  return {
    ...{ valid, remaining, completeAt, drp, drc },
    compensation: expectedCompensation(measurement, rule, ends, { precarious: drp.used, critical: drc.used }),
  }
}

/**
 * How far a measurement has come, and when it will probably be complete.
 * @param nextAt  beginning of the first window that is still to come, UTC milliseconds
 * @param whole   valid windows that make it complete
 */
export function headwayOf(windows: readonly RunWindow[], nextAt: number, whole: number) {
  const counted = firstValid(windows, whole)
  const valid = counted.filter(({ invalid }) => invalid === undefined).length
  const remaining = whole - valid
  // As many will be valid as were, and at first nearly all.
  const validShare = (valid + 50) / (counted.length + 50)
  return { counted, valid, remaining, validShare, completeAt: nextAt + Math.ceil(remaining / validShare) * windowMs }
}

type BandKind = 'precarious' | 'critical'

/** What a phase has used so far. */
interface MeasuredPhase {
  readonly counts: readonly SlotCounts[]
  readonly before: WeekBefore | undefined
  readonly precarious: number
  readonly critical: number
  /** The same for phases of which the same is known. */
  readonly key: string
}

function phaseSoFar(
  windows: readonly RunWindow[],
  phase: number,
  offsetAt: OffsetAt,
  before: WeekBefore | undefined,
): MeasuredPhase {
  const counts = countBySlot(windows, phase, offsetAt)
  const total = (kind: BandKind): number => counts.reduce((sum, slot) => sum + countOf[kind](slot), 0)
  return {
    ...{ counts, before, precarious: total('precarious'), critical: total('critical') },
    key: JSON.stringify([counts, before]),
  }
}

/** Phases of which the same is known, quiet ones above all, are learnt from once. */
function withLatents(measured: readonly MeasuredPhase[], ahead: readonly number[], prior: ForecastPrior): PhaseSoFar[] {
  const learnt = new Map<string, PhaseLatents>()
  return measured.map((phase) => {
    const { key, counts, before } = phase
    const latents = learnt.get(key) ?? latentsOf(counts, before, ahead, prior)
    learnt.set(key, latents)
    return { ...phase, latents }
  })
}

const countOf = {
  precarious: ({ outside, critical }: SlotCounts): number => outside - critical,
  critical: ({ critical }: SlotCounts): number => critical,
}

/** Up to the window that makes the measurement complete. */
function firstValid(windows: readonly RunWindow[], most: number): readonly RunWindow[] {
  let valid = 0
  const end = windows.findIndex(({ invalid }) => invalid === undefined && ++valid === most)
  return end < 0 ? windows : windows.slice(0, end + 1)
}

/** Beginning of the window that took a phase past the budget; null if none did. */
function brokenAt(
  windows: readonly RunWindow[],
  there: readonly number[],
  kind: 'precarious' | 'critical',
  budget: number,
): number | null {
  const used = new Map(there.map((phase) => [phase, 0]))
  for (const { start, bands, invalid } of windows) {
    if (invalid !== undefined) continue
    for (const phase of there)
      if (bands[phase] === kind) {
        const now = used.get(phase)! + 1
        if (now > budget) return start
        used.set(phase, now)
      }
  }
  return null
}

function burnOf(slots: readonly SlotCounts[], kind: BandKind): (number | null)[] {
  const valid = Array<number>(slotsPerDay).fill(0)
  const used = Array<number>(slotsPerDay).fill(0)
  for (const counts of slots) {
    const slot = slotOfDay(counts.slot)
    valid[slot]! += counts.valid
    used[slot]! += countOf[kind](counts)
  }
  return valid.map((windows, slot) => (windows === 0 ? null : used[slot]! / windows))
}

function limitForecast(
  ends: readonly PathEnd[],
  { usedByPhase, budget, remaining }: { usedByPhase: readonly number[]; budget: number; remaining: number },
  broken: number | null,
  burn: readonly (number | null)[],
): LimitForecast {
  const used = Math.max(0, ...usedByPhase)
  const times = ends.map(({ brokenAt: at }) => at).filter((at) => at !== Infinity)
  times.sort((one, other) => one - other)
  const open = broken === null && used + remaining > budget
  return {
    ...{ used, budget, usedByPhase, burnByTimeOfDay: burn, brokenAt: broken },
    probability: broken !== null ? 1 : open ? times.length / ends.length : 0,
    breaks:
      open && times.length > 0
        ? { medianAt: quantile(times, 0.5), fromAt: quantile(times, 0.1), untilAt: quantile(times, 0.9) }
        : null,
    expectedUsed: ends.length === 0 ? used : ends.reduce((total, { count }) => total + count, 0) / ends.length,
  }
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
