/** Services that are restored before all others, as the registry names them. */
export const priorityServices = ['safety', 'life_support', 'essential'] as const
export type PriorityService = (typeof priorityServices)[number]

/** Whom to restore first: a decision of the distributor, as data. */
export interface RestorationPolicy {
  /** Services that come before money, the first ones first; who is not among them comes by money. */
  readonly tiers: readonly PriorityService[]
  /** How long restoring takes from now on where nobody has estimated it, minutes. */
  readonly estimateMinutes: number
  /** How much later it would be if something else were done before, minutes. */
  readonly laterMinutes: number
}

/** No norm says it: safety before life before services that others depend on, and a crew's usual shift between two faults. */
export const defaultPolicy: RestorationPolicy = {
  tiers: ['safety', 'life_support', 'essential'],
  estimateMinutes: 60,
  laterMinutes: 120,
}

/** Longest that may be set, minutes. */
export const mostMinutes = 7 * 24 * 60
