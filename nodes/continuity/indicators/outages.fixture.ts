import type { Database } from '../../../platform/storage/database.ts'
import { Partitions } from '../../../platform/storage/partitions.ts'

/** An interruption to be stored, as its owner would: instants ISO 8601. */
export interface SeededInterruption {
  readonly from: string
  /** Null: it lasts. */
  readonly until: string | null
  readonly unitIds: readonly string[]
  readonly origin?: 'internal' | 'external'
  readonly programmed?: boolean
  readonly eventId?: number
}

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

/** Units of 220 V of a conjunto. */
export async function seedUnits(
  database: Database,
  conjuntoId: string | null,
  unitIds: readonly string[],
  nominalV = 220,
): Promise<void> {
  await database.query(
    `insert into consumer_unit (unit_id, nominal_voltage_v, conjunto_id, area) select unit_id, $3, $2, 'urban' from unnest($1::text[]) unit_id`,
    [unitIds, conjuntoId, nominalV],
  )
}

/** @returns its number */
export async function seedInterruption(database: Database, seeded: SeededInterruption): Promise<number> {
  await new Partitions(database).ensure('unit_interruption', Date.parse(seeded.from))
  return database.transaction(async (client) => {
    const changed = (
      await client.query<{ changed: number }>(
        'update continuity_progress set changed = changed + 1 returning changed::float8 as changed',
      )
    ).rows[0]!.changed
    const { rows } = await client.query<{ id: number }>(
      `insert into interruption (event_id, element_kind, element_id, started_at, ended_at, units, origin, programmed, evidence, changed)
       values (coalesce($1, currval(pg_get_serial_sequence('interruption', 'interruption_id'))), 'switch', 'switch-1', $2, $3, $4, $5, $6, '{}', $7)
       returning interruption_id::float8 as id`,
      [
        ...[seeded.eventId ?? null, seeded.from, seeded.until, seeded.unitIds.length, seeded.origin ?? 'internal'],
        ...[seeded.programmed ?? false, changed],
      ],
    )
    const { id } = rows[0]!
    await client.query(
      `insert into unit_interruption (started_at, ended_at, interruption_id, changed, unit_id, phases)
       select $1, $2, $3, $4, unit_id, 'ABC' from unnest($5::text[]) unit_id`,
      [seeded.from, seeded.until, id, changed, seeded.unitIds],
    )
    return id
  })
}
