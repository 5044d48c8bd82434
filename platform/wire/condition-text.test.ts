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

  it('has words that somebody chose in the language that they are read in', () => {
    const parameters = { rule: { en: 'Too warm', pt: 'Quente demais' }, found: 71.5, unit: '°C' }
    const texts = (['en', 'pt'] as const).map((language) =>
      conditionText({ text: { message: 'rules.holds', parameters } }, language, 'UTC'),
    )
    assert.deepEqual(texts, ['Too warm: 71.5 °C', 'Quente demais: 71,5 °C'])
  })

  it('shows an instant of no calendar as the number that it is', () =>
    assert.equal(
      text('voltage.limit-broken', { indicator: 'DRP', brokenAt: 8.65e15 }),
      'DRP limit broken on 8,650,000,000,000,000',
    ))

  it('is the message itself where it is not known', () =>
    assert.equal(text('solar.unheard-of', {}), 'solar.unheard-of'))

  it('is what a flow says itself where the message is its own', () => {
    const words = { english: 'Door door-1 is open', portuguese: 'Porta door-1 aberta' }
    assert.equal(text('substation.door-open', words), words.english)
    assert.equal(text('substation.door-open', words, 'pt'), words.portuguese)
    assert.equal(text('substation.door-open', { english: words.english }, 'pt'), words.english)
  })

  it('has the same parameters in both languages, but for words that come in each', () => {
    for (const { en, pt } of Object.values(conditionTexts)) {
      const names = (template: string) => [...template.matchAll(/\{\w+\}/g)].map(String).toSorted()
      assert.deepEqual(names(pt.replace('{portuguese}', '{english}')), names(en))
    }
  })
})
