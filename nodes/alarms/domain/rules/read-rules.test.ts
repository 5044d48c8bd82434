import assert from 'node:assert/strict'
import { readRules, tunableLeaf } from './read-rules.ts'
import type { ExpressionConfig } from './rule-config.ts'
import { limit, ruleConfig, ruleOf } from './rules.fixture.ts'

const current: ExpressionConfig = {
  ...{ type: 'limit', measure: 'ia_a', deadband: 5 },
  levels: [
    { level: 'HH', setPoint: 400, priority: 'critical' },
    { level: 'H', setPoint: 350, priority: null },
  ],
}

describe('rules of a node', () => {
  it('of one level are one rule, with the defaults of what an older configuration lacks', () => {
    const [rule] = readRules([{ name: 'high-power', kind: 'meter', when: { ...limit('H', 100), deadband: undefined } }])
    assert.deepEqual(rule, {
      name: 'high-power',
      scope: { kind: 'meter', derType: null, feederIds: [], deviceIds: [] },
      leaves: [{ type: 'limit', measure: 'p_kw', level: 'H', setPoint: 100, deadband: 0 }],
      logic: { type: 'leaf', leaf: 0 },
      life: { priority: 'medium', className: null, latching: null, onDelayMs: 0, offDelayMs: 0, reAlarmMs: null },
      text: { en: 'high-power', pt: 'high-power' },
    })
  })

  it('of several levels are a rule for each, with its own priority', () => {
    const rules = readRules([
      ruleConfig({ type: 'and', of: [current, { type: 'stale', afterS: 60 }] }, { priority: 'high' }),
    ])
    assert.deepEqual(
      rules.map(({ name, life, leaves: [first, ...others] }) => [
        ...[name, life.priority, others.length],
        first?.type === 'limit' && first.setPoint,
      ]),
      [
        ['watched.HH', 'critical', 1, 400],
        ['watched.H', 'high', 1, 350],
      ],
    )
  })

  it('that are switched off are none', () => assert.deepEqual(readRules([ruleConfig(current, { enabled: false })]), []))

  it('say which leaf the master alarm table tunes: the only one with a set point', () => {
    assert.equal(tunableLeaf(ruleOf({ type: 'or', of: [{ type: 'stale', afterS: 60 }, limit('H', 1)] })), 1)
    assert.equal(tunableLeaf(ruleOf({ type: 'or', of: [limit('L', 0), limit('H', 1)] })), null)
    assert.equal(tunableLeaf(ruleOf({ type: 'stale', afterS: 60 })), null)
  })

  const deep = (depth: number): ExpressionConfig => (depth === 0 ? limit('H', 1) : { type: 'not', of: deep(depth - 1) })
  const faults: [string, unknown, string][] = [
    ['no list', {}, 'rules is {}: it takes a list of rules'],
    ['no name', [{ kind: 'meter' }], 'rule 1: name is missing'],
    [
      'a name in capitals',
      [ruleConfig(current, { name: 'High' })],
      'rule "High": name is "High": it must match pattern "^[a-z0-9][a-z0-9-]{0,39}$"',
    ],
    [
      'a kind that is none',
      [{ ...ruleConfig(current), kind: 'pump' }],
      'rule "watched": kind is "pump": it takes "der", "panel", "meter", "switch"',
    ],
    ['a delay below 0', [ruleConfig(current, { onDelayS: -1 })], 'rule "watched": onDelayS is -1: it must be >= 0'],
    ['a field that is none', [{ ...ruleConfig(current), colour: 'red' }], 'rule "watched": colour is not known'],
    ['no expression', [{ name: 'a', kind: 'meter' }], 'rule "a": when is missing'],
    [
      'a condition that is none',
      [ruleConfig({ type: 'and', of: [{ type: 'xor' }] } as never)],
      'rule "watched": when.of[0].type is "xor": it takes limit, deviation, rate, digital, stale, and, or, not',
    ],
    [
      'an empty group',
      [ruleConfig({ type: 'or', of: [] })],
      'rule "watched": when.of is []: it takes 1 to 16 conditions',
    ],
    [
      'a set point that is text',
      [ruleConfig({ type: 'and', of: [{ ...limit('H', 1), levels: [{ level: 'H', setPoint: '5' }] }] } as never)],
      'rule "watched": when.of[0].levels[0].setPoint is "5": it must be number',
    ],
    ['no span', [ruleConfig({ type: 'stale' } as never)], 'rule "watched": when.afterS is missing'],
    [
      'levels in the wrong order',
      [
        ruleConfig({
          ...current,
          levels: [
            { level: 'HH', setPoint: 1, priority: null },
            { level: 'H', setPoint: 2, priority: null },
          ],
        } as never),
      ],
      'rule "watched": when.levels: set point of HH, 1, has to be above that of H, 2',
    ],
    [
      'a level twice',
      [
        ruleConfig({
          ...current,
          levels: [
            { level: 'H', setPoint: 1, priority: null },
            { level: 'H', setPoint: 2, priority: null },
          ],
        } as never),
      ],
      'rule "watched": when.levels has H twice',
    ],
    [
      'two limits of several levels',
      [ruleConfig({ type: 'or', of: [current, current] })],
      'rule "watched": when has several limits with more than one level: it takes one such limit',
    ],
    ['too deep', [ruleConfig(deep(6))], 'rule "watched": when.of.of.of.of.of is nested deeper than 5 groups'],
    [
      'too many conditions',
      [ruleConfig({ type: 'or', of: [{ type: 'or', of: Array(16).fill(limit('H', 1)) }, limit('H', 1)] })],
      'rule "watched": when has 17 conditions: it takes 16 at most',
    ],
    [
      'the same name twice',
      [ruleConfig(current), ruleConfig(current)],
      'rule "watched" is there twice: a name is of one rule',
    ],
    ['too many', Array(201).fill(ruleConfig(current)), 'rules has 201 rules: it takes 200 at most'],
  ]
  for (const [what, given, message] of faults)
    it(`with ${what} are refused, naming rule and field`, () =>
      assert.throws(() => readRules(given), { name: 'RangeError', message }))

  it('may be nested as deep as is allowed', () => assert.equal(readRules([ruleConfig(deep(5))]).length, 1))
})
