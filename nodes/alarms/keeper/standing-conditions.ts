import type { StandingConditions } from '../../../platform/conditions/standing-conditions.ts'
import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Condition } from '../../../platform/wire/condition.ts'

/** The conditions that were last said to hold, from the alarms that were made of them. */
export const standingAlarms: StandingConditions = async (queries, area, kinds) => {
  const rows = await queries.query<Record<keyof Condition, unknown>>(
    `select key, area, kind, subject, 'active' as state, ${milliseconds('said_at')} as at,
       feeder_id as "feederId", unit_id as "unitId", device_id as "deviceId",
       value, limit_value as limit, value_unit as unit, said_priority as priority, text, evidence
     from alarm where area = $1 and kind = any ($2) and said_active`,
    [area, kinds],
  )
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Condition)
}
