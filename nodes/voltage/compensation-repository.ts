import type { PoolClient } from 'pg'
import type { Queries } from '../../platform/storage/queries.ts'
import type { ExplainedMoney } from '../../platform/regulation/money.ts'
import type { Booked, Revision } from './domain/booking.ts'

/** A line of the books: months are `YYYY-MM`, instants UTC milliseconds. */
export interface CompensationLine {
  readonly caseId: number
  readonly unitId: string
  readonly month: string
  readonly revision: number
  readonly measurementId: number
  readonly resultVersion: number
  /** Null: it waits, for what `pending` says. */
  readonly amountBrl: number | null
  readonly deltaBrl: number | null
  readonly explained: ExplainedMoney | null
  readonly cause: string
  readonly pending: string | null
  readonly bookedAt: number
}

const lineColumns = `case_id as "caseId", unit_id as "unitId", to_char(month, 'YYYY-MM') as month, revision,
  measurement_id as "measurementId", result_version as "resultVersion", amount_brl::float8 as "amountBrl",
  delta_brl::float8 as "deltaBrl", explained, cause, pending, extract(epoch from booked_at)::float8 * 1000 as "bookedAt"`

/** The newest revision of each unit and month of a case. */
export async function bookedRevisions(queries: Queries, caseId: number): Promise<Booked[]> {
  const rows = await queries.query<CompensationLine>(
    `select distinct on (voltage_compensation.month, unit_id) ${lineColumns} from voltage_compensation
     where case_id = $1 order by voltage_compensation.month, unit_id, revision desc`,
    [caseId],
  )
  return rows.map(({ unitId, month, revision, measurementId, resultVersion: version, explained, pending }) => ({
    ...{ unitId, month, revision, basis: { measurementId, version } },
    money: explained ?? { pending: pending! },
  }))
}

/** Takes out lines that wait for something that is not due any more. */
export async function strikePending(client: PoolClient, caseId: number, lines: readonly Booked[]): Promise<void> {
  await client.query(
    `delete from voltage_compensation c using unnest($2::text[], $3::text[]) as s (unit_id, month)
     where c.case_id = $1 and c.unit_id = s.unit_id and c.month = to_date(s.month, 'YYYY-MM') and c.pending is not null`,
    [caseId, lines.map(({ unitId }) => unitId), lines.map(({ month }) => month)],
  )
}

/** Writes lines. One that waited is written anew, one that was booked never. @param at  UTC milliseconds */
export async function writeRevisions(
  client: PoolClient,
  caseId: number,
  revisions: readonly Revision[],
  at: number,
): Promise<void> {
  for (const { unitId, month, revision, basis, money, deltaBrl, cause } of revisions) {
    const [amountBrl, explained, pending] =
      'pending' in money ? [null, null, money.pending] : [money.amountBrl, JSON.stringify(money), null]
    await client.query(
      `insert into voltage_compensation as c (case_id, unit_id, month, revision, measurement_id, result_version, amount_brl, delta_brl,
         explained, cause, pending, booked_at)
       values ($1, $2, to_date($3, 'YYYY-MM'), $4, $5, $6, $7, $8, $9, $10, $11, to_timestamp($12::float8 / 1000))
       on conflict (case_id, unit_id, month, revision) do update set measurement_id = excluded.measurement_id,
         result_version = excluded.result_version, amount_brl = excluded.amount_brl, delta_brl = excluded.delta_brl,
         explained = excluded.explained, cause = excluded.cause, pending = excluded.pending, booked_at = excluded.booked_at
       where c.pending is not null`,
      [
        ...[caseId, unitId, month, revision, basis.measurementId, basis.version],
        ...[amountBrl, deltaBrl, explained, cause, pending, at],
      ],
    )
  }
}

export interface CompensationFilter {
  readonly caseId?: number | undefined
  readonly unitId?: string | undefined
  readonly month?: string | undefined
  readonly pending?: boolean | undefined
}

export interface CompensationKey {
  readonly month: string
  readonly caseId: number
  readonly unitId: string
  readonly revision: number
}

/** By month, the newest first, case, unit and revision; `limit` at most, those behind `after`. */
export const listCompensation = (
  queries: Queries,
  { caseId, unitId, month, pending }: CompensationFilter,
  page: { after?: CompensationKey | undefined; limit: number },
): Promise<CompensationLine[]> =>
  queries.query(
    `select ${lineColumns} from voltage_compensation
     where ($1::integer is null or case_id = $1) and ($2::text is null or unit_id = $2)
       and ($3::text is null or month = to_date($3, 'YYYY-MM')) and ($4::boolean is null or (pending is not null) = $4)
       and ($5::text is null or month < to_date($5, 'YYYY-MM')
         or month = to_date($5, 'YYYY-MM') and (case_id, unit_id, revision) > ($6::integer, $7::text, $8::smallint))
     order by voltage_compensation.month desc, case_id, unit_id, revision limit $9`,
    [
      ...[caseId ?? null, unitId ?? null, month ?? null, pending ?? null],
      ...[
        page.after?.month ?? null,
        page.after?.caseId ?? null,
        page.after?.unitId ?? null,
        page.after?.revision ?? null,
      ],
      page.limit,
    ],
  )

/** What is due for a month in all. */
export interface CompensationMonth {
  readonly month: string
  readonly units: number
  readonly amountBrl: number
  /** Of it, what corrections added or took away after it had been booked. */
  readonly correctedBrl: number
  /** Units that wait. */
  readonly pending: number
}

/** Months `YYYY-MM` from `from` to `to`, both included, the newest first. */
export const compensationMonths = (queries: Queries, from: string, to: string): Promise<CompensationMonth[]> =>
  queries.query(
    `select to_char(month, 'YYYY-MM') as month, count(distinct unit_id)::integer as units, coalesce(sum(delta_brl), 0)::float8 as "amountBrl",
       coalesce(sum(delta_brl) filter (where revision > 1), 0)::float8 as "correctedBrl",
       (count(*) filter (where pending is not null))::integer as pending
     from voltage_compensation where month between to_date($1, 'YYYY-MM') and to_date($2, 'YYYY-MM')
     group by voltage_compensation.month order by voltage_compensation.month desc`,
    [from, to],
  )
