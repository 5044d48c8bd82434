import { checkWords } from '../words-check.fixture.ts'
import { listWords } from './list-words.ts'

describe('what lists of commands say', () => {
  it('is said in both languages', () => checkWords(listWords))
})
