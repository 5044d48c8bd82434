import { checkWords } from '../words-check.fixture.ts'
import { demandWords } from './demand-words.ts'

describe('what the page of feeders says of demand response', () => {
  it('is said in both languages', () => checkWords(demandWords))
})
