import assert from 'node:assert/strict'
import { formatsOf } from '../../formats.ts'
import { continuityWords } from './continuity-words.ts'
import { unitsText } from './units-text.ts'

describe('units in words', () => {
  it('are one, or many', () => {
    const say = (count: number) => unitsText(count, continuityWords['pt-BR'], formatsOf('pt-BR'))
    assert.deepEqual([0, 1, 1284].map(say), ['0 unidades', '1 unidade', '1.284 unidades'])
  })
})
