import type { Role } from '../../../platform/access/roles.ts'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import type { FieldAlarm } from '../../../platform/wire/payloads.ts'
import { memberCount } from '../keeper/members.ts'
import { latestRole } from '../lists/alarm-repository.ts'

/** An alarm as its topic tells of it, or that it has nothing to tell. */
export interface TopicAlarm {
  readonly alarmId: number
  /** False: it is normal, or told of by the one that explains it. */
  readonly standing: boolean
  readonly key: string
  readonly area: string
  readonly kind: string
  readonly subject: string
  readonly feederId: string | null
  readonly deviceId: string | null
  readonly state: FieldAlarm['state']
  readonly active: boolean
  readonly acknowledged: boolean
  readonly shelvedUntil: number | null
  readonly priority: FieldAlarm['priority']
  readonly occurrence: number
  readonly changedAt: number
  readonly activeSince: number | null
  readonly escalatedTo: Role | null
  readonly value: number | null
  readonly limit: number | null
  readonly unit: string | null
  readonly text: Condition['text']
  readonly members: number
  readonly changed: number
}

const standing = `(a.state <> 'A' and not (a.state = 'H' and a.root_alarm_id is not null))`
const columns = `
  a.alarm_id::float8 as "alarmId", ${standing} as standing, a.key, a.area, a.kind, a.subject, a.feeder_id as "feederId",
  a.device_id as "deviceId", a.state, a.active, a.acknowledged, ${milliseconds('a.shelved_until')} as "shelvedUntil",
  a.priority, a.occurrence, ${milliseconds('coalesce(a.changed_at, a.said_at)')} as "changedAt",
  ${milliseconds('a.active_since')} as "activeSince", ${latestRole} as "escalatedTo", a.value, a.limit_value as "limit",
  a.value_unit as unit, a.text, ${memberCount('a.alarm_id')} as members,
  a.changed::float8 as changed`

/** Alarms that changed after one place in the log, up to another, as they stand now; with those that explain them, or did before. */
export const changedAlarms = (queries: Queries, after: number, upTo: number): Promise<TopicAlarm[]> =>
  queries.query(
    `select ${columns} from alarm a
     where a.alarm_id in (
       select alarm_id from alarm_transition where changed > $1 and changed <= $2
       union
       select root_alarm_id from alarm_transition where changed > $1 and changed <= $2 and root_alarm_id is not null
       union
       select (
         select root_alarm_id from alarm_transition before
         where before.alarm_id = t.alarm_id and (before.changed, before.ordinal) < (t.changed, t.ordinal)
         order by before.changed desc, before.ordinal desc limit 1
       ) from alarm_transition t where changed > $1 and changed <= $2 and kind = 'explained' and from_state = 'H'
     )
     order by a.alarm_id`,
    [after, upTo],
  )

/** Alarms that their topics tell of, by id. */
export const standingAlarms = (queries: Queries, afterId: number, most: number): Promise<TopicAlarm[]> =>
  queries.query(`select ${columns} from alarm a where ${standing} and a.alarm_id > $1 order by a.alarm_id limit $2`, [
    afterId,
    most,
  ])

/** Of these ids those of alarms that their topics tell of. */
export async function standingOf(queries: Queries, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await queries.query<{ alarmId: number }>(
    `select a.alarm_id::float8 as "alarmId" from alarm a where ${standing} and a.alarm_id = any($1::bigint[])`,
    [ids],
  )
  return new Set(rows.map(({ alarmId }) => alarmId))
}
