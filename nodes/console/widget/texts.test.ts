import assert from 'node:assert/strict'
import { reasons } from '../../../platform/wire/reasons.ts'
import { languages, texts, typeName } from './texts.ts'

describe('texts', () => {
  it('says the same things in every language', () => {
    const [first, ...others] = languages.map((language) => Object.keys(texts[language]).sort())
    for (const keys of others) assert.deepEqual(keys, first)
  })

  for (const language of languages) {
    it(`leaves nothing empty in ${language}`, () => {
      for (const [key, text] of Object.entries(texts[language])) assert.notEqual(text.trim(), '', key)
    })
  }

  it('knows every reason of quarantine in both languages', () => {
    for (const [code, { en, pt }] of Object.entries(reasons)) assert.ok(en && pt, code)
  })

  it('shows a type that has no name here as it is', () => {
    assert.equal(typeName(texts['pt-BR'], 'battery'), 'Bateria')
    assert.equal(typeName(texts['pt-BR'], 'heat_pump'), 'heat_pump')
    assert.equal(typeName(texts['pt-BR'], 'toString'), 'toString')
  })
})
