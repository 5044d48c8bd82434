import type { Queries } from '../../../platform/storage/queries.ts'
import type { EventDuration, ParcelShares } from '../domain/individual.ts'

/** What units are ranked by. */
export const unitRanks = ['dic', 'fic', 'dmic', 'compensation'] as const
export type UnitRank = (typeof unitRanks)[number]

/** A unit's month as it was last written. */
export interface StoredUnitMonth {
  readonly unitId: string
  readonly conjuntoId: string | null
  readonly month: string
  readonly dicMs: number
  readonly fic: number
  readonly dmicMs: number
  readonly dicri: readonly EventDuration[]
  readonly dise: readonly EventDuration[]
  readonly parcels: ParcelShares
  readonly violated: readonly string[]
  readonly compensationBrl: number | null
  readonly pending: string | null
  readonly lasts: boolean
  /** Until when it is counted, UTC milliseconds. */
  readonly computedAt: number
  readonly changed: number
}

export const storedColumns = `
  u.unit_id as "unitId", u.conjunto_id as "conjuntoId", to_char(c.month, 'YYYY-MM') as month, c.dic_ms::float8 as "dicMs", c.fic,
  c.dmic_ms::float8 as "dmicMs", c.dicri, c.dise, c.parcels, c.violated, c.compensation_brl as "compensationBrl", c.pending, c.lasts,
  (extract(epoch from c.computed_at) * 1000)::float8 as "computedAt", c.changed::float8 as changed`

export interface RankFilter {
  readonly conjuntoId?: string | undefined
  /** Those above a limit, or those above none. */
  readonly violated?: boolean | undefined
}

/** Where a list of ranked units begins: after this one. */
export interface RankPosition {
  readonly value: number
  readonly unitId: string
}

/** Units of a month, the greatest first, those of a kind by identifier. */
export const rankedUnitMonths = (
  queries: Queries,
  month: string,
  rank: UnitRank,
  { conjuntoId, violated }: RankFilter,
  { after, limit }: { after: RankPosition | undefined; limit: number },
): Promise<(StoredUnitMonth & { value: number })[]> =>
  queries.query(
    `select * from (
       select ${storedColumns}, case $2 when 'dic' then c.dic_ms::float8 when 'fic' then c.fic::float8
         when 'dmic' then c.dmic_ms::float8 else coalesce(c.compensation_brl, 0) end as value
       from unit_continuity c join consumer_unit u using (unit_id)
       where c.month = $1::date and c.parcels <> '{}' and ($3::text is null or u.conjunto_id = $3)
         and ($4::boolean is null or (c.violated <> '{}') = $4)
     ) ranked
     where $5::float8 is null or value < $5 or (value = $5 and "unitId" > $6)
     order by value desc, "unitId" limit $7`,
    [`${month}-01`, rank, conjuntoId ?? null, violated ?? null, after?.value ?? null, after?.unitId ?? null, limit],
  )
