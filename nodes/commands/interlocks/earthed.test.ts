import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { earthed } from './earthed.ts'
import { field, intended, said } from './surroundings.fixture.ts'

describe('closing onto an earthed section', () => {
  const close = (id: string, closed: Record<string, string>) => said(earthed, intended('close', id), field({ closed }))

  it('is forbidden wherever supply would come to it, and names the earth switch', () => {
    const closed = { 'sw-a': '', 'es-a2': 'ABC' }
    assert.deepEqual(close('sw-a', closed), [
      'section a2 is earthed, or may be: earth switch es-a2 is not known to be open',
    ])
    assert.equal(close('tie', closed).length, 1)
    assert.equal(close('src-a', { 'src-a': '', 'es-a2': 'ABC' }).length, 1)
  })

  it('is not forbidden among dead sections, nor where all earth switches are open', () => {
    assert.deepEqual(close('fu-a', { 'sw-a': '', 'fu-a': '', 'es-a2': 'ABC' }), [])
    assert.deepEqual(close('sw-a', { 'sw-a': '', 'es-a2': '' }), [])
    assert.deepEqual(close('sw-a', { 'sw-a': '' }), [], 'nothing known: open, as normally')
  })

  it('of another part of the network does not matter', () => {
    assert.deepEqual(close('sw-a', { 'sw-a': '', 'sw-b': '', 'src-b': '', 'es-b1': 'ABC' }), [])
  })

  it('an opening is none', () => {
    assert.deepEqual(said(earthed, intended('open', 'sw-a'), field({ closed: { 'es-a2': 'ABC' } })), [])
  })
})
