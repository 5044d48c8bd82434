import type { PriorityService, RestorationPolicy } from './restoration-policy.ts'

/** Units without supply by the service that they give. */
export type ServiceCounts = Readonly<Record<PriorityService, number>>

/** What an outage is ranked by. */
export interface Rankable {
  readonly interruptionId: number
  readonly startedAt: number
  readonly unitsOut: number
  readonly services: ServiceCounts
  /** Saved by restoring it now and not later, cents. */
  readonly avoidedCents: number
}

/** The first tier of the policy of which somebody is without supply; the last one of all: by money alone. */
export function tierOf(services: ServiceCounts, { tiers }: Pick<RestorationPolicy, 'tiers'>): number {
  const tier = tiers.findIndex((service) => services[service] > 0)
  return tier < 0 ? tiers.length : tier
}

/**
 * Whom to restore first: by tier, within it by the money that is avoided, then by the units that are out, then who waits longest.
 * Nothing of it depends on the order of what is given.
 */
export function rankOutages<T extends Rankable>(outages: readonly T[], policy: Pick<RestorationPolicy, 'tiers'>): T[] {
  const keyed = outages.map((outage) => ({ outage, tier: tierOf(outage.services, policy) }))
  keyed.sort(
    (a, b) =>
      a.tier - b.tier ||
      b.outage.avoidedCents - a.outage.avoidedCents ||
      b.outage.unitsOut - a.outage.unitsOut ||
      a.outage.startedAt - b.outage.startedAt ||
      a.outage.interruptionId - b.outage.interruptionId,
  )
  return keyed.map(({ outage }) => outage)
}
