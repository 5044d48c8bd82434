import { checkWords } from '../words-check.fixture.ts'
import { feedersWords } from './feeders-words.ts'

describe('what the page of feeders says of feeders, limits and devices', () => {
  it('is said in both languages', () => checkWords(feedersWords))
})
