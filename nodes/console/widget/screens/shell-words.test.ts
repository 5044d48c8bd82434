import { checkWords } from './words-check.fixture.ts'
import { shellWords } from './shell-words.ts'

describe('what all pages of the console say', () => {
  it('is said in both languages', () => checkWords(shellWords))
})
