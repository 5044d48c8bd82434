import assert from 'node:assert/strict'
import { accepts } from './option.ts'
import { defaultChoices } from './options.ts'
import { powerQualityOptions } from './power-quality-options.ts'

describe('the option of distortion at high voltage', () => {
  const option = powerQualityOptions['voltage-high-voltage-distortion']

  it('holds the limits that only memory has, unless somebody knows better', () => {
    assert.equal(defaultChoices['voltage-high-voltage-distortion'], 'limited')
    assert.equal(option.confidence, 'remembered')
  })

  it('takes its two words and nothing else', () => {
    for (const word of ['limited', 'unlimited']) assert.ok(accepts(option, word))
    for (const other of ['', 'none', true, 5, null]) assert.ok(!accepts(option, other))
  })
})
