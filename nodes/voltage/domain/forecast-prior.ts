import { dayOfSlot, isWeekend, slotOfDay, slotsPerDay } from './forecast-slots.ts'

/**
 * What is known of a latent quantity before anything is measured: the logit of a probability, slot by slot. It is a sum of
 * Gaussian parts, whose variances stand here (logits squared).
 */
export interface LatentPrior {
  /** Mean by slot of the day, logits. */
  readonly mean: readonly number[]
  /** Added on Saturdays and Sundays. */
  readonly weekend: number
  /** Of the unit as a whole. */
  readonly level: number
  /** Of its own daily shape, which forgets itself over so many hours. */
  readonly shape: number
  readonly shapeHours: number
  /** Of a day as a whole: weather, above all; over so many days. */
  readonly day: number
  readonly dayMemory: number
  /** Of what comes and goes within a day; over so many hours. */
  readonly slot: number
  readonly slotHours: number
  /** Between the week before and this one. */
  readonly before: number
}

/** What a population of units teaches of one that is not known yet. */
export interface ForecastPrior {
  /** Where it was learnt. */
  readonly source: string
  /** That a window lies outside the adequate band. */
  readonly outside: LatentPrior
  /** That it is critical, if it lies outside. */
  readonly critical: LatentPrior
  /** So much the critical latent rises with one of the other. */
  readonly severity: number
  /** Correlation of what the phases have before them. */
  readonly phases: number
}

/** A slot of which something is measured or asked, or the week before as a whole. */
export type Place = number | 'before'

/** Prior mean of a place, logits. */
export const priorMean = (prior: LatentPrior, place: Place): number =>
  place === 'before'
    ? prior.mean.reduce((sum, value) => sum + value, 0) / slotsPerDay
    : prior.mean[slotOfDay(place)]! + (isWeekend(place) ? prior.weekend : 0)

/** Prior covariance of two places. */
export function priorCovariance(prior: LatentPrior): (one: Place, other: Place) => number {
  const shape = Array.from({ length: slotsPerDay }, (_, apart) => {
    const hours = (24 / Math.PI) * Math.sin((Math.PI * apart) / slotsPerDay)
    return prior.level + prior.shape * Math.exp(-0.5 * (hours / prior.shapeHours) ** 2)
  })
  const meanShape = shape.reduce((sum, value) => sum + value, 0) / slotsPerDay
  const day = decaying(prior.day, prior.dayMemory)
  const slot = decaying(prior.slot, (prior.slotHours * slotsPerDay) / 24)
  return (one, other) => {
    if (one === 'before' || other === 'before') return one === other ? meanShape + prior.before : meanShape
    const apart = Math.abs(one - other)
    return shape[apart % slotsPerDay]! + day(Math.abs(dayOfSlot(one) - dayOfSlot(other))) + slot(apart)
  }
}

/** `variance · exp(−apart / memory)`, calculated once for each distance. */
function decaying(variance: number, memory: number): (apart: number) => number {
  const known: number[] = []
  return (apart) => (known[apart] ??= variance * Math.exp(-apart / memory))
}
