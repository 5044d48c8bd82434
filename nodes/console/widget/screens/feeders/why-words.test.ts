import { checkWords } from '../words-check.fixture.ts'
import { whyWords } from './why-words.ts'

describe('what the page of feeders says of why a device has its setpoint', () => {
  it('is said in both languages', () => checkWords(whyWords))
})
