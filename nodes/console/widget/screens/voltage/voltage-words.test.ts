import { checkWords } from '../words-check.fixture.ts'
import { voltageWords } from './voltage-words.ts'

describe('what the page of voltage quality says', () => {
  it('is said in both languages', () => checkWords(voltageWords))
})
