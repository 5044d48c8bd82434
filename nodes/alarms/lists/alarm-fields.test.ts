import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { shownText } from './alarm-fields.ts'

describe('what a condition says', () => {
  it('goes out in both languages, with what it was made of', () => {
    const text = { message: 'voltage.limit-holds', parameters: { indicator: 'DRP', usedPct: 12 } }
    const { en, pt, ...rest } = shownText(text, 'America/Sao_Paulo')
    assert.deepEqual(rest, text)
    assert.match(en, /^DRP budget .*12 %/)
    assert.match(pt, /^DRP: margem .*12 %/)
  })
})
