import assert from 'node:assert/strict'
import { reaisIn } from './reais.ts'

describe('money', () => {
  it('is in reais, whatever the language', () => {
    assert.equal(reaisIn('pt-BR', 1204.5).replace(/\s/g, ' '), 'R$ 1.204,50')
    assert.equal(reaisIn('en-US', 1204.5), 'R$1,204.50')
  })
})
