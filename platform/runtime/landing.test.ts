import assert from 'node:assert/strict'
import { landingPage } from './landing.ts'

const languageOf = (acceptLanguage: string | undefined): string | undefined =>
  /<html lang="([^"]+)">/.exec(landingPage(acceptLanguage))?.[1]

describe('landing page', () => {
  for (const [accepted, language] of [
    [undefined, 'en'],
    ['', 'en'],
    ['pt', 'pt-BR'],
    ['pt-PT,pt;q=0.9,en;q=0.8', 'pt-BR'],
    ['en-GB,en;q=0.9,pt;q=0.8', 'en'],
    ['en;q=0.5, PT-br;q=0.7', 'pt-BR'],
    ['de,pt;q=0.3', 'pt-BR'],
    ['de,fr', 'en'],
    ['*', 'en'],
    ['pt;q=0', 'en'],
    ['pt;level=1;q=0.1,en;q=0.2', 'en'],
    ['en,pt', 'en'],
    ['pt,en', 'pt-BR'],
    [';;,q=,pt;q=x', 'pt-BR'],
  ] as const) {
    it(`is in ${language} for ${JSON.stringify(accepted)}`, () => assert.equal(languageOf(accepted), language))
  }

  it('takes nothing over from what the browser sends', () => {
    assert.equal(landingPage('"><script>alert(1)</script>'), landingPage(undefined))
    assert.equal(landingPage('pt,<b>'), landingPage('pt'))
  })

  it('links to dashboard, editor and health in each language, and needs no script', () => {
    for (const language of ['en', 'pt']) {
      const page = landingPage(language)
      for (const path of ['/dashboard', '/editor', '/api/health']) assert.ok(page.includes(`<a href="${path}">`), path)
      assert.doesNotMatch(page, /<script|&(?!amp;|lt;|gt;|quot;)/)
    }
    assert.match(landingPage('pt'), /Operação da distribuição/)
  })
})
