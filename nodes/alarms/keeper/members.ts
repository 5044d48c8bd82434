/**
 * How many alarms another one explains, in SQL: those whose condition holds. They are hidden behind it, also where something else
 * hides them as well.
 * @param rootAlarmId  column with its number
 */
export const memberCount = (rootAlarmId: string): string =>
  `(select count(*)::integer from alarm member where member.root_alarm_id = ${rootAlarmId} and member.active)`
