import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { liveSection } from './live-section.ts'
import { field, intended, said } from './surroundings.fixture.ts'

describe('closing an earth switch', () => {
  it('onto a section with supply is forbidden, and names the source', () => {
    assert.deepEqual(said(liveSection, intended('close', 'es-a2'), field()), [
      'section a2 is supplied by src-a, or may be: earthing it is a short circuit',
    ])
  })
  it('onto one that is fed in one phase only, too', () => {
    assert.equal(said(liveSection, intended('close', 'es-a2'), field({ closed: { 'sw-a': '', tie: 'C' } })).length, 1)
  })
  it('onto a dead section is what it is there for', () => {
    assert.deepEqual(said(liveSection, intended('close', 'es-a2'), field({ closed: { 'sw-a': '' } })), [])
  })
  it('opening it, or closing a line switch, is none', () => {
    assert.deepEqual(said(liveSection, intended('open', 'es-a2'), field()), [])
    assert.deepEqual(said(liveSection, intended('close', 'tie'), field()), [])
  })
})
