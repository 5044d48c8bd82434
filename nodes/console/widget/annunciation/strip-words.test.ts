import { checkWords } from '../screens/words-check.fixture.ts'
import { stripWords } from './strip-words.ts'

describe('what the line of alarms says', () => {
  it('is said in both languages', () => checkWords(stripWords))
})
