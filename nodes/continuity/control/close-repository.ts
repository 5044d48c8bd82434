import type { Queries } from '../../../platform/storage/queries.ts'
import type { KeptLine } from './hash-chain.ts'

/** A month as it was closed. Instants are UTC milliseconds. */
export interface MonthClose {
  /** `YYYY-MM` */
  readonly month: string
  readonly version: number
  readonly closedAt: number
  readonly approvalId: number
  readonly reason: string
  readonly rows: number
  readonly units: number
  readonly compensationBrl: number
  readonly deltaBrl: number
  readonly changedUnits: number
  readonly hash: string
}

const dayOf = (month: string): string => `${month}-01`
const columns = `to_char(month, 'YYYY-MM') as month, version, (extract(epoch from closed_at) * 1000)::float8 as "closedAt",
  approval_id::float8 as "approvalId", reason, rows, units, compensation_brl as "compensationBrl", delta_brl as "deltaBrl",
  changed_units as "changedUnits", hash`

/** Versions of months, the newest month first and of it the newest version. */
export const listCloses = (
  queries: Queries,
  {
    month,
    after,
    limit,
  }: { month: string | null; after: { month: string; version: number } | undefined; limit: number },
): Promise<MonthClose[]> =>
  queries.query(
    `select ${columns} from month_close
     where ($1::date is null or month = $1::date) and ($2::date is null or (month, version) < ($2::date, $3::integer))
     order by month_close.month desc, version desc limit $4`,
    [month && dayOf(month), after ? dayOf(after.month) : null, after?.version ?? null, limit],
  )

export async function findClose(queries: Queries, month: string, version: number): Promise<MonthClose | undefined> {
  const [row] = await queries.query<MonthClose>(
    `select ${columns} from month_close where month = $1::date and version = $2`,
    [dayOf(month), version],
  )
  return row
}

/** The newest version of a month. */
export async function lastClose(queries: Queries, month: string): Promise<MonthClose | undefined> {
  const [row] = await queries.query<MonthClose>(
    `select ${columns} from month_close where month = $1::date order by version desc limit 1`,
    [dayOf(month)],
  )
  return row
}

export async function insertClose(queries: Queries, close: MonthClose): Promise<void> {
  await queries.query(
    `insert into month_close (month, version, closed_at, approval_id, reason, rows, units, compensation_brl, delta_brl,
       changed_units, hash)
     values ($1::date, $2, to_timestamp($3::float8 / 1000), $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[dayOf(close.month), close.version, close.closedAt, close.approvalId, close.reason, close.rows, close.units],
      ...[close.compensationBrl, close.deltaBrl, close.changedUnits, close.hash],
    ],
  )
}

export async function insertCloseRows(
  queries: Queries,
  { month, version }: Pick<MonthClose, 'month' | 'version'>,
  lines: readonly KeptLine[],
): Promise<void> {
  const column = (name: keyof KeptLine): unknown[] => lines.map((line) => line[name])
  await queries.query(
    `insert into month_close_row (month, version, row, line, hash, kind, subject, amount_brl)
     select $1::date, $2, row, line, hash, kind, subject, amount_brl
     from unnest($3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[])
       lines (row, line, hash, kind, subject, amount_brl)`,
    [
      ...[dayOf(month), version, column('row'), column('line'), column('hash'), column('kind'), column('subject')],
      column('amountBrl'),
    ],
  )
}

/** Lines after a row, in their order. */
export const closeLines = (
  queries: Queries,
  { month, version }: Pick<MonthClose, 'month' | 'version'>,
  after: number,
  limit: number,
): Promise<KeptLine[]> =>
  queries.query(
    `select row, line, hash, kind, subject, amount_brl as "amountBrl" from month_close_row where month = $1::date and version = $2 and row > $3
     order by row limit $4`,
    [dayOf(month), version, after, limit],
  )

export interface LineOf {
  readonly subject: string
  readonly line: string
  readonly amountBrl: number | null
}

/** Lines of a kind in a version, from one subject to another: a stretch of the index, whatever the statistics say. */
export const linesBetween = (
  queries: Queries,
  { month, version }: Pick<MonthClose, 'month' | 'version'>,
  kind: string,
  { first, last }: { readonly first: string; readonly last: string },
): Promise<LineOf[]> =>
  queries.query(
    `select subject, line, amount_brl as "amountBrl" from month_close_row
     where month = $1::date and version = $2 and kind = $3 and subject between $4 and $5`,
    [dayOf(month), version, kind, first, last],
  )

/** All lines of a kind in a version, in their order: of a kind of which there are few. */
export async function linesOfKind(
  queries: Queries,
  { month, version }: Pick<MonthClose, 'month' | 'version'>,
  kind: string,
): Promise<string[]> {
  const rows = await queries.query<{ line: string }>(
    'select line from month_close_row where month = $1::date and version = $2 and kind = $3 order by row',
    [dayOf(month), version, kind],
  )
  return rows.map(({ line }) => line)
}

/** Lines of units in a version to whom something is due, by name, after one. */
export const dueUnitLines = (
  queries: Queries,
  { month, version }: Pick<MonthClose, 'month' | 'version'>,
  after: string,
  limit: number,
): Promise<{ subject: string; line: string }[]> =>
  queries.query(
    `select subject, line from month_close_row
     where month = $1::date and version = $2 and kind = 'unit' and amount_brl > 0 and subject > $3
     order by subject limit $4`,
    [dayOf(month), version, after, limit],
  )

/** Units in a version that are not in the registry any more, with what they came to. */
export const unitLinesGone = (
  queries: Queries,
  { month, version }: Pick<MonthClose, 'month' | 'version'>,
): Promise<{ unitId: string; amountBrl: number | null }[]> =>
  queries.query(
    `select subject as "unitId", amount_brl as "amountBrl" from month_close_row r
     where month = $1::date and version = $2 and kind = 'unit'
       and not exists (select from consumer_unit u where u.unit_id = r.subject)`,
    [dayOf(month), version],
  )

/** What of a version is otherwise than in the version before; null: it was not there, or is not any more. */
export interface CloseDifference {
  readonly kind: string
  readonly subject: string
  readonly beforeBrl: number | null
  readonly afterBrl: number | null
  readonly before: string | null
  readonly after: string | null
}

/** Rows that differ from the version before, by kind and subject: those of one kind only where it is named. */
export const closeDifferences = (
  queries: Queries,
  { month, version }: Pick<MonthClose, 'month' | 'version'>,
  { kind, after, limit }: { kind: string | null; after: { kind: string; subject: string } | undefined; limit: number },
): Promise<CloseDifference[]> =>
  queries.query(
    `select kind, subject, b.amount_brl as "beforeBrl", a.amount_brl as "afterBrl", b.line as before, a.line as after
     from (select kind, subject, line, amount_brl from month_close_row where month = $1::date and version = $2) a
     full join (select kind, subject, line, amount_brl from month_close_row where month = $1::date and version = $2 - 1) b
       using (kind, subject)
     where a.line is distinct from b.line and kind <> 'month' and ($3::text is null or kind = $3)
       and ($4::text is null or (kind, subject) > ($4, $5))
     order by kind, subject limit $6`,
    [dayOf(month), version, kind, after?.kind ?? null, after?.subject ?? null, limit],
  )
