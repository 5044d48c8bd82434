import assert from 'node:assert/strict'
import { commandTypes } from '../../../../../platform/wire/command.ts'
import { checkWords } from '../words-check.fixture.ts'
import { commandsWords } from './commands-words.ts'

describe('what the form of commands says', () => {
  it('is said in both languages', () => checkWords(commandsWords))

  it('names the effect of every type of command, and whose it is', () => {
    const words: Readonly<Record<string, string>> = commandsWords['pt-BR']
    for (const type of commandTypes) assert.match(words[`effect_${type}`] ?? '', /\{device\}/, type)
  })
})
