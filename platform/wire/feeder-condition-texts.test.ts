import assert from 'node:assert/strict'
import { conditionTexts } from './condition-text.ts'
import { feederConditionTexts } from './feeder-condition-texts.ts'

describe('what conditions of feeders say', () => {
  it('is known with all other conditions', () => {
    for (const [message, words] of Object.entries(feederConditionTexts))
      assert.equal((conditionTexts as Record<string, unknown>)[message], words)
  })

  it('names the feeder, in both languages', () => {
    for (const { en, pt } of Object.values(feederConditionTexts)) assert.match(`${en} ${pt}`, /\{feeder\}.*\{feeder\}/)
  })
})
