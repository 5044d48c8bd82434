import { checkWords } from '../words-check.fixture.ts'
import { overviewWords } from './overview-words.ts'

describe('what the overview says', () => {
  it('is said in both languages', () => checkWords(overviewWords))
})
