import assert from 'node:assert/strict'
import { both } from './words.ts'

describe('both', () => {
  it('keeps the two languages side by side', () => assert.deepEqual(both('Carga', 'Load'), { pt: 'Carga', en: 'Load' }))
})
