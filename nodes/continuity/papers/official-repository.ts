import { referenceVoltage } from '../../../platform/network/reference-voltage.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { ElementKind } from '../domain/element.ts'
import type { Area } from '../domain/limit-tables.ts'
import type { OfficialIndex } from '../domain/official-index.ts'

/** A conjunto as official files name it. */
export interface NamedConjunto {
  readonly id: string
  readonly name: string
  /** IANA zone; null: that of the installation. */
  readonly timeZone: string | null
}

/** All conjuntos: by number those that have one. */
export const namedConjuntos = (queries: Queries): Promise<NamedConjunto[]> =>
  queries.query(
    `select conjunto_id as id, name, time_zone as "timeZone" from conjunto
     order by case when conjunto_id ~ '^[0-9]{1,18}$' then conjunto_id::bigint end nulls last, conjunto_id`,
  )

/** Limits of years, by conjunto. */
export const officialLimits = async (queries: Queries, years: readonly number[]): Promise<OfficialIndex[]> => {
  const rows = await queries.query<{ id: string; name: string; year: number; dec: number; fec: number }>(
    `select conjunto_id as id, name, year, dec_hundredths as dec, fec_hundredths as fec
     from conjunto_limit join conjunto using (conjunto_id) where year = any($1::integer[])
     order by year, case when conjunto_id ~ '^[0-9]{1,18}$' then conjunto_id::bigint end nulls last, conjunto_id`,
    [years],
  )
  return rows.flatMap(({ id, name, year, dec, fec }) => [
    { conjunto: { id, name }, year, month: null, code: 'DEC', hundredths: dec },
    { conjunto: { id, name }, year, month: null, code: 'FEC', hundredths: fec },
  ])
}

/** A unit of a conjunto, as files know it. */
export interface UnitPlace {
  readonly unitId: string
  readonly municipalityCode: number | null
  readonly area: Area | null
  /** Contracted above 2.3 kV, else nominal, V. */
  readonly referenceV: number
}

export const unitPlaces = (queries: Queries, conjuntoId: string): Promise<UnitPlace[]> =>
  queries.query(
    `select u.unit_id as "unitId", u.municipality_code as "municipalityCode", u.area, ${referenceVoltage} as "referenceV"
     from consumer_unit u where u.conjunto_id = $1`,
    [conjuntoId],
  )

/** What files say of an interruption beside who was out and when. */
export interface InterruptionDetail {
  readonly interruptionId: number
  readonly eventId: number
  readonly occurrenceId: string | null
  readonly feederId: string | null
  readonly substationId: string | null
  readonly elementKind: ElementKind
  readonly programmed: boolean
  readonly origin: 'internal' | 'external'
  readonly cause: string | null
  /** What its emergency rests on; null: it is of none. */
  readonly emergency: 'decree' | 'chi' | null
}

export const interruptionDetails = (
  queries: Queries,
  interruptionIds: readonly number[],
): Promise<InterruptionDetail[]> =>
  queries.query(
    `select i.interruption_id::float8 as "interruptionId", i.event_id::float8 as "eventId", i.feeder_id as "feederId",
       i.substation_id as "substationId", i.element_kind as "elementKind", i.programmed, i.origin, i.cause,
       (select min(o.occurrence_id) from emergency_occurrence o where o.interruption_id = i.interruption_id) as "occurrenceId",
       (select min(s.basis) from interruption_exclusion e join emergency_situation s using (situation_id)
        where e.interruption_id = i.interruption_id and e.taken_back_by is null) as emergency
     from interruption i where i.interruption_id = any($1::bigint[])`,
    [interruptionIds],
  )
