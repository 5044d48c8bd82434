import type { PoolClient } from 'pg'
import type { Queries } from '../../platform/storage/queries.ts'
import type { Deadlines, MeasuredResult, Violation, ViolationChoices } from './domain/regularisation.ts'
import { referenceVoltage } from '../../platform/network/reference-voltage.ts'

export const caseStatuses = ['open', 'regularised', 'void'] as const
export type CaseStatus = (typeof caseStatuses)[number]

/** A violation to be put right. Instants are UTC milliseconds, days `YYYY-MM-DD`. */
export interface VoltageCase {
  readonly caseId: number
  readonly unitId: string
  /** The measurement that found the violation, and its end. */
  readonly openedBy: number
  readonly openedAt: number
  readonly drpDueOn: string | null
  readonly drcDueOn: string | null
  /** What was chosen, when it was opened, where the norm is uncertain. */
  readonly choices: ViolationChoices
  /** The measurement that complied, and when the violation ended; null while it lasts. */
  readonly closedBy: number | null
  readonly closedAt: number | null
  readonly outcome: 'regularised' | 'void' | null
}

/** Work that was done to put a violation right. */
export interface CaseWork {
  readonly workId: number
  readonly caseId: number
  readonly doneAt: number
  readonly what: string
  readonly doneBy: string
  readonly enteredBy: string
  readonly enteredAt: number
}

const caseColumns = `case_id as "caseId", unit_id as "unitId", opened_by as "openedBy",
  extract(epoch from opened_at)::float8 * 1000 as "openedAt", drp_due_on::text as "drpDueOn", drc_due_on::text as "drcDueOn", choices,
  closed_by as "closedBy", extract(epoch from closed_at)::float8 * 1000 as "closedAt", outcome`

export const casesOfUnit = (queries: Queries, unitId: string): Promise<VoltageCase[]> =>
  queries.query(`select ${caseColumns} from voltage_case where unit_id = $1 order by opened_at, case_id`, [unitId])

/** @returns undefined where there is none */
export async function findCase(queries: Queries, caseId: number): Promise<VoltageCase | undefined> {
  const [found] = await queries.query<VoltageCase>(`select ${caseColumns} from voltage_case where case_id = $1`, [
    caseId,
  ])
  return found
}

export interface CaseFilter {
  readonly unitId?: string | undefined
  readonly status?: CaseStatus | undefined
  /** Open ones whose first deadline is before this day. */
  readonly overdueOn?: string | undefined
}

/** The newest first, `limit` at most, those before `before`. */
export const listCases = (
  queries: Queries,
  { unitId, status, overdueOn }: CaseFilter,
  page: { before?: number | undefined; limit: number },
): Promise<VoltageCase[]> =>
  queries.query(
    `select ${caseColumns} from voltage_case
     where ($1::text is null or unit_id = $1) and ($2::text is null or coalesce(outcome::text, 'open') = $2)
       and ($3::date is null or closed_at is null and least(drp_due_on, drc_due_on) < $3) and ($4::integer is null or case_id < $4)
     order by case_id desc limit $5`,
    [unitId ?? null, status ?? null, overdueOn ?? null, page.before ?? null, page.limit],
  )

/** Units with cases in which something may have to be booked. @param until  UTC milliseconds */
export async function unitsToBook(queries: Queries, until: number): Promise<string[]> {
  const rows = await queries.query<{ unitId: string }>(
    `select distinct unit_id as "unitId" from voltage_case
     where touched or next_booking_at <= to_timestamp($1::float8 / 1000) order by 1`,
    [until],
  )
  return rows.map(({ unitId }) => unitId)
}

/** @param closedAt  when the violation ended, UTC milliseconds */
export async function saveCase(
  client: PoolClient,
  given: {
    readonly unitId: string
    readonly violation: Violation
    readonly choices: ViolationChoices
    readonly deadlines: Deadlines
    readonly closedAt: number | undefined
  },
): Promise<void> {
  const { unitId, violation, choices, deadlines, closedAt } = given
  const { opening, closing } = violation
  await client.query(
    `insert into voltage_case (unit_id, opened_by, opened_at, drp_due_on, drc_due_on, choices, closed_by, closed_at, outcome)
     values ($1, $2, to_timestamp($3::float8 / 1000), $4, $5, $6, $7, to_timestamp($8::float8 / 1000),
       case when $8::float8 is null then null else 'regularised'::case_outcome end)
     on conflict (opened_by) do update set opened_at = excluded.opened_at, drp_due_on = excluded.drp_due_on,
       drc_due_on = excluded.drc_due_on, closed_by = excluded.closed_by, closed_at = excluded.closed_at, outcome = excluded.outcome,
       touched = true`,
    [
      ...[unitId, opening.measurementId, opening.endedAt, deadlines.drp, deadlines.drc, JSON.stringify(choices)],
      ...[closing?.measurementId ?? null, closedAt ?? null],
    ],
  )
}

/** A correction took away what had opened it. @param at  UTC milliseconds */
export async function voidCase(client: PoolClient, caseId: number, at: number): Promise<void> {
  await client.query(
    `update voltage_case set outcome = 'void', closed_by = null, closed_at = to_timestamp($2::float8 / 1000), touched = true where case_id = $1`,
    [caseId, at],
  )
}

/** @param nextAt  when more may be due, UTC milliseconds; null: never */
export async function markBooked(client: PoolClient, caseId: number, nextAt: number | null): Promise<void> {
  await client.query(
    'update voltage_case set touched = false, next_booking_at = to_timestamp($2::float8 / 1000) where case_id = $1',
    [caseId, nextAt],
  )
}

/** The results in force of a unit's complete measurements. */
export const resultsOfUnit = (queries: Queries, unitId: string): Promise<MeasuredResult[]> =>
  queries.query(
    `select distinct on (m.measurement_id) m.measurement_id as "measurementId", version,
       extract(epoch from starts_at)::float8 * 1000 as "startedAt", extract(epoch from ended_at)::float8 * 1000 as "endedAt",
       reference_v as "referenceV", drp_pct as "drpPct", drc_pct as "drcPct", drp_violated as "drpViolated", drc_violated as "drcViolated"
     from voltage_measurement m join measurement_result r using (measurement_id)
     where unit_id = $1 and status = 'complete' order by m.measurement_id, version desc`,
    [unitId],
  )

export const worksOfUnit = (queries: Queries, unitId: string): Promise<CaseWork[]> =>
  queries.query(
    `select work_id as "workId", case_id as "caseId", extract(epoch from done_at)::float8 * 1000 as "doneAt", what, done_by as "doneBy",
       entered_by as "enteredBy", extract(epoch from entered_at)::float8 * 1000 as "enteredAt"
     from case_work join voltage_case using (case_id) where unit_id = $1 order by done_at, work_id`,
    [unitId],
  )

/** Enters work, and has what is due looked at again. @returns false where just that stands there already */
export async function insertWork(client: PoolClient, work: Omit<CaseWork, 'workId'>): Promise<boolean> {
  const { caseId, doneAt, what, doneBy, enteredBy, enteredAt } = work
  const { rowCount } = await client.query(
    `insert into case_work (case_id, done_at, what, done_by, entered_by, entered_at)
     values ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, to_timestamp($6::float8 / 1000)) on conflict do nothing`,
    [caseId, doneAt, what, doneBy, enteredBy, enteredAt],
  )
  await client.query('update voltage_case set touched = true where case_id = $1', [caseId])
  return rowCount === 1
}

export interface CompensatedUnit {
  readonly unitId: string
  /** Reference voltage, V. */
  readonly referenceV: number
}

/** The other units that are compensated with a measured one. @param ofSite  those of its site; else none */
export const compensatedUnits = (queries: Queries, unitId: string, ofSite: boolean): Promise<CompensatedUnit[]> =>
  queries.query(
    `select u.unit_id as "unitId", ${referenceVoltage} as "referenceV"
     from consumer_unit measured join consumer_unit u using (site_id)
     where measured.unit_id = $1 and u.unit_id <> $1 and $2 order by 1 limit 1000`,
    [unitId, ofSite],
  )
