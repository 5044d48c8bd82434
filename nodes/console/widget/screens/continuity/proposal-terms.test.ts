import { checkWords } from '../words-check.fixture.ts'
import { proposalTerms } from './proposal-terms.ts'

describe('what is proposed', () => {
  it('is called something in both languages', () => checkWords(proposalTerms))
})
