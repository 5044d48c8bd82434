import { conditionKey, type Condition } from '../../platform/wire/condition.ts'

/** Tuesday, 10 March 2026, 09:00 in São Paulo. */
export const alarmsBegin = Date.UTC(2026, 2, 10, 12)

/** A condition that holds, unless it is told otherwise: `said('outage', 'sw-1', { state: 'normal' })`. */
export const said = (kind: string, subject: string, more: Partial<Condition> = {}): Condition => {
  const area = more.area ?? 'test'
  return {
    ...{ key: conditionKey(area, kind, subject), area, kind, subject, state: 'active', at: alarmsBegin },
    ...{ priority: 'medium', text: { message: `${area}.${kind}`, parameters: { subject } }, ...more },
  }
}
