import assert from 'node:assert/strict'
import { conditionText, conditionTexts } from './condition-text.ts'

describe('the text of a condition', () => {
  const text = (message: string, parameters: Record<string, number | string>, language: 'en' | 'pt' = 'en') =>
    conditionText({ text: { message, parameters } }, language, 'America/Sao_Paulo')

  it('is put in the reader’s language, zone and format', () => {
    const parameters = { indicator: 'DRC', brokenAt: Date.UTC(2026, 10, 5, 22, 20), expectedBrl: 1234.5 }
    assert.equal(text('voltage.limit-broken', parameters), 'DRC limit broken on Thursday 19:20, R$ 1,235 expected')
    assert.equal(
      text('voltage.limit-broken', parameters, 'pt'),
      'Limite de DRC ultrapassado: quinta-feira, 19:20, R$ 1.235 esperados',
    )
  })

  it('leaves out a part whose parameter is missing', () =>
    assert.equal(
      text('voltage.limit-broken', { indicator: 'DRP', brokenAt: 0 }),
      'DRP limit broken on Wednesday 21:00',
    ))

  it('is the message itself where it is not known', () =>
    assert.equal(text('solar.unheard-of', {}), 'solar.unheard-of'))

  it('has the same parameters in both languages', () => {
    for (const { en, pt } of Object.values(conditionTexts)) {
      const names = (template: string) => [...template.matchAll(/\{\w+\}/g)].map(String).toSorted()
      assert.deepEqual(names(pt), names(en))
    }
  })
})
