import assert from 'node:assert/strict'
import { isReason, reasons } from './reasons.ts'

describe('the reason codes', () => {
  it('each have their words in both languages, and no two the same', () => {
    for (const language of ['en', 'pt'] as const) {
      const words = Object.values(reasons).map((reason) => reason[language])
      assert.ok(words.every((text) => text.length > 5))
      assert.equal(new Set(words).size, words.length)
    }
  })

  it('are a closed list', () => {
    assert.ok(Object.keys(reasons).every(isReason))
    for (const word of ['', 'bad', 'toString', '__proto__', 'constructor']) assert.ok(!isReason(word))
  })
})
