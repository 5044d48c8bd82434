import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Direction } from '../domain/allocation/problem.ts'
import type { Action, DemandCall, DemandMode } from '../domain/demand-response/call.ts'
import type { DemandTerms } from '../domain/demand-response/demand-money.ts'

/** An event as it is stored. Instants are UTC milliseconds of the platform's clock. */
export interface StoredEvent extends DemandCall {
  /** What whoever called for it calls it. */
  readonly type: string
  readonly cancelledBy: string | null
  readonly cancelReason: string | null
  /** Who it comes from, and how it is called there. */
  readonly source: string
  readonly externalId: string | null
  readonly requestHash: string
  readonly enteredBy: string
  readonly enteredAt: number
  /** What its program paid when it was entered, and since when (UTC milliseconds); null: it has none. */
  readonly terms: (DemandTerms & { readonly since: number }) | null
}

interface EventRow {
  readonly eventId: number
  readonly programId: number | null
  readonly type: string
  readonly feederId: string | null
  readonly mode: DemandMode
  readonly limitKw: number | null
  readonly direction: Direction
  readonly targetShedKw: number | null
  readonly priceBrlPerKwh: number | null
  readonly elasticity: number
  readonly startsAt: number
  readonly endsAt: number
  readonly snapbackMinutes: number
  readonly cancelledAt: number | null
  readonly cancelledBy: string | null
  readonly cancelReason: string | null
  readonly source: string
  readonly externalId: string | null
  readonly requestHash: string
  readonly enteredBy: string
  readonly enteredAt: number
  readonly incentiveBrlPerKwh: number | null
  readonly penaltyBrlPerKwh: number | null
  readonly programVersion: number | null
  readonly termsSince: number | null
}

const minuteMs = 60_000
const columns = `event_id::float8 as "eventId", program_id::float8 as "programId", type, feeder_id as "feederId", mode,
  limit_kw as "limitKw", direction, target_shed_kw as "targetShedKw", price_brl_kwh as "priceBrlPerKwh", elasticity,
  ${milliseconds('starts_at')} as "startsAt", ${milliseconds('ends_at')} as "endsAt", snapback_minutes as "snapbackMinutes",
  ${milliseconds('cancelled_at')} as "cancelledAt", cancelled_by as "cancelledBy", cancel_reason as "cancelReason", source,
  external_id as "externalId", request_hash as "requestHash", entered_by as "enteredBy", ${milliseconds('entered_at')} as "enteredAt",
  incentive_brl_kwh::float8 as "incentiveBrlPerKwh", penalty_brl_kwh::float8 as "penaltyBrlPerKwh",
  program_version as "programVersion", ${milliseconds('terms_since')} as "termsSince"`

/** What a row of a program or an event asks for. */
function actionOf(
  row: Pick<EventRow, 'mode' | 'limitKw' | 'direction' | 'targetShedKw' | 'priceBrlPerKwh' | 'elasticity'>,
): Action {
  const { mode, targetShedKw, elasticity } = row
  if (mode === 'limit') return { mode, direction: row.direction, limitKw: row.limitKw!, targetShedKw }
  if (mode === 'shed') return { mode, targetShedKw: targetShedKw! }
  return { mode, priceBrlPerKwh: row.priceBrlPerKwh!, elasticity, targetShedKw }
}

/** The columns of an action: limit, direction, target, price, elasticity. */
const actionColumns = (action: Action): readonly [number | null, Direction, number | null, number | null, number] => [
  action.mode === 'limit' ? action.limitKw : null,
  action.mode === 'limit' ? action.direction : 'import',
  action.targetShedKw,
  action.mode === 'price' ? action.priceBrlPerKwh : null,
  action.mode === 'price' ? action.elasticity : 0,
]

function eventOf(row: EventRow): StoredEvent {
  const { eventId, programId, type, feederId, startsAt, endsAt, cancelledAt, cancelledBy, cancelReason } = row
  const { source, externalId, requestHash, enteredBy, enteredAt } = row
  return {
    ...{ eventId, programId, type, feederId, startsAt, endsAt, cancelledAt, cancelledBy, cancelReason },
    ...{ source, externalId, requestHash, enteredBy, enteredAt, terms: termsOf(row) },
    ...{ action: actionOf(row), snapbackMs: row.snapbackMinutes * minuteMs },
  }
}

function termsOf(row: EventRow): StoredEvent['terms'] {
  const { programId, programVersion, incentiveBrlPerKwh, penaltyBrlPerKwh, termsSince } = row
  if (programId === null) return null
  return {
    ...{ programId, version: programVersion!, incentiveBrlPerKwh: incentiveBrlPerKwh! },
    ...{ penaltyBrlPerKwh: penaltyBrlPerKwh!, since: termsSince! },
  }
}

/** What is written of a new event. */
export type NewEvent = Omit<StoredEvent, 'eventId' | 'cancelledAt' | 'cancelledBy' | 'cancelReason' | 'terms'>

/** The terms of its program as it is now, for the columns of them. */
const terms = `left join dr_program p on p.program_id = $1::bigint`

/** @returns its id; undefined where its source has one of that name already */
export async function insertEvent(queries: Queries, event: NewEvent): Promise<number | undefined> {
  const [row] = await queries.query<{ eventId: number }>(
    `insert into dr_event (program_id, type, feeder_id, mode, limit_kw, direction, target_shed_kw, price_brl_kwh, elasticity,
       starts_at, ends_at, snapback_minutes, source, external_id, request_hash, entered_by, entered_at, changed_by,
       incentive_brl_kwh, penalty_brl_kwh, program_version, terms_since)
     select $1::bigint, $2, $3, $4::demand_mode, $5::float8, $6::demand_direction, $7::float8, $8::float8, $9::float8,
       to_timestamp($10::float8 / 1000), to_timestamp($11::float8 / 1000), $12::smallint, $13, $14, $15, $16,
       to_timestamp($17::float8 / 1000), $16, p.incentive_brl_kwh, p.penalty_brl_kwh, p.version, p.changed_at
     from (select) one ${terms} on conflict (source, external_id) do nothing returning event_id::float8 as "eventId"`,
    [
      ...[
        event.programId,
        event.type,
        event.feederId,
        event.action.mode,
        ...actionColumns(event.action),
        event.startsAt,
      ],
      ...[event.endsAt, Math.round(event.snapbackMs / minuteMs), event.source, event.externalId, event.requestHash],
      ...[event.enteredBy, event.enteredAt],
    ],
  )
  return row?.eventId
}

/** Puts what its source says now in the place of what it said; who cancelled it and when stays. */
export async function replaceEvent(queries: Queries, eventId: number, event: NewEvent): Promise<void> {
  await queries.query(
    `update dr_event set program_id = $1, type = $2, feeder_id = $3, mode = $4, limit_kw = $5, direction = $6,
       target_shed_kw = $7, price_brl_kwh = $8, elasticity = $9, starts_at = to_timestamp($10::float8 / 1000),
       ends_at = to_timestamp($11::float8 / 1000), snapback_minutes = $12, request_hash = $13, changed_by = $14,
       incentive_brl_kwh = p.incentive_brl_kwh, penalty_brl_kwh = p.penalty_brl_kwh, program_version = p.version,
       terms_since = p.changed_at
     from (select) one ${terms} where event_id = $15`,
    [
      ...[
        event.programId,
        event.type,
        event.feederId,
        event.action.mode,
        ...actionColumns(event.action),
        event.startsAt,
      ],
      ...[event.endsAt, Math.round(event.snapbackMs / minuteMs), event.requestHash, event.enteredBy, eventId],
    ],
  )
}

export async function findEvent(queries: Queries, eventId: number): Promise<StoredEvent | undefined> {
  const [row] = await queries.query<EventRow>(`select ${columns} from dr_event where event_id = $1`, [eventId])
  return row && eventOf(row)
}

/** The event, which nobody else changes before this transaction ends. */
export async function lockEvent(queries: Queries, eventId: number): Promise<StoredEvent | undefined> {
  const [row] = await queries.query<EventRow>(`select ${columns} from dr_event where event_id = $1 for update`, [
    eventId,
  ])
  return row && eventOf(row)
}

/** The event that a source calls so. */
export async function eventNamed(
  queries: Queries,
  source: string,
  externalId: string,
): Promise<StoredEvent | undefined> {
  const [row] = await queries.query<EventRow>(
    `select ${columns} from dr_event where source = $1 and external_id = $2 for update`,
    [source, externalId],
  )
  return row && eventOf(row)
}

/** Ends an event that nobody has cancelled before. @param at  UTC milliseconds @returns whether it was there to be cancelled */
export async function markCancelled(
  queries: Queries,
  eventId: number,
  by: { readonly username: string; readonly reason: string | null },
  at: number,
): Promise<boolean> {
  const rows = await queries.query(
    `update dr_event set cancelled_at = to_timestamp($2::float8 / 1000), cancelled_by = $3, cancel_reason = $4, changed_by = $3
     where event_id = $1 and cancelled_at is null returning event_id`,
    [eventId, at, by.username, by.reason],
  )
  return rows.length > 0
}

/** Those that are to come, in force, or from which feeders still return. @param at  UTC milliseconds */
export async function openEvents(queries: Queries, at: number, most: number): Promise<StoredEvent[]> {
  const rows = await queries.query<EventRow>(
    `select ${columns} from dr_event
     where ends_at > to_timestamp($1::float8 / 1000) - interval '4 hours'
       and (cancelled_at is null or cancelled_at + make_interval(mins => snapback_minutes) > to_timestamp($1::float8 / 1000))
       and ends_at + make_interval(mins => snapback_minutes) > to_timestamp($1::float8 / 1000)
     order by starts_at, event_id limit $2`,
    [at, most],
  )
  return rows.map(eventOf)
}

export interface EventFilter {
  readonly feederId: string | null
  readonly programId: number | null
  /** What it is at the instant `at`, UTC milliseconds. */
  readonly states: readonly EventState[] | null
  readonly at: number
  readonly since: number | null
  readonly until: number | null
}

/** `scheduled`: to come; `active`: in force; `over`; `cancelled`: before its end. */
export const eventStates = ['scheduled', 'active', 'over', 'cancelled'] as const
export type EventState = (typeof eventStates)[number]

export const stateOf = ({ startsAt, endsAt, cancelledAt }: StoredEvent, at: number): EventState =>
  cancelledAt !== null && cancelledAt < endsAt
    ? 'cancelled'
    : at < startsAt
      ? 'scheduled'
      : at < endsAt
        ? 'active'
        : 'over'

/** Newest beginning first, `limit` at most, behind `after`. */
export async function listEvents(
  queries: Queries,
  { feederId, programId, states, at, since, until }: EventFilter,
  page: { readonly after: { readonly startsAt: number; readonly eventId: number } | undefined; readonly limit: number },
): Promise<StoredEvent[]> {
  const rows = await queries.query<EventRow>(
    `select ${columns} from dr_event
     where ($1::text is null or feeder_id = $1 or feeder_id is null) and ($2::bigint is null or program_id = $2)
       and ($3::text[] is null or case when cancelled_at < ends_at then 'cancelled'
         when to_timestamp($4::float8 / 1000) < starts_at then 'scheduled'
         when to_timestamp($4::float8 / 1000) < ends_at then 'active' else 'over' end = any ($3))
       and ($5::float8 is null or ends_at >= to_timestamp($5 / 1000)) and ($6::float8 is null or starts_at < to_timestamp($6 / 1000))
       and ($7::float8 is null or starts_at < to_timestamp($7 / 1000) or (starts_at = to_timestamp($7 / 1000) and event_id > $8))
     order by starts_at desc, event_id limit $9`,
    [
      feederId,
      programId,
      states,
      at,
      since,
      until,
      page.after?.startsAt ?? null,
      page.after?.eventId ?? null,
      page.limit,
    ],
  )
  return rows.map(eventOf)
}

/** Ends what the windows of a program have called for and is in force. @param at  UTC milliseconds */
export async function cancelOccurrences(
  queries: Queries,
  programId: number,
  username: string,
  at: number,
): Promise<void> {
  await queries.query(
    `update dr_event set cancelled_at = to_timestamp($2::float8 / 1000), cancelled_by = $3, changed_by = $3
     where program_id = $1 and source = 'program' and cancelled_at is null and ends_at > to_timestamp($2::float8 / 1000)`,
    [programId, at, username],
  )
}

/** Events that were in force, or meant to be, within a span of time (UTC milliseconds). */
export async function eventsBetween(queries: Queries, from: number, to: number): Promise<StoredEvent[]> {
  const rows = await queries.query<EventRow>(
    `select ${columns} from dr_event
     where ends_at > to_timestamp($1::float8 / 1000) and starts_at < to_timestamp($2::float8 / 1000) order by event_id`,
    [from, to],
  )
  return rows.map(eventOf)
}

/** How many are in force at an instant, UTC milliseconds. */
export async function countActive(queries: Queries, at: number): Promise<number> {
  const [row] = await queries.query<{ active: number }>(
    `select count(*)::int as active from dr_event
     where starts_at <= to_timestamp($1::float8 / 1000) and ends_at > to_timestamp($1::float8 / 1000)
       and (cancelled_at is null or cancelled_at > to_timestamp($1::float8 / 1000))`,
    [at],
  )
  return row!.active
}
