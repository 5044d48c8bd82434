import { latentsOf, type WeekBefore } from '../domain/forecast-latents.ts'
import type { ForecastPrior, LatentPrior } from '../domain/forecast-prior.ts'
import { slotOfDay, slotsPerDay, type SlotCounts } from '../domain/forecast-slots.ts'

/** One phase of a unit over a whole measurement. */
export interface LearningPhase {
  readonly counts: readonly SlotCounts[]
  readonly before?: WeekBefore
}

/** What the search moves: each is a number on the line, whatever its bounds are in the prior. */
type Parameters = Readonly<Record<string, number>>

const variances = ['level', 'shape', 'day', 'slot', 'before'] as const
const memories = ['shapeHours', 'dayMemory', 'slotHours'] as const
/** Within these the logarithms of variances and memories are looked for. */
const leastLog = Math.log(0.05)
const mostLog = Math.log(60)

/**
 * Finds the prior under which what a population did is most likely (empirical Bayes: the evidence is climbed one
 * parameter at a time, with steps that halve).
 * @param phases  of units of the population, chosen without regard to how they came out
 * @param from    where the search begins
 * @param rounds  over all parameters
 * @param source  names the population
 */
export function learnPrior(
  phases: readonly LearningPhase[],
  from: ForecastPrior,
  rounds: number,
  source: string,
): ForecastPrior {
  const byHour = logitsByTimeOfDay(phases)
  const outside = climb(parametersOf(from.outside, { swing: 0.6 }), rounds, (parameters) => {
    const prior = { ...from, outside: latentPriorOf(parameters, byHour) }
    return { prior, evidence: evidenceOf(phases, prior, 'outside') }
  })
  return {
    ...climb(parametersOf(from.critical, { severity: from.severity }), rounds, (parameters) => {
      const prior = { ...outside, critical: latentPriorOf(parameters), severity: parameters.severity! }
      return { prior, evidence: evidenceOf(phases, prior, 'critical') }
    }),
    source,
  }
}

const evidenceOf = (phases: readonly LearningPhase[], prior: ForecastPrior, of: 'outside' | 'critical'): number =>
  phases.reduce((sum, { counts, before }) => sum + latentsOf(counts, before, [], prior).evidence[of], 0)

/** How likely windows are to lie outside, by slot of the day: logits, around their mean. */
function logitsByTimeOfDay(phases: readonly LearningPhase[]): readonly number[] {
  const valid = Array<number>(slotsPerDay).fill(1)
  const outside = Array<number>(slotsPerDay).fill(0.5)
  for (const { counts } of phases)
    for (const of of counts) {
      valid[slotOfDay(of.slot)]! += of.valid
      outside[slotOfDay(of.slot)]! += of.outside
    }
  const logits = outside.map((count, slot) => Math.log(count / (valid[slot]! - count)))
  const mean = logits.reduce((sum, value) => sum + value, 0) / slotsPerDay
  return logits.map((value) => value - mean)
}

const parametersOf = (prior: LatentPrior, more: Parameters): Parameters => ({
  mean: prior.mean.reduce((sum, value) => sum + value, 0) / slotsPerDay,
  weekend: prior.weekend,
  ...Object.fromEntries([...variances, ...memories].map((name) => [name, Math.log(prior[name])])),
  ...more,
})

/** @param byHour  a population's daily shape, which `swing` stretches to that of a unit */
function latentPriorOf(parameters: Parameters, byHour?: readonly number[]): LatentPrior {
  const [level, shape, day, slot, before] = variances.map((name) => Math.exp(parameters[name]!)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const [shapeHours, dayMemory, slotHours] = memories.map((name) => Math.exp(parameters[name]!)) as [
    number,
    number,
    number,
  ]
  // The logistic of a Gaussian is flatter than its own mean: units swing more than their population does.
  const stretch = (parameters.swing ?? 0) * Math.sqrt(1 + (Math.PI / 8) * (level + shape + day + slot))
  const mean = Array.from({ length: slotsPerDay }, (_, hour) => parameters.mean! + stretch * (byHour?.[hour] ?? 0))
  return { mean, weekend: parameters.weekend!, level, shape, shapeHours, day, dayMemory, slot, slotHours, before }
}

interface Tried {
  readonly prior: ForecastPrior
  readonly evidence: number
}

function climb(from: Parameters, rounds: number, attempt: (parameters: Parameters) => Tried): ForecastPrior {
  let at = from
  let best = attempt(at)
  const steps = new Map(Object.keys(from).map((name) => [name, firstStep(name)]))
  for (let round = 0; round < rounds; round++)
    for (const [name, step] of steps) {
      let moved = false
      for (const direction of [step, -step]) {
        for (;;) {
          const next = { ...at, [name]: at[name]! + direction }
          if (!within(name, next[name]!)) break
          const tried = attempt(next)
          if (tried.evidence <= best.evidence) break
          at = next
          best = tried
          moved = true
        }
        if (moved) break
      }
      steps.set(name, moved ? step : step / 2)
    }
  return best.prior
}

const firstStep = (name: string): number =>
  name === 'mean' ? 1 : name === 'weekend' || name === 'swing' || name === 'severity' ? 0.2 : 0.6

const within = (name: string, value: number): boolean =>
  !(variances as readonly string[]).concat(memories).includes(name) || (value >= leastLog && value <= mostLog)
