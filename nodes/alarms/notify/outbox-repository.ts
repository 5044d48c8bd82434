import type { PoolClient } from 'pg'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { NotifiableStep, Notice } from '../domain/notification.ts'
import { memberCount } from '../keeper/members.ts'

/** A step of an alarm's life, as the outbox follows them. */
export interface LoggedStep extends NotifiableStep {
  readonly alarmId: number
  readonly kind: string
  readonly subject: string
  readonly unitId: string | null
  readonly occurrence: number
  /** UTC milliseconds. */
  readonly at: number
  readonly rootAlarmId: number | null
  /** Where it escalates: which step of this occurrence, from 1. */
  readonly escalation: number
}

/** What is to be told of an alarm. */
export interface NewNotification {
  readonly alarmId: number
  readonly occurrence: number
  readonly what: Notice
  readonly step: number
  readonly priority: string
  readonly at: number
}

/** Steps after one place in the log of alarms, up to another, in their order: those that anybody may have to be told of. */
export const stepsBetween = (queries: Queries, after: number, upTo: number): Promise<LoggedStep[]> =>
  queries.query(
    `select t.alarm_id::float8 as "alarmId", t.kind as transition, t.to_state as "to", t.priority, t.occurrence,
       ${milliseconds('t.at')} as at, t.root_alarm_id::float8 as "rootAlarmId",
       a.area, a.kind, a.subject, a.feeder_id as "feederId", a.unit_id as "unitId",
       case when t.kind <> 'escalated' then 0 else (
         select count(*) from alarm_transition before
         where before.alarm_id = t.alarm_id and before.occurrence = t.occurrence and before.kind = 'escalated'
           and (before.changed, before.ordinal) <= (t.changed, t.ordinal)
       ) end::integer as escalation
     from alarm_transition t join alarm a using (alarm_id)
     where t.changed > $1 and t.changed <= $2 and (t.to_state in ('A', 'B', 'D') or t.root_alarm_id is not null)
     order by t.changed, t.ordinal`,
    [after, upTo],
  )

/** Puts into the outbox what is not there yet. @param now  by the wall's clock, UTC milliseconds */
export async function insertNotifications(
  client: PoolClient,
  channel: string,
  notifications: readonly NewNotification[],
  now: number,
): Promise<void> {
  if (notifications.length === 0) return
  await client.query(
    `insert into alarm_notification (channel, what, alarm_id, occurrence, step, priority, at, created_at, due_at)
     select $1, what, alarm_id, occurrence, step, priority::alarm_priority, to_timestamp(at / 1000),
       to_timestamp($8::float8 / 1000), to_timestamp($8::float8 / 1000)
     from unnest($2::text[], $3::bigint[], $4::integer[], $5::smallint[], $6::text[], $7::float8[])
       with ordinality n (what, alarm_id, occurrence, step, priority, at, ordinal)
     order by ordinal
     on conflict do nothing`,
    [channel, ...columnsOf(notifications), now],
  )
}

/**
 * Puts into the outbox that alarms are over which the channel told of and has not called over yet: of the occurrence that it told
 * of last.
 */
export async function insertClearings(
  client: PoolClient,
  channel: string,
  notifications: readonly NewNotification[],
  now: number,
): Promise<void> {
  if (notifications.length === 0) return
  await client.query(
    `insert into alarm_notification (channel, what, alarm_id, occurrence, step, priority, at, created_at, due_at)
     select $1, 'cleared', n.alarm_id, told.occurrence, 0, n.priority::alarm_priority, to_timestamp(n.at / 1000),
       to_timestamp($8::float8 / 1000), to_timestamp($8::float8 / 1000)
     from unnest($2::text[], $3::bigint[], $4::integer[], $5::smallint[], $6::text[], $7::float8[])
       with ordinality n (what, alarm_id, occurrence, step, priority, at, ordinal)
     join lateral (
       select o.occurrence from alarm_notification o
       where o.channel = $1 and o.alarm_id = n.alarm_id and o.occurrence <= n.occurrence
         and o.what in ('raised', 'escalated') and o.state <> 'withdrawn'
       order by o.occurrence desc limit 1
     ) told on true
     order by n.ordinal
     on conflict do nothing`,
    [channel, ...columnsOf(notifications), now],
  )
}

/** A root that a channel has told of: how many alarms it explains now, and how many it was said to. */
export interface ToldRoot {
  readonly alarmId: number
  readonly occurrence: number
  readonly priority: string
  readonly members: number
  /** What was said, the greatest. */
  readonly told: number
}

/** Of these alarms the ones that stand and that the channel has put into words, none of it waiting to be put so. */
export const toldRoots = (queries: Queries, channel: string, alarmIds: readonly number[]): Promise<ToldRoot[]> =>
  queries.query(
    `select a.alarm_id::float8 as "alarmId", a.occurrence, a.priority, told.members as told,
       ${memberCount('a.alarm_id')} as members
     from alarm a
     join lateral (
       select max(n.members)::integer as members, bool_or(n.document is null and n.state = 'waiting') as unsaid
       from alarm_notification n
       where n.channel = $1 and n.alarm_id = a.alarm_id and n.occurrence = a.occurrence and n.what <> 'cleared'
     ) told on told.members is not null and not told.unsaid
     where a.alarm_id = any($2::bigint[]) and a.state in ('B', 'C', 'E', 'F')`,
    [channel, alarmIds],
  )

const columnsOf = (notifications: readonly NewNotification[]): unknown[] => [
  notifications.map(({ what }) => what),
  notifications.map(({ alarmId }) => alarmId),
  notifications.map(({ occurrence }) => occurrence),
  notifications.map(({ step }) => step),
  notifications.map(({ priority }) => priority),
  notifications.map(({ at }) => at),
]
