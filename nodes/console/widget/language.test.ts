import assert from 'node:assert/strict'
import { chooseLanguage, rememberedLanguage, rememberingLanguage } from './language.ts'

describe('chooseLanguage', () => {
  for (const [preferred, chosen, language] of [
    [['pt-BR', 'en-US'], null, 'pt-BR'],
    [['pt-PT'], null, 'pt-BR'],
    [['fr-FR', 'en-GB', 'pt-BR'], null, 'en-US'],
    [['fr-FR'], null, 'en-US'],
    [[], null, 'en-US'],
    [['en-US'], 'pt-BR', 'pt-BR'],
    [['pt-BR'], 'klingon', 'pt-BR'],
  ] as const) {
    it(`browser wants ${preferred.join(', ') || 'nothing'}, chosen ${chosen}: ${language}`, () =>
      assert.equal(chooseLanguage(preferred, chosen), language))
  }
})

describe('the remembered language', () => {
  for (const [cookies, language] of [
    ['', null],
    ['lv_language=pt-BR', 'pt-BR'],
    ['a=1; lv_language=en-US; b=2', 'en-US'],
    ['x_lv_language=pt-BR', null],
    ['lv_language=', null],
  ] as const)
    it(`of the cookies ${JSON.stringify(cookies)} is ${language}`, () =>
      assert.equal(rememberedLanguage(cookies), language))

  it('is the one that was kept', () => {
    const kept = rememberingLanguage('pt-BR')
    assert.match(kept, /^lv_language=pt-BR; Path=\/; Max-Age=31536000; SameSite=Lax$/)
    assert.equal(rememberedLanguage(kept), 'pt-BR')
  })
})
