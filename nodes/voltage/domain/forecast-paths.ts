import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { priorMean, type ForecastPrior } from './forecast-prior.ts'
import type { PhaseLatents } from './forecast-latents.ts'
import { dot, logistic, type Posterior } from './gaussian.ts'
import { windowMs } from './windows.ts'
import type { SlotAhead } from './forecast-slots.ts'

/** Windows of one kind in one phase, at the end of the measurement; and when the limit was passed on the way there. */
export interface PathEnd {
  count: number
  /** Beginning of the window that broke it, UTC milliseconds; Infinity if none did. */
  brokenAt: number
}

export interface Path {
  readonly precarious: PathEnd
  readonly critical: PathEnd
}

export interface PhaseSoFar {
  readonly precarious: number
  readonly critical: number
  readonly latents: PhaseLatents
}

/** Windows of each kind that a measurement may have without violating. */
export interface Budgets {
  readonly precarious: number
  readonly critical: number
}

/** What is still to come of a measurement. */
export interface Ahead {
  readonly slots: readonly SlotAhead[]
  /** Valid windows that are missing. */
  readonly remaining: number
  /** Of the windows to come so many will be valid. */
  readonly validShare: number
}

/**
 * Ways in which a measurement may go on. The larger of the phases counts; the earliest one breaks.
 * @param seed  the same seed gives the same paths
 */
export function pathsOf(
  phases: readonly PhaseSoFar[],
  { slots: ahead, remaining, validShare }: Ahead,
  budgets: Budgets,
  prior: ForecastPrior,
  { paths, seed }: { readonly paths: number; readonly seed: number },
): Path[] {
  const generator = xoroshiro128plus(seed)
  const uniform = (): number => uniformFloat64(generator)
  const normal = normalsOf(uniform)
  const slots = ahead.length
  const together = Math.sqrt(prior.phases)
  const alone = Math.sqrt(1 - prior.phases)
  const base = ahead.map(({ slot }) => priorMean(prior.outside, slot))
  const common = { outside: new Float64Array(slots), critical: new Float64Array(slots) }
  const own = { outside: new Float64Array(slots), critical: new Float64Array(slots) }
  const quiet = new Set(phases.filter((phase) => isQuiet(phase.latents.outside, ahead)))
  /** Draws what is a phase's own, and shares the luck of the others. */
  const draw = (luck: Float64Array, into: Float64Array): void => {
    for (let k = 0; k < slots; k++) into[k] = together * luck[k]! + alone * normal()
  }
  /** What the draws make of one slot. */
  const latentAt = ({ mean, factor }: Posterior['ahead'], draws: Float64Array, k: number): number =>
    mean[k]! + dot(factor, k * slots, draws, 0, k + 1)

  return Array.from({ length: paths }, () => {
    for (let k = 0; k < slots; k++) common.outside[k] = normal()
    let anyCritical = false
    const path = { precarious: nothing(), critical: nothing() }
    const valid = validOf(ahead, remaining, validShare, uniform)
    for (const phase of phases) {
      const now = {
        precarious: counter(phase.precarious, budgets.precarious),
        critical: counter(phase.critical, budgets.critical),
      }
      const live = !quiet.has(phase)
      if (live) draw(common.outside, own.outside)
      let sampled = false
      for (let k = 0; live && k < slots; k++) {
        const windows = valid[k]!
        if (windows === 0) continue
        const outside = latentAt(phase.latents.outside, own.outside, k)
        const out = binomial(windows, logistic(outside), uniform)
        if (out === 0) continue
        if (!sampled) {
          if (!anyCritical) for (let l = 0; l < slots; l++) common.critical[l] = normal()
          anyCritical = sampled = true
          draw(common.critical, own.critical)
        }
        const severe = latentAt(phase.latents.critical, own.critical, k) + prior.severity * (outside - base[k]!)
        const worst = binomial(out, logistic(severe), uniform)
        now.critical.take(worst, ahead[k]!, uniform)
        now.precarious.take(out - worst, ahead[k]!, uniform)
      }
      worse(path.precarious, now.precarious.end)
      worse(path.critical, now.critical.end)
    }
    return path
  })
}

/** Three deviations above the mean, all slots together, not one window in a hundred measurements. */
const quietWindows = 0.01

/** Whether a phase will hardly leave the adequate band: then no path needs to be drawn for it. */
function isQuiet({ mean, factor }: Posterior['ahead'], ahead: readonly SlotAhead[]): boolean {
  const slots = ahead.length
  let windows = 0
  for (let k = 0; k < slots; k++) {
    const variance = dot(factor, k * slots, factor, k * slots, k + 1)
    windows += ahead[k]!.windows * logistic(mean[k]! + 3 * Math.sqrt(variance))
  }
  return windows < quietWindows
}

const nothing = (): PathEnd => ({ count: 0, brokenAt: Infinity })

function worse(path: PathEnd, of: PathEnd): void {
  path.count = Math.max(path.count, of.count)
  path.brokenAt = Math.min(path.brokenAt, of.brokenAt)
}

/** Counts windows of one kind, and notes when they pass the budget. */
function counter(
  count: number,
  budget: number,
): { end: PathEnd; take(more: number, slot: SlotAhead, uniform: () => number): void } {
  const end: PathEnd = { count, brokenAt: Infinity }
  return {
    end,
    take(more, slot, uniform) {
      const needed = budget + 1 - end.count
      if (more >= needed && needed > 0) {
        const share = (needed - 1 + uniform()) / more
        end.brokenAt = slot.from + Math.floor(share * slot.windows) * windowMs
      }
      end.count += more
    },
  }
}

/** Valid windows of each slot, until there are enough. */
function validOf(ahead: readonly SlotAhead[], remaining: number, share: number, uniform: () => number): number[] {
  let left = remaining
  return ahead.map(({ windows }) => {
    const valid = Math.min(left, share >= 1 ? windows : windows - binomial(windows, 1 - share, uniform))
    left -= valid
    return valid
  })
}

/** Standard normal draws, two at a time (Box and Muller). */
function normalsOf(uniform: () => number): () => number {
  let spare: number | undefined
  return () => {
    if (spare !== undefined) {
      const kept = spare
      spare = undefined
      return kept
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

/** A binomial draw by inversion: a dozen trials at most, one uniform draw. */
function binomial(trials: number, p: number, uniform: () => number): number {
  if (p > 0.5) return trials - binomial(trials, 1 - p, uniform)
  let left = uniform()
  // Bernoulli: (1 − p)ⁿ is no less. Mostly nothing happens, and that is soon told.
  if (left < 1 - trials * p) return 0
  const odds = p / (1 - p)
  let chance = (1 - p) ** trials
  let successes = 0
  while (left >= chance && successes < trials) {
    left -= chance
    successes++
    chance *= (odds * (trials - successes + 1)) / successes
  }
  return successes
}
