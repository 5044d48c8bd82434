import type { Database } from '../../../platform/storage/database.ts'

/** Units as a test has them: BT, DIC 8 h, other limits far away, VRC 60, unless told otherwise. */
export interface SeededUnit {
  readonly unitId: string
  readonly conjuntoId?: string
  readonly vrcBrl?: number | null
  readonly limits?: { readonly dicH?: number; readonly fic?: number; readonly dmicH?: number } | null
  readonly service?: 'safety' | 'life_support' | 'essential'
  readonly nominalV?: number
  readonly before?: { readonly dicH: number; readonly fic: number; readonly dmicH: number }
}

/** Writes units with their limits, monetary bases and months so far. @param month  `YYYY-MM` */
export async function seedOutageUnits(database: Database, month: string, units: readonly SeededUnit[]): Promise<void> {
  for (const conjuntoId of new Set(units.flatMap((unit) => unit.conjuntoId ?? [])))
    await database.query('insert into conjunto (conjunto_id, name) values ($1, $1) on conflict do nothing', [
      conjuntoId,
    ])
  for (const unit of units) {
    const { unitId, conjuntoId = null, vrcBrl = 60, limits = {}, service, nominalV = 127, before } = unit
    await database.query(
      `insert into consumer_unit (unit_id, conjunto_id, area, nominal_voltage_v) values ($1, $2, 'urban', $3)`,
      [unitId, conjuntoId, nominalV],
    )
    if (vrcBrl !== null)
      await database.query('insert into unit_monetary_base (unit_id, month, vrc_brl, source) values ($1, $2, $3, $4)', [
        ...[unitId, '2020-01-01', vrcBrl, 'test'],
      ])
    if (limits)
      await database.query(
        `insert into unit_continuity_limit (unit_id, from_month, dic_h, fic, dmic_h, dicri_h, dise_h, source)
         values ($1, '2020-01-01', $2, $3, $4, 8, 24, 'test')`,
        [unitId, limits.dicH ?? 8, limits.fic ?? 100, limits.dmicH ?? 700],
      )
    if (service) await database.query('insert into unit_service (unit_id, service) values ($1, $2)', [unitId, service])
    if (before) await seedMonth(database, unitId, month, before)
  }
}

/** What a month had come to for a unit, as the keeper of indicators writes it. */
export const seedMonth = (
  database: Database,
  unitId: string,
  month: string,
  { dicH, fic, dmicH }: NonNullable<SeededUnit['before']>,
) =>
  database.query(
    `with next as (update continuity_indicator_progress set changed = changed + 1 returning changed)
     insert into unit_continuity (unit_id, month, dic_ms, fic, dmic_ms, changed, violation_changed, computed_at, lasts, parcels, violated)
     select $1, ($2 || '-01')::date, $3::float8 * 3600000, $4, $5::float8 * 3600000, changed, 0, to_timestamp(0), false, '{}', '{}' from next
     on conflict (unit_id, month) do update
       set dic_ms = excluded.dic_ms, fic = excluded.fic, dmic_ms = excluded.dmic_ms, changed = excluded.changed`,
    [unitId, month, dicH, fic, dmicH],
  )
