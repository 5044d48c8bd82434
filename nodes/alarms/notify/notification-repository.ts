import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Priority } from '../domain/alarm.ts'
import type { Notice } from '../domain/notification.ts'

export const notificationStates = ['waiting', 'sent', 'digested', 'withdrawn', 'dead'] as const
export type NotificationState = (typeof notificationStates)[number]

/** A notification as it is listed. Instants are UTC milliseconds. */
export interface ListedNotification {
  readonly id: string
  readonly ordinal: number
  readonly channel: string
  readonly what: Notice | 'digest'
  readonly state: NotificationState
  readonly alarmId: number | null
  readonly key: string | null
  readonly occurrence: number | null
  readonly priority: Priority
  readonly title: string | null
  readonly at: number
  readonly createdAt: number
  readonly tries: number
  readonly dueAt: number | null
  readonly endedAt: number | null
  readonly lastError: string | null
  readonly digestId: string | null
  readonly retriedBy: string | null
  readonly retriedAt: number | null
}

export interface NotificationFilter {
  readonly state?: NotificationState | undefined
  readonly channel?: string | undefined
  readonly alarmId?: number | undefined
}

const listed = `
  select n.notification_id as id, n.ordinal::float8 as ordinal, n.channel, n.what, n.state, n.alarm_id::float8 as "alarmId",
    a.key, n.occurrence, n.priority, n.document->>'title' as title, ${milliseconds('n.at')} as at,
    ${milliseconds('n.created_at')} as "createdAt", n.tries, ${milliseconds('n.due_at')} as "dueAt",
    ${milliseconds('n.ended_at')} as "endedAt", n.last_error as "lastError", n.digest_id as "digestId",
    n.retried_by as "retriedBy", ${milliseconds('n.retried_at')} as "retriedAt"
  from alarm_notification n left join alarm a using (alarm_id)`

/** Notifications, the newest first. */
export const listNotifications = (
  queries: Queries,
  { state, channel, alarmId }: NotificationFilter,
  before: number | undefined,
  limit: number,
): Promise<ListedNotification[]> =>
  queries.query(
    `${listed}
     where ($1::text is null or n.state = $1) and ($2::text is null or n.channel = $2)
       and ($3::bigint is null or n.alarm_id = $3) and ($4::bigint is null or n.ordinal < $4)
     order by n.ordinal desc limit $5`,
    [state ?? null, channel ?? null, alarmId ?? null, before ?? null, limit],
  )

export async function findNotification(queries: Queries, id: string): Promise<ListedNotification | undefined> {
  const [found] = await queries.query<ListedNotification>(`${listed} where n.notification_id = $1`, [id])
  return found
}

/**
 * Has one that was given up, or that waits, sent again at once, with all its tries before it. @returns whether it was one of those
 * @param at  by the wall's clock, UTC milliseconds
 */
export async function retryNotification(queries: Queries, id: string, by: string, at: number): Promise<boolean> {
  const rows = await queries.query(
    `update alarm_notification
     set state = 'waiting', tries = 0, ended_at = null, retried_by = $2, due_at = to_timestamp($3::float8 / 1000),
       retried_at = to_timestamp($3::float8 / 1000)
     where notification_id = $1 and state in ('waiting', 'dead')
     returning 1`,
    [id, by, at],
  )
  return rows.length > 0
}
