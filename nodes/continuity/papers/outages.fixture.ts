import type { Database } from '../../../platform/storage/database.ts'

/** A unit as a test has it. */
export interface SeededUnit {
  readonly unitId: string
  readonly conjuntoId: string | null
  readonly municipalityCode?: number | null
  readonly nominalV?: number
  readonly area?: 'urban' | 'non_urban'
}

/** @param zones  of conjuntos that have their own */
export async function seedUnits(
  database: Database,
  units: readonly SeededUnit[],
  zones: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (const id of new Set(units.map(({ conjuntoId }) => conjuntoId)))
    if (id !== null)
      await database.query('insert into conjunto (conjunto_id, name, time_zone) values ($1, $2, $3)', [
        ...[id, `Conjunto São João ${id}`, zones[id] ?? null],
      ])
  await database.query(
    `insert into consumer_unit (unit_id, nominal_voltage_v, conjunto_id, municipality_code, area)
     select * from unnest($1::text[], $2::float8[], $3::text[], $4::integer[], $5::text[])`,
    [
      units.map(({ unitId }) => unitId),
      units.map(({ nominalV = 220 }) => nominalV),
      units.map(({ conjuntoId }) => conjuntoId),
      units.map(({ municipalityCode = null }) => municipalityCode),
      units.map(({ area = 'urban' }) => area),
    ],
  )
}

/** So many units of one conjunto and municipality, by number from 1. */
export const manyUnits = (count: number, prefix: string, conjuntoId: string, municipalityCode: number): SeededUnit[] =>
  Array.from({ length: count }, (_each, at) => ({ unitId: `${prefix}-${at + 1}`, conjuntoId, municipalityCode }))
