import { checkWords } from '../words-check.fixture.ts'
import { tagWords } from './tag-words.ts'

describe('what is said of tags', () => {
  it('is said in both languages', () => checkWords(tagWords))
})
