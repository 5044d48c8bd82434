import { checkWords } from '../words-check.fixture.ts'
import { alarmsWords } from './alarms-words.ts'

describe('what the page of alarms says', () => {
  it('is said in both languages', () => checkWords(alarmsWords))
})
