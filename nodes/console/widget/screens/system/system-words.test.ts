import { checkWords } from '../words-check.fixture.ts'
import { systemWords } from './system-words.ts'

describe('what the page of the system says', () => {
  it('is said in both languages', () => checkWords(systemWords))
})
