import { checkWords } from '../words-check.fixture.ts'
import { continuityWords } from './continuity-words.ts'

describe('what the page of continuity says', () => {
  it('is said in both languages', () => checkWords(continuityWords))
})
