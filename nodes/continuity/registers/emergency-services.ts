import { environment } from '../../../platform/runtime/environment.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { emergencyServiceOf, type EmergencyServiceMonth } from '../domain/emergency-service.ts'
import { servicesOf } from './emergency-repository.ts'

/** The emergency service of a conjunto in a month. */
export interface ConjuntoService extends EmergencyServiceMonth {
  readonly conjuntoId: string
}

/**
 * TMP, TMD, TME, NumOcorr, NIE and NDIACRI of a month, by conjunto.
 * @param month        `YYYY-MM`, civil in each conjunto's zone
 * @param conjuntoIds  all unless given
 */
export async function emergencyServiceMonths(
  queries: Queries,
  { month, conjuntoIds }: { readonly month: string; readonly conjuntoIds?: readonly string[] | undefined },
): Promise<ConjuntoService[]> {
  const services = await servicesOf(queries, conjuntoIds ?? null, month, environment().TIME_ZONE)
  return services.map(({ conjuntoId, criticalDays, occurrences }) => ({
    conjuntoId,
    ...emergencyServiceOf(occurrences, criticalDays),
  }))
}
