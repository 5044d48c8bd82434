import type { ExplainedMoney } from '../../../platform/regulation/money.ts'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'

/** How an event's result came about, to be calculated again. Instants are ISO 8601. */
export interface ResultDetail {
  readonly baselineDays: readonly string[]
  readonly adjustmentKw: number
  readonly unadjusted: string | null
  readonly parts: readonly {
    readonly from: string
    readonly to: string
    readonly meanKw: number
    readonly baselineKw: number
    readonly actualKw: number | null
    readonly coverage: number
  }[]
}

/** What came of an event on one feeder. Energy in kWh. */
export interface EventResult {
  readonly eventId: number
  readonly feederId: string
  /** UTC milliseconds of the platform's clock. */
  readonly computedAt: number
  /** Readings that come later change it no more. */
  readonly isFinal: boolean
  readonly basis: 'head' | 'devices'
  /** Null with a reason. */
  readonly baselineKwh: number | null
  readonly actualKwh: number | null
  readonly deliveredKwh: number | null
  /** Null: nothing was agreed on. */
  readonly committedKwh: number | null
  readonly coverage: number
  readonly reason: string | null
  readonly detail: ResultDetail
  /** Null: no program, or nobody can say what was delivered. */
  readonly money: ExplainedMoney | null
}

/** Writes a result, in the place of the one before. */
export async function writeResult(queries: Queries, result: EventResult): Promise<void> {
  await queries.query(
    `insert into dr_result (event_id, feeder_id, computed_at, is_final, basis, baseline_kwh, actual_kwh, delivered_kwh,
       committed_kwh, coverage, reason, detail, money)
     values ($1, $2, to_timestamp($3::float8 / 1000), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (event_id, feeder_id) do update set computed_at = excluded.computed_at, is_final = excluded.is_final,
       basis = excluded.basis, baseline_kwh = excluded.baseline_kwh, actual_kwh = excluded.actual_kwh,
       delivered_kwh = excluded.delivered_kwh, committed_kwh = excluded.committed_kwh, coverage = excluded.coverage,
       reason = excluded.reason, detail = excluded.detail, money = excluded.money`,
    [
      ...[result.eventId, result.feederId, result.computedAt, result.isFinal, result.basis, result.baselineKwh],
      ...[result.actualKwh, result.deliveredKwh, result.committedKwh, result.coverage, result.reason],
      ...[JSON.stringify(result.detail), result.money && JSON.stringify(result.money)],
    ],
  )
}

/** What came of an event, by feeder. */
export function resultsOf(queries: Queries, eventId: number): Promise<EventResult[]> {
  return queries.query<EventResult>(
    `select event_id::float8 as "eventId", feeder_id as "feederId", ${milliseconds('computed_at')} as "computedAt",
       is_final as "isFinal", basis, baseline_kwh as "baselineKwh", actual_kwh as "actualKwh", delivered_kwh as "deliveredKwh",
       committed_kwh as "committedKwh", coverage, reason, detail, money
     from dr_result where event_id = $1 order by feeder_id`,
    [eventId],
  )
}

/** What a device took in an event, and gave up, kWh. */
export interface DeviceUtilisation {
  readonly eventId: number
  readonly deviceId: string
  readonly usedKwh: number
  /** Null: it has no baseline. */
  readonly baselineKwh: number | null
  readonly shedKwh: number | null
}

/** Of an event by device, `limit` at most, behind `after`. @param startsAt  its beginning, UTC milliseconds */
export function utilisationOf(
  queries: Queries,
  { eventId, startsAt }: { readonly eventId: number; readonly startsAt: number },
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<DeviceUtilisation[]> {
  return queries.query<DeviceUtilisation>(
    `select event_id::float8 as "eventId", device_id as "deviceId", used_kwh as "usedKwh", baseline_kwh as "baselineKwh",
       shed_kwh as "shedKwh"
     from dr_utilisation
     where at = to_timestamp($1::float8 / 1000) and event_id = $2 and ($3::text is null or device_id > $3)
     order by device_id limit $4`,
    [startsAt, eventId, page.after ?? null, page.limit],
  )
}

/** What a device took and gave up in the events of a program, kWh. */
export interface ProgramUtilisation {
  readonly deviceId: string
  readonly events: number
  readonly usedKwh: number
  readonly shedKwh: number
}

/** Of a program by device, in events that began from `since` until before `until` (UTC milliseconds), `limit` at most, behind `after`. */
export function programUtilisation(
  queries: Queries,
  of: { readonly programId: number; readonly since: number; readonly until: number },
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<ProgramUtilisation[]> {
  return queries.query<ProgramUtilisation>(
    `select device_id as "deviceId", count(*)::int as events, sum(used_kwh) as "usedKwh", coalesce(sum(shed_kwh), 0) as "shedKwh"
     from dr_utilisation join dr_event using (event_id)
     where program_id = $1 and at >= to_timestamp($2::float8 / 1000) and at < to_timestamp($3::float8 / 1000)
       and ($4::text is null or device_id > $4)
     group by device_id order by device_id limit $5`,
    [of.programId, of.since, of.until, page.after ?? null, page.limit],
  )
}
