import assert from 'node:assert/strict'
import { causeCodes, causes, causeTexts, causeWords, officialCause, publicCause } from './causes.ts'

describe('causes', () => {
  it('have four levels in official words, each its own', () => {
    assert.equal(causeWords('lightning'), 'Interna;Não programada;Meio ambiente;Descarga atmosférica')
    const all = causeCodes.map(causeWords)
    assert.equal(new Set(all).size, all.length)
  })

  it('agree with their origin and type', () => {
    for (const code of causeCodes) {
      const { origin, programmed, words } = causes[code]
      assert.equal(words[0], origin === 'internal' ? 'Interna' : 'Externa', code)
      assert.equal(words[1], programmed ? 'Programada' : 'Não programada', code)
    }
  })

  it('are read in both languages', () => assert.deepEqual(causeTexts('wind'), { en: 'wind', pt: 'Vento' }))

  it('are told the regulator by cause and detail, and the public by detail', () => {
    assert.deepEqual(officialCause('wind'), { cause: 'Meio ambiente', detail: 'Vento' })
    assert.deepEqual(officialCause('vento forte'), { cause: 'vento forte', detail: null })
    assert.deepEqual(
      [publicCause('wind'), publicCause('vento forte'), publicCause(null)],
      ['Vento', 'vento forte', null],
    )
  })

  it('that came in other words stay as they are', () => assert.equal(causeWords('vento forte'), 'vento forte'))
})
