import type { Queries } from '../../../platform/storage/queries.ts'
import type { Collective } from '../domain/collective.ts'
import { yearLimits } from '../indicators/conjunto-repository.ts'

export interface NamedConjunto {
  readonly conjuntoId: string
  readonly name: string
  /** IANA zone; null: that of the installation. */
  readonly timeZone: string | null
}

export const conjuntosNamed = (queries: Queries): Promise<NamedConjunto[]> =>
  queries.query('select conjunto_id as "conjuntoId", name, time_zone as "timeZone" from conjunto order by conjunto_id')

/** Limits of DEC and FEC of a year, by conjunto. */
export const yearLimitsOf = async (queries: Queries, year: number): Promise<Map<string, Collective>> =>
  new Map((await yearLimits(queries, year)).map(({ conjuntoId, ...limit }) => [conjuntoId, limit]))
