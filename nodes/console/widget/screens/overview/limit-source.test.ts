import assert from 'node:assert/strict'
import { sourceWord } from './limit-source.ts'

describe('the source of a limit, in words', () => {
  it('has the number of what set it', () => {
    assert.deepEqual(sourceWord('event:7'), { word: 'source_event', id: '7' })
    assert.deepEqual(sourceWord('registry'), { word: 'source_registry', id: '' })
  })
  it('is left as it is where there is no word for it', () => assert.equal(sourceWord('weather:3'), undefined))
})
