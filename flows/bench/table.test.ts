import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { digits, layOut } from './table.ts'

describe('a table', () => {
  it('has names to the left, numbers to the right, and headings across', () => {
    assert.deepEqual(
      layOut(['', 'rate', 'lost'], [['singles, one a message'], ['ours', '20,000', '0'], ['stock', '900', '12']]),
      ['         rate  lost', 'singles, one a message', 'ours   20,000     0', 'stock     900    12'],
    )
  })

  it('leaves open what a row does not have', () => {
    assert.deepEqual(
      layOut(
        ['', 'rate', 'lost'],
        [
          ['ours', '1', '0'],
          ['stock', '–'],
        ],
      ),
      ['       rate  lost', 'ours      1     0', 'stock     –'],
    )
  })
})

describe('a number in it', () => {
  it('has thousands apart, and as many digits as say something', () => {
    assert.deepEqual([digits(29_730.4), digits(0.456, 2), digits(5, 1)], ['29,730', '0.46', '5.0'])
  })

  it('is a dash where it is not known', () => assert.deepEqual([digits(undefined), digits(NaN, 1)], ['–', '–']))
})
