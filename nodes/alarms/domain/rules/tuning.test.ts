import assert from 'node:assert/strict'
import type { AlarmDefinition, AlarmScope } from '../definition.ts'
import type { Rule } from './rule.ts'
import { limit, ruleOf } from './rules.fixture.ts'
import { tune, untunable } from './tuning.ts'

const none = { en: '', pt: '' }
const entry = (
  scope: Partial<AlarmScope>,
  setPoint: number | null,
  deadband: number | null = null,
): AlarmDefinition => ({
  scope: { area: 'rules', kind: 'watched', feederId: null, subject: null, ...scope },
  ...{
    className: 'equipment',
    priority: null,
    cause: none,
    consequence: none,
    operatorAction: none,
    timeToRespondMs: 0,
  },
  ...{
    setPoint,
    deadband,
    onDelayMs: 0,
    offDelayMs: 0,
    latching: null,
    reAlarmMs: null,
    explainedBy: [],
    enabled: true,
  },
})
const numbers = ([rule]: readonly Rule[]) => {
  const leaf = rule!.leaves[0]!
  return leaf.type === 'limit' ? [leaf.setPoint, leaf.deadband] : undefined
}

describe('a rule and the master alarm table', () => {
  const rules = [ruleOf(limit('H', 100, 10))]

  it('is as the node says it where the table says nothing', () => {
    const tuned = tune(rules, [entry({}, null), entry({ kind: 'another' }, 1), entry({ area: 'voltage' }, 2)])
    assert.equal(tuned('f-1', 'meter-1')[0], rules[0])
  })

  it('is as the entry says that says most: device, then feeder, then all', () => {
    const tuned = tune(rules, [
      ...[entry({}, 90), entry({ feederId: 'f-1' }, 80, 4), entry({ subject: 'meter-1' }, 70)],
      entry({ feederId: 'f-2', subject: 'meter-1' }, 60),
    ])
    const places = [
      ['f-3', 'meter-9'],
      ['f-1', 'meter-9'],
      ['f-1', 'meter-1'],
      ['f-2', 'meter-1'],
      [undefined, 'meter-9'],
    ] as const
    assert.deepEqual(
      places.map(([feeder, device]) => numbers(tuned(feeder, device))),
      [
        [90, 10],
        [80, 4],
        [70, 10],
        [60, 10],
        [90, 10],
      ],
    )
  })

  it('with several set points keeps them, and is named', () => {
    const several = [ruleOf({ type: 'or', of: [limit('H', 100), limit('L', 10)] })]
    const entries = [entry({}, 90)]
    assert.equal(tune(several, entries)('f', 'd')[0], several[0])
    assert.deepEqual(untunable(several, entries), ['watched'])
    assert.deepEqual(untunable(rules, entries), [])
  })
})
