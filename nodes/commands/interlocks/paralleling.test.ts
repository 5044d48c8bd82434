import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { line, source } from '../../../platform/network/model/network.fixture.ts'
import { paralleling } from './paralleling.ts'
import { field, intended, said } from './surroundings.fixture.ts'

describe('putting two sources in parallel', () => {
  const close = (id: string, closed: Record<string, string> = {}, network = field().network) =>
    said(paralleling, intended('close', id), field({ closed, network }))

  it('is forbidden, and names them', () => {
    assert.deepEqual(close('tie'), ['closing tie puts src-a and src-b in parallel'])
  })
  it('also by closing the last switch before a closed tie, or the breaker of a source', () => {
    assert.equal(close('sw-b', { 'sw-b': '', tie: 'ABC' }).length, 1)
    assert.deepEqual(close('src-b', { 'src-b': '', tie: 'ABC' }), ['closing src-b puts src-b and src-a in parallel'])
  })
  it('in one phase is in parallel', () => {
    assert.equal(close('tie', { 'sw-b': 'B' }).length, 1)
  })
  it('closing onto a dead section is not', () => {
    assert.deepEqual(close('tie', { 'sw-b': '' }), [])
    assert.deepEqual(close('src-b', { 'src-b': '' }), [])
  })
  it('each fed in other phases than the other is not', () => {
    assert.deepEqual(close('tie', { 'sw-a': 'A', 'sw-b': 'BC' }), [])
  })
  it('a ring on one source may be closed, and one on two that are joined already', () => {
    const switches = [line('one', 'a-b'), line('other', 'a-b', { tie: true })]
    assert.deepEqual(close('other', {}, { sources: [source('s', 'a')], switches }), [])
    assert.deepEqual(close('other', {}, { sources: [source('s', 'a'), source('t', 'b')], switches }), [])
  })
})
