import assert from 'node:assert/strict'
import { checkWords } from '../words-check.fixture.ts'
import { anomalyKinds, severities, visitKinds } from './solar-answers.ts'
import { solarWords } from './solar-words.ts'

describe('what the page of solar plants says', () => {
  it('is said in both languages', () => checkWords(solarWords))

  it('has a word for each kind, severity and visit', () => {
    const keys = [
      ...anomalyKinds.map((kind) => `kind_${kind}`),
      ...severities.map((severity) => `severity_${severity}`),
      ...visitKinds.map((what) => `visit_${what}`),
    ]
    assert.deepEqual(
      keys.filter((key) => !Object.hasOwn(solarWords['pt-BR'], key)),
      [],
    )
  })
})
