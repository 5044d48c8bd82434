import assert from 'node:assert/strict'
import { conditionKinds } from './condition-kinds.ts'
import { conditionTexts } from './condition-text.ts'
import { solarConditionTexts } from './solar-condition-texts.ts'

describe('what conditions of solar plants say', () => {
  it('is known with all other conditions', () => {
    for (const [message, words] of Object.entries(solarConditionTexts))
      assert.equal((conditionTexts as Record<string, unknown>)[message], words)
  })

  it('names the panel or the plant, in both languages', () => {
    for (const { en, pt } of Object.values(solarConditionTexts))
      assert.match(`${en} ${pt}`, /\{(panel|site)\}.*\{(panel|site)\}/)
  })

  it('has words for each kind, with what is to be done', () => {
    for (const kind of conditionKinds.solar)
      assert.match(solarConditionTexts[`solar.${kind}`].pt, /\{details\}.*\{recommendation\}/)
  })
})
