import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { Condition, conditionKey } from './condition.ts'

describe('a condition', () => {
  const check = new Ajv().compile(Condition)
  const condition: Condition = {
    ...{
      key: conditionKey('telemetry', 'feeder-overload', 'F1'),
      area: 'telemetry',
      kind: 'feeder-overload',
      subject: 'F1',
    },
    ...{
      state: 'active',
      at: 1_800_000_000_000,
      feederId: 'F1',
      value: 5_200,
      limit: 5_000,
      unit: 'kW',
      priority: 'high',
    },
    text: { message: 'feeders.overload', parameters: { overPct: 4 } },
  }

  it('is told apart by area, kind and subject', () => assert.equal(condition.key, 'telemetry/feeder-overload/F1'))

  it('is of a kind that its area is known to say', () => {
    // @ts-expect-error -- what this guards against does not compile
    assert.equal(conditionKey('telemetry', 'feeder-overlod', 'F1'), 'telemetry/feeder-overlod/F1')
    // @ts-expect-error -- nor does an area that nobody knows
    assert.equal(conditionKey('feeders', 'overload', 'F1'), 'feeders/overload/F1')
    assert.equal(conditionKey('rules', 'whatever-engineers-call-it', 'F1'), 'rules/whatever-engineers-call-it/F1')
  })

  it('is what the schema says', () => assert.ok(check(condition), JSON.stringify(check.errors)))

  for (const [what, wrong] of [
    ['another state', { state: 'maybe' }],
    ['an instant with a fraction', { at: 1.5 }],
    ['a parameter that is no word and no number', { text: { message: 'm', parameters: { list: [] } } }],
    ['words in one language only', { text: { message: 'm', parameters: { rule: { en: 'Too warm' } } } }],
    ['a priority of its own', { priority: 'urgent' }],
  ] as const)
    it(`is not one with ${what}`, () => assert.equal(check({ ...condition, ...wrong }), false))
})
