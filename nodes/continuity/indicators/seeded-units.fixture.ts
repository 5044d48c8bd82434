import type { Database } from '../../../platform/storage/database.ts'

export async function seedConjunto(
  database: Database,
  conjuntoId: string,
  timeZone: string | null = null,
): Promise<void> {
  await database.query('insert into conjunto (conjunto_id, name, time_zone) values ($1, $1, $2)', [
    conjuntoId,
    timeZone,
  ])
}

/** Urban units of a conjunto. */
export async function seedUnits(
  database: Database,
  conjuntoId: string | null,
  unitIds: readonly string[],
  nominalV = 220,
): Promise<void> {
  await database.query(
    `insert into consumer_unit (unit_id, nominal_voltage_v, conjunto_id, area)
     select unit_id, $3, $2, 'urban' from unnest($1::text[]) unit_id`,
    [unitIds, conjuntoId, nominalV],
  )
}
