import assert from 'node:assert/strict'
import { chooseLanguage } from './language.ts'

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
