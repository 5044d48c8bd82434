import type { PoolClient } from 'pg'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { ConjuntoMonth } from '../domain/collective.ts'
import type { UnitStanding } from '../domain/indicator-conditions.ts'
import { storedColumns, type StoredUnitMonth } from './ranked-unit-repository.ts'

/** Months written after $1, the first $2 of them. */
const next = `
  select changed from (
    (select changed from unit_continuity where changed > $1 order by changed limit $2)
    union all
    (select changed from conjunto_continuity where changed > $1 order by changed limit $2)
  ) both_kinds order by changed limit $2`

/** Transactions that wrote indicators after a position, oldest first: as many as make up `most` months. Of the last one fewer may be counted. */
export async function indicatorChangesAfter(
  client: Pick<PoolClient, 'query'>,
  position: number,
  most: number,
): Promise<{ position: number; months: number }[]> {
  const { rows } = await client.query<{ position: number; months: number }>(
    `select changed::float8 as position, count(*)::integer as months from (${next}) next group by changed order by changed`,
    [position, most],
  )
  return rows
}

/** Counted exactly up to here. */
const mostCounted = 1_000_000

/** How many transactions wrote indicators after a position, and how many months; a million of these at most are counted. */
export async function countIndicatorChangesAfter(
  queries: Queries,
  position: number,
): Promise<{ changes: number; months: number }> {
  const [row] = await queries.query<{ changes: number; months: number }>(
    `select count(distinct changed)::integer as changes, count(*)::integer as months from (${next}) next`,
    [position, mostCounted],
  )
  return row!
}

/**
 * Months of units that were written after one position up to another, as they stand now: a transaction wrote some thousand at most.
 * @param before  only units before this one, by identifier; all of them where it is null
 */
export const unitMonthsChanged = (
  queries: Queries,
  after: number,
  upTo: number,
  before: string | null = null,
): Promise<(StoredUnitMonth & { readonly feederId: string | null })[]> =>
  queries.query(
    `select ${storedColumns}, u.feeder_id as "feederId"
     from unit_continuity c join consumer_unit u using (unit_id)
     where c.changed > $1 and c.changed <= $2 and ($3::text is null or u.unit_id < $3)
     order by c.changed, u.unit_id`,
    [after, upTo, before],
  )

/** The unit that has so many others before it, by identifier; null where there are fewer. */
export async function firstSharedUnit(queries: Queries, before: number): Promise<string | null> {
  const [row] = await queries.query<{ unitId: string }>(
    'select unit_id as "unitId" from consumer_unit order by unit_id offset $1 limit 1',
    [before],
  )
  return row?.unitId ?? null
}

/** A conjunto's month as it was last written. */
export interface StoredConjuntoMonth extends ConjuntoMonth {
  /** Until when what lasts was counted, UTC milliseconds. */
  readonly computedAt: number
}

/** The same of conjuntos. */
export const conjuntoMonthsChanged = (queries: Queries, after: number, upTo: number): Promise<StoredConjuntoMonth[]> =>
  queries.query(
    `select conjunto_id as "conjuntoId", to_char(month, 'YYYY-MM') as month, units, parcels,
       (extract(epoch from computed_at) * 1000)::float8 as "computedAt"
     from conjunto_continuity where changed > $1 and changed <= $2 order by changed, conjunto_id`,
    [after, upTo],
  )

const standing = `
  u.unit_id as "unitId", u.feeder_id as "feederId", to_char(c.month, 'YYYY-MM') as month, c.violated,
  c.compensation_brl as "compensationBrl", (extract(epoch from c.computed_at) * 1000)::float8 as at`

/** Units of which the violated limits of a month became others by the transactions after one position up to another. */
export const violationsChanged = (
  queries: Queries,
  month: string,
  after: number,
  upTo: number,
): Promise<UnitStanding[]> =>
  queries.query(
    `select ${standing}
     from unit_continuity c join consumer_unit u using (unit_id)
     where c.violation_changed > greatest($2, 0) and c.violation_changed <= $3 and c.month = $1::date
     order by c.violation_changed, u.unit_id`,
    [`${month}-01`, after, upTo],
  )

/** Units that were above a limit in the month before, and are above none in this one: some after one, by identifier. */
export const endedViolations = (
  queries: Queries,
  before: string,
  month: string,
  { afterUnit, most }: { afterUnit: string; most: number },
): Promise<UnitStanding[]> =>
  queries.query(
    `select ${standing}
     from unit_continuity c join consumer_unit u using (unit_id)
     where c.month = $1::date and c.violated <> '{}' and c.unit_id > $3
       and not exists (select from unit_continuity n where n.unit_id = c.unit_id and n.month = $2::date and n.violated <> '{}')
     order by c.unit_id limit $4`,
    [`${before}-01`, `${month}-01`, afterUnit, most],
  )
