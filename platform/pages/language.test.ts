import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { languageFor, languageOf } from './language.ts'

describe('language of a page', () => {
  for (const [accepted, language] of [
    [undefined, 'en-US'],
    ['', 'en-US'],
    ['pt', 'pt-BR'],
    ['pt-PT,pt;q=0.9,en;q=0.8', 'pt-BR'],
    ['en-GB,en;q=0.9,pt;q=0.8', 'en-US'],
    ['en;q=0.5, PT-br;q=0.7', 'pt-BR'],
    ['de,pt;q=0.3', 'pt-BR'],
    ['de,fr', 'en-US'],
    ['*', 'en-US'],
    ['pt;q=0', 'en-US'],
    ['pt;level=1;q=0.1,en;q=0.2', 'en-US'],
    ['en,pt', 'en-US'],
    ['pt,en', 'pt-BR'],
    [';;,q=,pt;q=x', 'pt-BR'],
    ['"><script>alert(1)</script>', 'en-US'],
  ] as const)
    it(`is ${language} for a browser that asks for ${JSON.stringify(accepted)}`, () =>
      assert.equal(languageOf(undefined, accepted), language))

  it('is the one chosen before, whatever the browser asks for', () => {
    assert.equal(languageOf('pt-BR', 'en'), 'pt-BR')
    assert.equal(languageOf('en-US', 'pt'), 'en-US')
    assert.equal(languageOf('xx', 'pt'), 'pt-BR')
  })

  it('is read from the headers of what asks for it', () => {
    const asked = (headers: object): string => languageFor({ headers } as IncomingMessage)
    assert.equal(asked({ 'accept-language': 'pt' }), 'pt-BR')
    assert.equal(asked({ 'accept-language': 'pt', cookie: 'a=b; lv_language=en-US' }), 'en-US')
    assert.equal(asked({}), 'en-US')
  })
})
