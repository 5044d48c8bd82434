import { readRules } from './read-rules.ts'
import { judgeReading, type DeviceState, type RuleChange } from './judge.ts'
import type { ExpressionConfig, RuleConfig } from './rule-config.ts'
import type { Evidence, Rule } from './rule.ts'

/** A rule for meters, with what older configurations lack left out. */
export const ruleConfig = (when: ExpressionConfig, more: Partial<RuleConfig> = {}): Partial<RuleConfig> => ({
  ...{ name: 'watched', kind: 'meter', when },
  ...more,
})

export const ruleOf = (when: ExpressionConfig, more: Partial<RuleConfig> = {}): Rule =>
  readRules([ruleConfig(when, more)])[0]!

export const limit = (
  level: 'HH' | 'H' | 'L' | 'LL',
  setPoint: number,
  deadband = 0,
  measure = 'p_kw',
): ExpressionConfig => ({
  ...{ type: 'limit', measure, deadband },
  levels: [{ level, setPoint, priority: null }],
})

export const reading = (at: number, values: Record<string, number>, more: Partial<Evidence> = {}): Evidence => ({
  ...{ deviceId: 'meter-1', kind: 'meter', at, values, quality: 'good' },
  ...more,
})

/** Takes readings one after the other. */
export function run(rules: readonly Rule[], readings: readonly Evidence[], before?: DeviceState) {
  let device = before
  const changes: RuleChange[] = []
  for (const one of readings) {
    const judged = judgeReading(rules, device, one)
    device = judged.device
    changes.push(...judged.changes)
  }
  return { device: device!, changes, said: changes.map(({ active, at }) => [active, at] as const) }
}
