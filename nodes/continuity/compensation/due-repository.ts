import type { Queries } from '../../../platform/storage/queries.ts'

export interface DueFilter {
  /** `YYYY-MM` */
  readonly month: string
  readonly conjuntoId?: string | undefined
  readonly unitId?: string | undefined
  /** Those that wait, or only those that do not. */
  readonly pending?: boolean | undefined
}

/** A unit to which something is due for a month, or may be. */
export interface DueUnit {
  readonly unitId: string
  /** What was due when the month was closed, R$; null: it was not closed, or the unit was not in it. */
  readonly bookedBrl: number | null
}

/**
 * Units to which something is due, that wait, or to which something was due when the month was closed, by name.
 * @param version  the newest version in which the month was closed; null: none
 */
export const unitsDue = (
  queries: Queries,
  { month, conjuntoId, unitId, pending }: DueFilter,
  version: number | null,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<DueUnit[]> =>
  queries.query(
    `select u.unit_id as "unitId", b.amount_brl as "bookedBrl"
     from consumer_unit u
       left join unit_continuity c on c.unit_id = u.unit_id and c.month = $1::date
       left join month_close_row b on b.month = $1::date and b.version = $2 and b.kind = 'unit' and b.subject = u.unit_id
     where u.unit_id > $3 and (c.compensation_brl > 0 or c.pending is not null or b.amount_brl > 0)
       and ($4::text is null or u.conjunto_id = $4) and ($5::text is null or u.unit_id = $5)
       and ($6::boolean is null or (c.pending is not null) = $6)
     order by u.unit_id limit $7`,
    [...[`${month}-01`, version, page.after ?? '', conjuntoId ?? null, unitId ?? null, pending ?? null], page.limit],
  )
