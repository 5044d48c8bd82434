import { posteriorOf, type Posterior, type Trials } from './gaussian.ts'
import { priorCovariance, priorMean, type ForecastPrior, type LatentPrior, type Place } from './forecast-prior.ts'
import type { SlotCounts } from './forecast-slots.ts'
import type { RunWindow } from './runs.ts'
import { phases } from './sample.ts'

/** Valid windows of one phase in the week before, and how many of them lay where. */
export interface WeekBefore {
  readonly valid: number
  readonly outside: number
  readonly critical: number
}

/** What each phase did in a week; undefined for a phase that was not there. */
export const weekBeforeOf = (windows: readonly RunWindow[]): (WeekBefore | undefined)[] =>
  phases.map((_, phase) => {
    const bands = windows.flatMap(({ invalid, bands: of }) => (invalid === undefined && of[phase] ? [of[phase]] : []))
    const critical = bands.filter((band) => band === 'critical').length
    const outside = bands.filter((band) => band !== 'adequate').length
    return bands.length === 0 ? undefined : { valid: bands.length, outside, critical }
  })

/** What is known of one phase of a unit: how likely a window of each slot ahead lies outside, and is critical then. */
export interface PhaseLatents {
  readonly outside: Posterior['ahead']
  readonly critical: Posterior['ahead']
  /** Logarithms of the evidence of the two, to learn a prior by. */
  readonly evidence: { readonly outside: number; readonly critical: number }
}

/**
 * Learns from what was measured of a phase.
 * @param ahead  slots that are asked for
 */
export function latentsOf(
  counts: readonly SlotCounts[],
  before: WeekBefore | undefined,
  ahead: readonly number[],
  prior: ForecastPrior,
): PhaseLatents {
  const outside = learn(prior.outside, observedOf(counts, before, 'outside', 'valid'), ahead, () => 0)
  const prevailing = new Map<Place, number>()
  outside.places.forEach((place, index) =>
    prevailing.set(place, outside.latent(index) - priorMean(prior.outside, place)),
  )
  const critical = learn(
    prior.critical,
    observedOf(counts, before, 'critical', 'outside'),
    ahead,
    // Ahead it rises with each path by itself: see forecast-paths.ts.
    (place) => prior.severity * prevailing.get(place)!,
    ahead.length,
  )
  return {
    outside: outside.posterior.ahead,
    critical: critical.posterior.ahead,
    evidence: { outside: outside.posterior.evidence, critical: critical.posterior.evidence },
  }
}

type Observed = readonly (Trials & { readonly place: Place })[]

function observedOf(
  counts: readonly SlotCounts[],
  before: WeekBefore | undefined,
  what: 'outside' | 'critical',
  among: 'valid' | 'outside',
): Observed {
  const observed = counts.map((of) => ({ place: of.slot as Place, trials: of[among], successes: of[what] }))
  if (before) observed.push({ place: 'before', trials: before[among], successes: before[what] })
  return observed.filter(({ trials }) => trials > 0)
}

/** @param apart  the last so many places get no `offset`: they are asked for relative to something else */
function learn(
  prior: LatentPrior,
  observed: Observed,
  ahead: readonly number[],
  offset: (place: Place) => number,
  apart = 0,
): { posterior: Posterior; places: Place[]; latent: (index: number) => number } {
  const places: Place[] = [...observed.map(({ place }) => place), ...ahead]
  const covariance = priorCovariance(prior)
  const mean = Float64Array.from(
    places,
    (place, index) => priorMean(prior, place) + (index < places.length - apart ? offset(place) : 0),
  )
  const posterior = posteriorOf(mean, (i, j) => covariance(places[i]!, places[j]!), observed)
  return {
    posterior,
    places,
    latent: (index) =>
      index < observed.length ? posterior.mean[index]! : posterior.ahead.mean[index - observed.length]!,
  }
}
