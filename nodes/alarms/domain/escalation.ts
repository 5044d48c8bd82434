import { isHidden, type Alarm } from './alarm.ts'
import type { EscalationStep } from './definition.ts'

/**
 * Roles that an alarm has escalated to, the latest one last. Who had it before may act on it still; once it is acknowledged, or hidden,
 * it waits for nobody.
 */
export const escalatedTo = (alarm: Alarm, escalation: readonly EscalationStep[]): readonly string[] =>
  alarm.acknowledged || isHidden(alarm) ? [] : escalation.slice(0, alarm.escalated).flatMap(({ role }) => role ?? [])
