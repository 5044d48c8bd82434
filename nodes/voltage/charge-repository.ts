import type { PoolClient } from 'pg'
import type { Queries } from '../../platform/storage/queries.ts'

/** What a unit is charged for the use of the distribution system (EUSD) in a month, `YYYY-MM`. */
export interface Charge {
  readonly unitId: string
  readonly month: string
  readonly eusdBrl: number
  readonly source: string
}

/** A charge, with who entered it and when (UTC milliseconds). */
export interface EnteredCharge extends Charge {
  readonly changedBy: string
  readonly changedAt: number
}

export const chargeKey = (unitId: string, month: string): string => `${unitId} ${month}`

const chargeColumns = `unit_id as "unitId", to_char(month, 'YYYY-MM') as month, eusd_brl::float8 as "eusdBrl", source`

/** What is known of the charges of these units in these months, by `chargeKey`. */
export async function chargesFor(
  queries: Queries,
  unitIds: readonly string[],
  months: readonly string[],
): Promise<Map<string, Charge>> {
  const rows = await queries.query<Charge>(
    `select ${chargeColumns} from unit_charge
     where unit_id = any ($1) and month = any (select to_date(wanted, 'YYYY-MM') from unnest($2::text[]) as w (wanted))`,
    [unitIds, months],
  )
  return new Map(rows.map((charge) => [chargeKey(charge.unitId, charge.month), charge]))
}

/** The charge of a unit for a month; as long as that is not known, of the month that is nearest before it, else after it. */
export async function chargeNearest(queries: Queries, unitId: string, month: string): Promise<Charge | undefined> {
  const [found] = await queries.query<Charge>(
    `select ${chargeColumns} from unit_charge where unit_id = $1
     order by unit_charge.month > to_date($2, 'YYYY-MM'), abs(unit_charge.month - to_date($2, 'YYYY-MM')) limit 1`,
    [unitId, month],
  )
  return found
}

export interface ChargeFilter {
  readonly unitId?: string | undefined
  readonly month?: string | undefined
}

/** By month, the newest first, and by unit; `limit` at most, those behind `after`. */
export const listCharges = (
  queries: Queries,
  { unitId, month }: ChargeFilter,
  page: { after?: { month: string; unitId: string } | undefined; limit: number },
): Promise<EnteredCharge[]> =>
  queries.query(
    `select ${chargeColumns}, changed_by as "changedBy", extract(epoch from changed_at)::float8 * 1000 as "changedAt"
     from unit_charge
     where ($1::text is null or unit_id = $1) and ($2::text is null or month = to_date($2, 'YYYY-MM'))
       and ($3::text is null or month < to_date($3, 'YYYY-MM') or month = to_date($3, 'YYYY-MM') and unit_id > $4)
     order by unit_charge.month desc, unit_id limit $5`,
    [unitId ?? null, month ?? null, page.after?.month ?? null, page.after?.unitId ?? null, page.limit],
  )

/** Of these units, those that the registry does not have. */
export async function unknownUnits(queries: Queries, unitIds: readonly string[]): Promise<Set<string>> {
  const rows = await queries.query<{ unitId: string }>(
    `select wanted as "unitId" from unnest($1::text[]) as w (wanted)
     where not exists (select from consumer_unit where unit_id = wanted)`,
    [unitIds],
  )
  return new Set(rows.map(({ unitId }) => unitId))
}

/**
 * Enters charges, and has the cases that rest on them looked at again.
 * @param charges  each unit and month once
 * @param at       UTC milliseconds
 * @returns how many are new, and how many were otherwise before
 */
export async function saveCharges(
  client: PoolClient,
  charges: readonly Charge[],
  by: string,
  at: number,
): Promise<{ added: number; changed: number }> {
  const column = (name: keyof Charge): unknown[] => charges.map((charge) => charge[name])
  const { rows } = await client.query<{ unitId: string; added: boolean }>(
    `insert into unit_charge as c (unit_id, month, eusd_brl, source, changed_by, changed_at)
     select unit_id, to_date(month, 'YYYY-MM'), eusd_brl, source, $5, to_timestamp($6::float8 / 1000)
     from unnest($1::text[], $2::text[], $3::float8[], $4::text[]) as r (unit_id, month, eusd_brl, source)
     order by 1, 2
     on conflict (unit_id, month) do update set eusd_brl = excluded.eusd_brl, source = excluded.source,
       changed_by = excluded.changed_by, changed_at = excluded.changed_at
     where (c.eusd_brl, c.source) is distinct from (excluded.eusd_brl, excluded.source)
     returning unit_id as "unitId", xmax = 0 as added`,
    [column('unitId'), column('month'), column('eusdBrl'), column('source'), by, at],
  )
  await client.query(
    `update voltage_case set touched = true
     where unit_id = any ($1) or case_id in (select case_id from voltage_compensation where unit_id = any ($1))`,
    [[...new Set(rows.map(({ unitId }) => unitId))]],
  )
  const added = rows.filter((row) => row.added).length
  return { added, changed: rows.length - added }
}
