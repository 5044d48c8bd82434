import assert from 'node:assert/strict'
import { NoRule, ruleOn, type Regulated } from './regulated.ts'

describe('the rule on a day', () => {
  const rules: Regulated<number>[] = [
    { validFrom: '2010-01-01', validTo: '2021-12-31', source: 'old', value: 15 },
    { validFrom: '2022-01-01', source: 'new', value: 34 },
  ]

  it('is the one in force, first and last day included', () => {
    assert.equal(ruleOn('kei', rules, '2010-01-01').value, 15)
    assert.equal(ruleOn('kei', rules, '2021-12-31').value, 15)
    assert.equal(ruleOn('kei', rules, '2022-01-01').value, 34)
    assert.equal(ruleOn('kei', rules, '2030-06-01').value, 34)
  })

  it('is an error that names rule and day where none is in force', () => {
    assert.throws(
      () => ruleOn('kei', rules, '2009-12-31'),
      (error) => error instanceof NoRule && /no rule for kei is known on 2009-12-31/.test(error.message),
    )
  })
})
