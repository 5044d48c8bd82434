import type { Queries } from '../../../platform/storage/queries.ts'

/** @param timeZone  IANA zone of their civil days; that of the installation unless given */
export async function seedConjuntos(queries: Queries, ids: readonly string[], timeZone?: string): Promise<void> {
  await queries.query(
    'insert into conjunto (conjunto_id, name, time_zone) select id, id, $2 from unnest($1::text[]) as given (id)',
    [ids, timeZone ?? null],
  )
}

/** Units of 220 V in a conjunto. */
export async function seedUnits(queries: Queries, conjuntoId: string, ids: readonly string[]): Promise<void> {
  await queries.query(
    `insert into consumer_unit (unit_id, nominal_voltage_v, conjunto_id)
     select id, 220, $2 from unnest($1::text[]) as given (id)`,
    [ids, conjuntoId],
  )
}
