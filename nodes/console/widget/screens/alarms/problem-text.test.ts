import assert from 'node:assert/strict'
import { alarmsWords } from './alarms-words.ts'
import { problemText } from './problem-text.ts'

describe('why an attempt was refused', () => {
  const words = alarmsWords['pt-BR']
  it('is said in the language of the page', () => {
    const outcome = { code: 'stale-occurrence', problem: 'occurrence 4 stands' }
    assert.equal(problemText(words, outcome), 'Alarmou de novo desde então: olhe outra vez.')
  })

  it("is said in the server's words where the page has none", () => {
    assert.equal(problemText(words, { code: 'new-reason', problem: 'because' }), 'because')
    assert.equal(problemText(words, { code: null, problem: null }), '')
  })
})
