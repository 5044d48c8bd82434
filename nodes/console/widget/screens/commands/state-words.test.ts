import assert from 'node:assert/strict'
import { ackStatuses } from '../../../../../platform/wire/command.ts'
import { commandStates } from '../../../../../platform/wire/live-command.ts'
import { checkWords } from '../words-check.fixture.ts'
import { reasonIn, stateWords } from './state-words.ts'

describe('where commands stand, in words', () => {
  it('is said in both languages', () => checkWords(stateWords))

  it('is said of every state and every answer of a device', () => {
    const words: Readonly<Record<string, string>> = stateWords['en-US']
    for (const state of commandStates) assert.ok(words[`state_${state}`], state)
    for (const status of ackStatuses) assert.ok(words[`ack_${status}`], status)
  })

  it('says why in the words of the reader, and leaves what somebody wrote as it is', () => {
    assert.equal(reasonIn(stateWords['pt-BR'], 'no answer'), 'sem resposta')
    assert.equal(reasonIn(stateWords['pt-BR'], 'Unit is the wrong one'), 'Unit is the wrong one')
  })
})
