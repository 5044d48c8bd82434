import assert from 'node:assert/strict'
import { Value } from '@sinclair/typebox/value'
import { Explained } from './money-fields.ts'
import type { ExplainedMoney } from './money.ts'

describe('money as it goes out', () => {
  it('has all that explains it', () => {
    const money: ExplainedMoney = {
      ...{ amountBrl: 1.23, exactBrl: 1.234, formula: 'a · b', inputs: { a: 1, b: 1.234, class: 'BT' } },
      rule: { validFrom: '2022-01-01', source: 'item 225' },
    }
    assert.ok(Value.Check(Explained, money))
    assert.ok(!Value.Check(Explained, { ...money, rule: undefined }))
  })
})
