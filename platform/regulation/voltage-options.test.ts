import assert from 'node:assert/strict'
import { voltageOptions } from './voltage-options.ts'

describe('what is uncertain about voltage', () => {
  it('is by default as the sources that there are have it', () => {
    const defaults = Object.fromEntries(Object.entries(voltageOptions).map(([key, option]) => [key, option.default]))
    assert.deepEqual(
      [
        ...[defaults['voltage-regularisation-days-drp'], defaults['voltage-regularisation-days-drc']],
        ...[defaults['voltage-notice-days'], defaults['voltage-credit-months'], defaults['voltage-k2-high-voltage']],
      ],
      [90, 15, 15, 2, 3],
    )
    assert.equal(defaults['voltage-eusd-month'], 'measurement-end')
    assert.equal(defaults['voltage-percentages'], 'truncated')
  })

  it('is named as what it is about', () => {
    for (const key of Object.keys(voltageOptions)) assert.match(key, /^voltage-/)
  })
})
