import { conditionKey, type Condition } from '../../../../platform/wire/condition.ts'
import { rulesDefault } from '../default-any.ts'
import type { AlarmDefinition } from '../definition.ts'
import type { RuleChange } from './judge.ts'
import { isNumeric, type Rule } from './rule.ts'
import { tunableLeaf } from './read-rules.ts'
import { rulesArea } from '../../../../platform/wire/condition-kinds.ts'

/** Where a device is, as the registry knows it. */
export interface DevicePlace {
  readonly feederId?: string | undefined
  readonly unitId?: string | undefined
}

/** What a rule says of a device when it begins or ceases to hold there. */
export function conditionOf({ rule, active, at, found }: RuleChange, deviceId: string, place: DevicePlace): Condition {
  const { text, life, name } = rule
  return {
    ...{ key: conditionKey(rulesArea, name, deviceId), area: rulesArea, kind: name, subject: deviceId, deviceId, at },
    ...{ state: active ? 'active' : 'normal', priority: life.priority },
    ...(place.feederId !== undefined && { feederId: place.feederId }),
    ...(place.unitId !== undefined && { unitId: place.unitId }),
    ...found,
    text: {
      message: active ? 'rules.holds' : 'rules.holds-no-more',
      parameters: { rule: text, ...(found && { found: found.value, unit: found.unit }) },
    },
  }
}

/** What takes an alarm of a rule back that is not there any more, or is another one. @param now  UTC milliseconds */
export const takenBack = (standing: Condition, now: number): Condition => ({
  ...standing,
  state: 'normal',
  // The newest word holds: a device whose clock is ahead has said its own later.
  at: Math.max(now, standing.at),
})

/** What the master alarm table says of a rule where nobody has said otherwise there: what its node says, and what is said of all rules. */
export function definitionOf(rule: Rule): AlarmDefinition {
  const { name, life, leaves } = rule
  const { priority, className, onDelayMs, offDelayMs, latching, reAlarmMs } = life
  const place = tunableLeaf(rule)
  const leaf = place === null ? undefined : leaves[place]
  return {
    ...rulesDefault,
    scope: { area: rulesArea, kind: name, feederId: null, subject: null },
    ...{ className: className ?? rulesDefault.className, priority, onDelayMs, offDelayMs, latching, reAlarmMs },
    ...(leaf && isNumeric(leaf) && { setPoint: leaf.setPoint, deadband: leaf.deadband }),
  }
}
