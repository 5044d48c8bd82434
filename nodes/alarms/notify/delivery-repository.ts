import type { Role } from '../../../platform/access/roles.ts'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import type { Alarm, Priority } from '../domain/alarm.ts'
import type { AlarmPlace } from '../domain/definition.ts'
import { latestRole } from '../lists/alarm-repository.ts'
import type { Notice } from '../domain/notification.ts'
import { memberCount } from '../keeper/members.ts'
import type { NotificationDocument } from './notification-document.ts'

/** What is due, and what there is to say of it. */
export interface DueNotification {
  readonly id: string
  readonly what: Notice | 'digest'
  readonly at: number
  readonly tries: number
  readonly occurrence: number | null
  readonly document: NotificationDocument | null
  readonly alarm: NotifiedAlarm | null
}

/** An alarm as it stands when it is put into words, and the occurrence that is told of. */
export interface NotifiedAlarm extends AlarmPlace {
  readonly alarmId: number
  readonly key: string
  readonly state: string
  readonly active: Alarm['active']
  /** The role of the last step of escalation. */
  readonly escalatedTo: Role | null
  readonly priority: Priority
  readonly value: number | null
  readonly limit: number | null
  readonly unit: string | null
  readonly text: Condition['text']
  readonly members: number
}

/** Of what a digest tells: so many of one notice and priority. */
export interface DigestCount {
  readonly what: Notice
  readonly priority: Priority
  readonly count: number
}

const instant = (parameter: string): string => `to_timestamp(${parameter}::float8 / 1000)`

/** Takes a channel for this transaction: nobody else decides meanwhile what goes out next by it. */
export const lockChannel = (queries: Queries, channel: string): Promise<unknown> =>
  queries.query('select from notification_channel where channel = $1 for update', [channel])

/** Ends what is due of alarms that are hidden by now: nobody is to be told of them. @returns how many */
export async function withdrawHidden(queries: Queries, channel: string, now: number): Promise<number> {
  const rows = await queries.query(
    `update alarm_notification n
     set state = 'withdrawn', due_at = null, ended_at = ${instant('$2')},
       last_error = coalesce(last_error || '; ', '') || format('the alarm is hidden by now (%s)', a.state)
     from alarm a
     where n.channel = $1 and n.state = 'waiting' and n.due_at <= ${instant('$2')} and n.what <> 'cleared'
       and a.alarm_id = n.alarm_id and a.state in ('G', 'H', 'I')
     returning 1`,
    [channel, now],
  )
  return rows.length
}

/** Gives up what was tried so often and failed again. @returns how many */
export async function giveUp(queries: Queries, channel: string, mostTries: number, now: number): Promise<number> {
  const rows = await queries.query(
    `update alarm_notification
     set state = 'dead', due_at = null, ended_at = ${instant('$3')},
       last_error = coalesce(last_error, 'it was handed over and never confirmed')
     where channel = $1 and state = 'waiting' and due_at <= ${instant('$3')} and tries >= $2
     returning 1`,
    [channel, mostTries, now],
  )
  return rows.length
}

/** How many the channel has told of first since an instant; how many wait for their first time. */
export async function channelLoad(
  queries: Queries,
  channel: string,
  since: number,
): Promise<{ readonly tried: number; readonly fresh: number }> {
  const [row] = await queries.query<{ tried: number; fresh: number }>(
    `select
       (select count(*) from alarm_notification
        where channel = $1 and first_tried_at > ${instant('$2')})::integer as tried,
       (select count(*) from alarm_notification
        where channel = $1 and state = 'waiting' and first_tried_at is null)::integer as fresh`,
    [channel, since],
  )
  return row!
}

const fresh = `
  select notification_id from alarm_notification
  where channel = $1 and state = 'waiting' and first_tried_at is null
  order by priority desc, ordinal`

/** Gathers all that wait for their first time into a digest, but for the most important ones. @returns the digest */
export async function gatherDigest(queries: Queries, channel: string, but: number, now: number): Promise<string> {
  const [digest] = await queries.query<{ id: string }>(
    `insert into alarm_notification (channel, what, priority, at, created_at, due_at)
     values ($1, 'digest', 'low', ${instant('$2')}, ${instant('$2')}, ${instant('$2')})
     returning notification_id as id`,
    [channel, now],
  )
  await queries.query(
    `with gathered as (
       update alarm_notification
       set state = 'digested', due_at = null, ended_at = ${instant('$4')}, digest_id = $2
       where notification_id in (select notification_id from (${fresh} offset $3) f where notification_id <> $2)
       returning priority, at
     )
     update alarm_notification d
     set priority = g.priority, at = g.at
     from (select max(priority) as priority, max(at) as at from gathered) g
     where d.notification_id = $2`,
    [channel, digest!.id, but, now],
  )
  return digest!.id
}

/** What is due: all that is to be tried again, and of the rest the most important ones. */
export const dueNotifications = (
  queries: Queries,
  channel: string,
  { first, mostAgain, now }: { readonly first: number; readonly mostAgain: number; readonly now: number },
): Promise<DueNotification[]> =>
  queries.query(
    `with due as (
       (select notification_id from alarm_notification
        where channel = $1 and state = 'waiting' and first_tried_at is not null and due_at <= ${instant('$4')}
        order by due_at limit $3)
       union all
       (${fresh} limit $2)
     )
     select n.notification_id as id, n.what, ${milliseconds('n.at')} as at, n.tries, n.document,
       n.occurrence,
       case when a.alarm_id is null then null else json_build_object(
         'alarmId', a.alarm_id, 'key', a.key, 'area', a.area, 'kind', a.kind, 'subject', a.subject,
         'feederId', a.feeder_id, 'unitId', a.unit_id, 'deviceId', a.device_id, 'state', a.state, 'active', a.active, 'escalatedTo', ${latestRole},
         'priority', n.priority, 'value', coalesce(o.value, a.value), 'limit', coalesce(o.limit_value, a.limit_value),
         'unit', a.value_unit, 'text', case n.what when 'cleared' then a.text else coalesce(o.text, a.text) end,
         'members', ${memberCount('a.alarm_id')}
       ) end as alarm
     from due join alarm_notification n using (notification_id)
     left join alarm a on a.alarm_id = n.alarm_id
     left join alarm_occurrence o on o.alarm_id = n.alarm_id and o.occurrence = n.occurrence
     order by n.ordinal`,
    [channel, first, mostAgain, now],
  )

/** What a digest gathers, counted; and the keys of the most important ones. */
export async function digestContent(
  queries: Queries,
  digestId: string,
  mostNamed: number,
): Promise<{ readonly counts: readonly DigestCount[]; readonly keys: readonly string[] }> {
  const counts = await queries.query<DigestCount>(
    `select what, priority, count(*)::integer as count from alarm_notification where digest_id = $1
     group by what, priority order by priority desc, what`,
    [digestId],
  )
  const named = await queries.query<{ key: string }>(
    `select a.key from alarm_notification n join alarm a using (alarm_id) where n.digest_id = $1
     order by n.priority desc, n.ordinal limit $2`,
    [digestId, mostNamed],
  )
  return { counts, keys: named.map(({ key }) => key) }
}

/** Notes that something is handed over: it counts as lost, and is tried again, where it was not confirmed until then. */
export const noteTry = (
  queries: Queries,
  {
    id,
    document,
    members,
    now,
    until,
  }: {
    readonly id: string
    readonly document: NotificationDocument
    readonly members: number | null
    readonly now: number
    readonly until: number
  },
): Promise<unknown> =>
  queries.query(
    `update alarm_notification
     set tries = tries + 1, document = $2::json, members = coalesce(members, $3),
       first_tried_at = coalesce(first_tried_at, ${instant('$4')}), due_at = ${instant('$5')}
     where notification_id = $1`,
    [id, JSON.stringify(document), members, now, until],
  )

/** Ends what was confirmed. @returns whether the channel knows it, ended or not */
export async function noteSent(queries: Queries, channel: string, id: string, now: number): Promise<boolean> {
  const rows = await queries.query(
    `update alarm_notification
     set state = case when state in ('waiting', 'dead') then 'sent' else state end, due_at = null,
       ended_at = case when state in ('waiting', 'dead') then ${instant('$3')} else ended_at end
     where channel = $1 and notification_id = $2 and first_tried_at is not null
     returning 1`,
    [channel, id, now],
  )
  return rows.length > 0
}

/** Notes why it did not arrive, and when to try again. @returns whether the channel knows it and it is not ended */
export async function noteFailure(
  queries: Queries,
  {
    channel,
    id,
    error,
    dueAt,
  }: {
    readonly channel: string
    readonly id: string
    readonly error: string
    readonly dueAt: (tries: number) => number
  },
): Promise<boolean> {
  const [row] = await queries.query<{ tries: number }>(
    `select tries from alarm_notification
     where channel = $1 and notification_id = $2 and state = 'waiting' and first_tried_at is not null`,
    [channel, id],
  )
  if (!row) return false
  await queries.query(
    `update alarm_notification set last_error = $3, due_at = ${instant('$4')}
     where channel = $1 and notification_id = $2 and state = 'waiting'`,
    [channel, id, error, dueAt(row.tries)],
  )
  return true
}

/** How a channel fares. */
export interface ChannelState {
  readonly waiting: number
  readonly dead: number
  /** Tried and not confirmed since the last one that was: the most tries of one, and why. */
  readonly failedTries: number
  readonly lastError: string | null
}

export async function channelState(queries: Queries, channel: string): Promise<ChannelState> {
  const [row] = await queries.query<ChannelState>(
    `with last as (
       select coalesce(max(ended_at), '-infinity') as sent_at from alarm_notification where channel = $1 and state = 'sent'
     ), failing as (
       select tries, last_error, state from alarm_notification, last
       where channel = $1 and last_error is not null
         and (state = 'waiting' or (state = 'dead' and ended_at > sent_at))
     )
     select
       (select count(*) from alarm_notification where channel = $1 and state = 'waiting')::integer as waiting,
       (select count(*) from failing where state = 'dead')::integer as dead,
       coalesce((select max(tries) from failing), 0) as "failedTries",
       (select last_error from failing order by tries desc limit 1) as "lastError"`,
    [channel],
  )
  return row!
}

/** Removes what ended before an instant: some of it, the oldest first. */
export const removeEnded = (queries: Queries, channel: string, before: number, most: number): Promise<unknown> =>
  queries.query(
    `delete from alarm_notification where notification_id in (
       select n.notification_id from alarm_notification n
       where n.channel = $1 and n.ended_at < ${instant('$2')}
         and not exists (select from alarm_notification m where m.digest_id = n.notification_id)
       order by n.ended_at limit $3)`,
    [channel, before, most],
  )
