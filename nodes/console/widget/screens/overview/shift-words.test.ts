import { checkWords } from '../words-check.fixture.ts'
import { shiftWords } from './shift-words.ts'

describe('what the shift log says', () => {
  it('is said in both languages', () => checkWords(shiftWords))
})
