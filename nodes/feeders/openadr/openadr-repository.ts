import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { CallResult } from '../domain/openadr/report.ts'

/** Events and programs that come from here are of this source. */
export const openadrSource = 'openadr'

export type ObjectKind = 'program' | 'event'
export type ObjectState = 'taken' | 'partly' | 'refused' | 'withdrawn'

/** Something that a VTN has, as it was found last. Instants are UTC milliseconds of the platform's clock. */
export interface KnownObject {
  readonly kind: ObjectKind
  readonly objectId: string
  readonly name: string
  readonly version: string
  readonly firstSeenAt: number
  readonly versionSeenAt: number
  readonly state: ObjectState
  readonly notTaken: readonly string[]
  readonly calls: readonly string[]
  readonly content: unknown
  readonly lookAgainAt: number | null
}

const objectColumns = `kind, object_id as "objectId", name, version, ${milliseconds('first_seen_at')} as "firstSeenAt",
  ${milliseconds('version_seen_at')} as "versionSeenAt", state, not_taken as "notTaken", calls, content,
  ${milliseconds('look_again_at')} as "lookAgainAt"`

/** All that is not withdrawn. */
export function knownObjects(queries: Queries, kind: ObjectKind): Promise<KnownObject[]> {
  return queries.query<KnownObject>(
    `select ${objectColumns} from openadr_object where kind = $1 and state <> 'withdrawn' order by object_id`,
    [kind],
  )
}

/** One, as it was found last, also where it is withdrawn. */
export async function knownObject(
  queries: Queries,
  kind: ObjectKind,
  objectId: string,
): Promise<KnownObject | undefined> {
  const [row] = await queries.query<KnownObject>(
    `select ${objectColumns} from openadr_object where kind = $1 and object_id = $2`,
    [kind, objectId],
  )
  return row
}

/** Keeps what was found of an object. @param at  UTC milliseconds of the platform's clock */
export async function keepObject(queries: Queries, object: KnownObject, at: number): Promise<void> {
  const instant = (parameter: number): string => `to_timestamp($${parameter}::float8 / 1000)`
  await queries.query(
    `insert into openadr_object (kind, object_id, name, version, state, not_taken, calls, content, first_seen_at,
       version_seen_at, look_again_at, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, ${instant(9)}, ${instant(10)}, ${instant(11)}, ${instant(12)})
     on conflict (kind, object_id) do update set name = excluded.name, version = excluded.version, state = excluded.state,
       not_taken = excluded.not_taken, calls = excluded.calls, content = excluded.content,
       first_seen_at = excluded.first_seen_at, version_seen_at = excluded.version_seen_at,
       look_again_at = excluded.look_again_at, changed_at = excluded.changed_at`,
    [
      ...[object.kind, object.objectId, object.name, object.version, object.state],
      ...[JSON.stringify(object.notTaken), JSON.stringify(object.calls)],
      ...[object.content === null ? null : JSON.stringify(object.content)],
      ...[object.firstSeenAt, object.versionSeenAt, object.lookAgainAt, at],
    ],
  )
}

/** Forgets what was withdrawn before. @param before  UTC milliseconds */
export async function forgetWithdrawn(queries: Queries, before: number): Promise<void> {
  await queries.query(
    `with gone as (
       delete from openadr_object where state = 'withdrawn' and changed_at < to_timestamp($1::float8 / 1000)
       returning kind, object_id
     )
     delete from openadr_report using gone where kind = 'event' and event_object_id = object_id`,
    [before],
  )
}

/** What cannot be followed, or not all of it, the newest first. */
export interface NotTaken {
  readonly kind: ObjectKind
  readonly objectId: string
  readonly name: string
  readonly state: ObjectState
  readonly notTaken: readonly string[]
  readonly changedAt: number
}

export function notTakenObjects(queries: Queries, most: number): Promise<NotTaken[]> {
  return queries.query<NotTaken>(
    `select kind, object_id as "objectId", name, state, not_taken as "notTaken", ${milliseconds('changed_at')} as "changedAt"
     from openadr_object where state <> 'withdrawn' and jsonb_array_length(not_taken) > 0
     order by changed_at desc, kind, object_id limit $1`,
    [most],
  )
}

export function countObjects(
  queries: Queries,
): Promise<{ readonly kind: ObjectKind; readonly state: ObjectState; readonly count: number }[]> {
  return queries.query(
    'select kind, state, count(*)::int as count from openadr_object group by kind, state order by kind, state',
  )
}

/** How polling goes. Instants are UTC milliseconds of the wall's clock. */
export interface Polling {
  readonly holder: string | null
  readonly attemptedAt: number | null
  readonly succeededAt: number | null
  readonly failures: number
  readonly error: string | null
  readonly nextAt: number | null
}

export async function readPolling(queries: Queries): Promise<Polling> {
  const [row] = await queries.query<Polling>(
    `select holder, ${milliseconds('attempted_at')} as "attemptedAt", ${milliseconds('succeeded_at')} as "succeededAt",
       failures, error, ${milliseconds('next_at')} as "nextAt"
     from openadr_polling`,
  )
  return row!
}

/**
 * Takes or renews the right to poll: one process at a time has it, until it gives it up or lets it run out.
 * @param now, until  UTC milliseconds of the wall's clock
 * @returns whether it has it, and when the next poll is due
 */
export async function holdPolling(
  queries: Queries,
  { holder, now, until }: { readonly holder: string; readonly now: number; readonly until: number },
): Promise<{ readonly nextAt: number | null; readonly failures: number } | undefined> {
  const [row] = await queries.query<{ nextAt: number | null; failures: number }>(
    `update openadr_polling set holder = $1, held_until = to_timestamp($3::float8 / 1000)
     where holder is null or holder = $1 or held_until <= to_timestamp($2::float8 / 1000)
     returning ${milliseconds('next_at')} as "nextAt", failures`,
    [holder, now, until],
  )
  return row
}

export async function releasePolling(queries: Queries, holder: string): Promise<void> {
  await queries.query('update openadr_polling set holder = null, held_until = null where holder = $1', [holder])
}

/** What came of a poll; @returns whether the holder was still the one who may poll. */
export async function notePoll(
  queries: Queries,
  holder: string,
  poll: {
    readonly attemptedAt: number
    readonly succeededAt: number | null
    readonly failures: number
    readonly error: string | null
    readonly nextAt: number
  },
): Promise<void> {
  await queries.query(
    `update openadr_polling set attempted_at = to_timestamp($2::float8 / 1000),
       succeeded_at = coalesce(to_timestamp($3::float8 / 1000), succeeded_at), failures = $4, error = $5,
       next_at = to_timestamp($6::float8 / 1000)
     where holder = $1`,
    [holder, poll.attemptedAt, poll.succeededAt, poll.failures, poll.error, poll.nextAt],
  )
}

/** A report that was sent, or is to be. Instants are UTC milliseconds of the wall's clock. */
export interface KnownReport {
  readonly eventObjectId: string
  readonly reportId: string | null
  readonly contentHash: string | null
  readonly sentAt: number | null
  readonly attempts: number
  readonly error: string | null
  readonly tryAgainAt: number | null
}

export async function knownReport(queries: Queries, eventObjectId: string): Promise<KnownReport | undefined> {
  const [row] = await queries.query<KnownReport>(
    `select event_object_id as "eventObjectId", report_id as "reportId", content_hash as "contentHash",
       ${milliseconds('sent_at')} as "sentAt", attempts, error, ${milliseconds('try_again_at')} as "tryAgainAt"
     from openadr_report where event_object_id = $1`,
    [eventObjectId],
  )
  return row
}

export async function keepReport(queries: Queries, report: KnownReport): Promise<void> {
  await queries.query(
    `insert into openadr_report (event_object_id, report_id, content_hash, sent_at, attempts, error, try_again_at)
     values ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, $6, to_timestamp($7::float8 / 1000))
     on conflict (event_object_id) do update set report_id = excluded.report_id, content_hash = excluded.content_hash,
       sent_at = excluded.sent_at, attempts = excluded.attempts, error = excluded.error, try_again_at = excluded.try_again_at`,
    [
      ...[report.eventObjectId, report.reportId, report.contentHash, report.sentAt, report.attempts, report.error],
      report.tryAgainAt,
    ],
  )
}

/** Reports that were not taken the last time, the newest first. */
export function refusedReports(
  queries: Queries,
  most: number,
): Promise<{ readonly eventObjectId: string; readonly error: string; readonly attempts: number }[]> {
  return queries.query(
    `select event_object_id as "eventObjectId", error, attempts from openadr_report where error is not null
     order by try_again_at desc nulls last, event_object_id limit $1`,
    [most],
  )
}

/** What came of the calls of an event so far, by the name of the call. */
export function resultsOfCalls(
  queries: Queries,
  names: readonly string[],
): Promise<(Omit<CallResult, 'intervalId'> & { readonly externalId: string })[]> {
  return queries.query(
    `select e.external_id as "externalId", r.feeder_id as "feederId", ${milliseconds('e.starts_at')} as "startsAt",
       ${milliseconds('coalesce(least(e.ends_at, e.cancelled_at), e.ends_at)')} as "endsAt",
       r.baseline_kwh as "baselineKwh", r.actual_kwh as "actualKwh", r.basis
     from dr_event e join dr_result r using (event_id)
     where e.source = $1 and e.external_id = any ($2::text[])
     order by e.external_id, r.feeder_id`,
    [openadrSource, names],
  )
}

/** How many of these calls are not over, or have no result yet. @param at  UTC milliseconds of the platform's clock */
export async function openCalls(queries: Queries, names: readonly string[], at: number): Promise<number> {
  const [row] = await queries.query<{ count: number }>(
    `select count(*)::int as count from dr_event e
     where e.source = $1 and e.external_id = any ($2::text[])
       and (coalesce(least(e.ends_at, e.cancelled_at), e.ends_at) > to_timestamp($3::float8 / 1000)
         or (coalesce(least(e.ends_at, e.cancelled_at), e.ends_at) > e.starts_at
           and not exists (select from dr_result r where r.event_id = e.event_id)))`,
    [openadrSource, names, at],
  )
  return row!.count
}
