import assert from 'node:assert/strict'
import { acceptedBy, accepts, amount, choice } from './option.ts'

const said = { en: 'x', pt: 'x' }
const uncertain = { question: said, source: 'x', confidence: 'unsaid' } as const
const unit = { unit: said, least: 1, most: 90 } as const
const days = amount({ ...uncertain, ...unit, whole: true, default: 15 })
const share = amount({ ...uncertain, ...unit, whole: false, default: 1.5 })
const either = choice({ ...uncertain, choices: { one: said, other: said }, default: 'one' })

describe('an option', () => {
  it('takes what it says, and nothing else', () => {
    for (const [option, good, bad] of [
      [days, [1, 15, 90], [0, 91, 1.5, NaN, Infinity, '15', null, undefined, true]],
      [share, [1, 1.5, 90], [0.999, 90.001, '1.5', null]],
      [either, ['one', 'other'], ['One', '', 'toString', '__proto__', 1, null, undefined]],
    ] as const) {
      for (const value of good) assert.ok(accepts(option, value), String(value))
      for (const value of bad) assert.ok(!accepts(option, value), String(value))
    }
  })

  it('says what it takes', () => {
    assert.deepEqual([days, share, either].map(acceptedBy), [
      'a whole number from 1 to 90',
      'a number from 1 to 90',
      'one or other',
    ])
  })
})
