import assert from 'node:assert/strict'
import { Value } from '@sinclair/typebox/value'
import { Condition } from '../../../platform/wire/condition.ts'
import { conditionText } from '../../../platform/wire/condition-text.ts'
import { conjuntoConditions, unitCondition, type SaidOfConjunto } from './indicator-conditions.ts'

const unit = { unitId: 'u-1', feederId: 'f-1', month: '2026-03', compensationBrl: 27.94, at: 1_774_000_000_000 }

describe('conditions of a unit', () => {
  it('are active above a limit, and say which and what is due', () => {
    const condition = unitCondition({ ...unit, violated: ['DIC', 'DMIC'] })
    assert.ok(Value.Check(Condition, condition))
    assert.deepEqual(
      [condition.key, condition.state, condition.feederId],
      ['continuity/unit-limit/u-1', 'active', 'f-1'],
    )
    assert.equal(conditionText(condition, 'en', 'UTC'), 'Above its limit of DIC, DMIC in 2026-03, R$ 28 due')
    assert.equal(conditionText(condition, 'pt', 'UTC'), 'Acima do limite de DIC, DMIC em 2026-03, R$ 28 devidos')
  })

  it('are normal within them', () => {
    const condition = unitCondition({ ...unit, feederId: null, compensationBrl: null, violated: [] })
    assert.ok(Value.Check(Condition, condition))
    assert.equal(condition.state, 'normal')
  })
})

describe('conditions of a conjunto', () => {
  const at = 1_774_000_000_000
  const steps = (shares: readonly (number | null)[]) => {
    let said: SaidOfConjunto = {}
    return shares.map((decShare) => {
      const told = conjuntoConditions({ conjuntoId: 'c-1', year: 2026, decShare, fecShare: 0 }, said, 0.8, at)
      said = told.said
      for (const condition of told.conditions) assert.ok(Value.Check(Condition, condition))
      return told.conditions
        .filter(({ kind }) => kind === 'dec-limit')
        .map(({ state, priority }) => `${state} ${priority}`)
    })
  }

  it('are said once: from the threshold on, and above the limit', () => {
    assert.deepEqual(steps([0.5, 0.79, 0.8, 0.9, 1, 1.01, 1.2]), [
      ...[['normal low'], [], ['active medium'], [], [], ['active high'], []],
    ])
  })

  it('hold again where a correction takes it well below', () => {
    assert.deepEqual(steps([0.8, 0.79, 0.77, 0.79]), [['active medium'], [], ['normal low'], []])
  })

  it('are normal without a limit', () => assert.deepEqual(steps([null]), [['normal low']]))

  it('say all when nothing is remembered', () => {
    const { conditions } = conjuntoConditions(
      { conjuntoId: 'c-1', year: 2026, decShare: 1.1, fecShare: 0.85 },
      {},
      0.8,
      at,
    )
    assert.deepEqual(
      conditions.map((condition) => conditionText(condition, 'en', 'UTC')),
      ['Above the limit of DEC for 2026 (110 % of it)', '85 % of the limit of FEC for 2026 used'],
    )
  })
})
