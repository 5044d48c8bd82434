import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { AlarmPlace } from '../domain/definition.ts'

/** An alarm that is asked what explains it. */
export interface AskedAlarm extends AlarmPlace {
  readonly alarmId: number
  /** Since when its condition is so, UTC milliseconds. */
  readonly since: number
  readonly rootAlarmId: number | null
}

/** Alarms by the keys of conditions that hold; one that is explained itself stands for whatever explains it. */
export const standingRoots = (
  queries: Queries,
  keys: readonly string[],
): Promise<{ readonly key: string; readonly alarmId: number; readonly rootAlarmId: number }[]> =>
  queries.query(
    `select a.key, a.alarm_id::float8 as "alarmId", coalesce(r.alarm_id, a.alarm_id)::float8 as "rootAlarmId"
     from alarm a left join alarm r on r.alarm_id = a.root_alarm_id and r.said_active
     where a.key = any ($1) and a.said_active`,
    [keys],
  )

/** Whether the condition of any alarm of these kinds (`area/kind`) holds. */
export async function anyRootStands(queries: Queries, kinds: readonly string[]): Promise<boolean> {
  const [row] = await queries.query<{ stands: boolean }>(
    `select exists (select from alarm where state <> 'A' and said_active and area || '/' || kind = any ($1)) as stands`,
    [kinds],
  )
  return row!.stands
}

const asked = `alarm_id::float8 as "alarmId", area, kind, subject, feeder_id as "feederId", unit_id as "unitId",
  device_id as "deviceId", ${milliseconds('said_at')} as since, root_alarm_id::float8 as "rootAlarmId"`

/** Alarms whose condition holds, also those that wait for their on-delay, and that nothing explains: some after one, by id. */
export const unexplainedAlarms = (queries: Queries, afterId: number, most: number): Promise<AskedAlarm[]> =>
  queries.query(
    `select ${asked} from (
       select * from alarm where state <> 'A'
       union all
       select * from alarm where state = 'A' and due_at is not null
     ) a
     where said_active and root_alarm_id is null and alarm_id > $1
     order by alarm_id limit $2`,
    [afterId, most],
  )

/**
 * Alarms whose root cause has ended and not come back by an instant (UTC milliseconds), or is explained itself: some after one, by
 * id.
 */
export const rootlessAlarms = (
  queries: Queries,
  endedBy: number,
  afterId: number,
  most: number,
): Promise<AskedAlarm[]> =>
  queries.query(
    `select ${asked} from alarm
     where alarm_id in (
       select m.alarm_id from alarm m join alarm r on r.alarm_id = m.root_alarm_id
       where m.alarm_id > $2 and m.said_active
         and (not r.said_active and r.said_at <= to_timestamp($1::float8 / 1000) or r.said_active and r.root_alarm_id is not null)
       order by m.alarm_id limit $3
     )
     order by alarm_id`,
    [endedBy, afterId, most],
  )
