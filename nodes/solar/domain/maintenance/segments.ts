import { medianOf, robustSd } from '../robust.ts'
import type { RatioDay } from './trend.ts'

/** Why the level of a ratio jumped. */
export type ResetCause =
  /** A person noted a visit. */
  | 'visit'
  /** It rose by itself: rain washed the panel, or what shaded it is gone. */
  | 'recovery'
  /** It fell from one day to the next: no dirt does that. */
  | 'fault'

export interface Reset {
  /** First day of the new level. */
  readonly day: number
  readonly cause: ResetCause
}

/** Days between two resets: one level with one trend. */
export interface Segment {
  readonly days: readonly RatioDay[]
  /** What it began with; null: with the history. */
  readonly reset: Reset | null
}

/** Days on either side that a step is judged by. */
const reachDays = 5
/** A step needs so many days after it: a day or two may be weather. */
const leastDays = 3
/** A smaller rise is no event: rain that washes less leaves the trend as it is. */
const leastRise = 0.02
/** Fast dirt falls as far as a small fault within the days that a step is judged by. */
const leastFall = 0.05
/** A step stands out by so many standard deviations of the difference of two medians. */
const leastDeviations = 4
/** Standard deviation of a median by that of its values, where they are normal and many. */
const medianSd = 1.2533
/** A history is cut in no more pieces: rain comes every few days at the most. */
const mostSegments = 400

/**
 * Cuts a history where its level jumped: at the visits that are known, and where the days after stand off the days before by more
 * than their noise explains.
 * @param days    in their order, each once
 * @param visits  days on which somebody was there; what they did may show from that day on
 */
export function segmentsOf(days: readonly RatioDay[], visits: readonly number[]): readonly Segment[] {
  const noise = dailyNoise(days)
  const known = [...new Set(visits)].sort((a, b) => a - b)
  const cuts = new Map<number, ResetCause>()
  let begin = 0
  for (const visit of [...known, Infinity]) {
    const end = Number.isFinite(visit) ? indexFrom(days, visit) : days.length
    if (end > begin) cutSteps(days, begin, end, noise, cuts)
    if (end > 0 && end < days.length) cuts.set(end, 'visit')
    begin = end
  }
  const starts = [0, ...[...cuts.keys()].sort((a, b) => a - b)]
  return starts.flatMap((start, index): Segment[] => {
    const within = days.slice(start, starts[index + 1])
    const cause = cuts.get(start)
    const first = within[0]
    return first ? [{ days: within, reset: cause ? { day: first.day, cause } : null }] : []
  })
}

/** Standard deviation of a day by itself: steps and slopes move few of the differences of neighbours, and those little. */
function dailyNoise(days: readonly RatioDay[]): number {
  const differences: number[] = []
  for (let index = 1; index < days.length; index++) differences.push(days[index]!.ratio - days[index - 1]!.ratio)
  return robustSd(differences) / Math.SQRT2
}

/** Of the days `begin` to before `end`, cuts at the clearest step, and goes on in both parts. */
function cutSteps(
  days: readonly RatioDay[],
  begin: number,
  end: number,
  noise: number,
  cuts: Map<number, ResetCause>,
): void {
  const open: [number, number][] = [[begin, end]]
  for (let part = open.pop(); part && cuts.size < mostSegments; part = open.pop()) {
    const [from, to] = part
    let best: { at: number; step: number; clearness: number } | undefined
    for (let at = from + leastDays; at <= to - leastDays; at++) {
      const { step, clearness } = stepAt(days, from, at, to, noise)
      if (clearness >= 1 && clearness > (best?.clearness ?? 0)) best = { at, step, clearness }
    }
    if (!best) continue
    const at = sharpest(days, from, best.at, to, best.step)
    cuts.set(at, best.step > 0 ? 'recovery' : 'fault')
    open.push([from, at], [at, to])
  }
}

/** How far the days from `at` stand off those before, and by how much of what a step must have. */
function stepAt(days: readonly RatioDay[], from: number, at: number, to: number, noise: number) {
  const before = ratios(days, Math.max(from, at - reachDays), at)
  const after = ratios(days, at, Math.min(to, at + reachDays))
  const step = medianOf(after) - medianOf(before)
  const sd = noise * medianSd * Math.sqrt(1 / before.length + 1 / after.length)
  return { step, clearness: Math.abs(step) / Math.max(step > 0 ? leastRise : leastFall, leastDeviations * sd) }
}

/** Medians stay the same while a few days are on the wrong side: the cut lies where neighbours differ most. */
function sharpest(days: readonly RatioDay[], from: number, near: number, to: number, step: number): number {
  const candidates = [-2, -1, 0, 1, 2].map((by) => near + by).filter((at) => at >= from + 1 && at <= to - 1)
  const jump = (at: number): number => Math.sign(step) * (days[at]!.ratio - days[at - 1]!.ratio)
  return candidates.reduce((best, at) => (jump(at) > jump(best) ? at : best), near)
}

const ratios = (days: readonly RatioDay[], from: number, to: number): number[] =>
  days.slice(from, to).map(({ ratio }) => ratio)

/** Index of the first day that is not before one. */
function indexFrom(days: readonly RatioDay[], day: number): number {
  const index = days.findIndex((one) => one.day >= day)
  return index < 0 ? days.length : index
}
