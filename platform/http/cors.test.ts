import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { corsHeaders, originsOf } from './cors.ts'

describe('origins whose pages may use the API', () => {
  it('are read as browsers write them', () => {
    assert.deepEqual(
      [...originsOf('https://a.example, http://localhost:5173')!],
      ['https://a.example', 'http://localhost:5173'],
    )
  })

  for (const list of [
    '*',
    'https://a.example/',
    'a.example',
    'https://*.example',
    'null',
    'file:///x',
    'https://a.example,',
    'https://u:p@a.example',
  ])
    it(`are no list: ${list}`, () => assert.equal(originsOf(list), undefined))

  const allowed = new Set(['https://a.example'])

  it('get no word of it when there are none', () => assert.deepEqual(corsHeaders('https://a.example', new Set()), {}))

  it('are named one by one, never all, and never with cookies', () => {
    const headers = corsHeaders('https://a.example', allowed)
    assert.equal(headers['Access-Control-Allow-Origin'], 'https://a.example')
    assert.ok(!('Access-Control-Allow-Credentials' in headers))
    assert.deepEqual(corsHeaders('https://b.example', allowed), { Vary: 'Origin' })
    assert.deepEqual(corsHeaders(undefined, allowed), { Vary: 'Origin' })
  })

  it('are told beforehand what they may send', () => {
    const headers = { 'access-control-request-method': 'PUT' }
    const told = corsHeaders('https://a.example', allowed, { methods: 'GET, PUT', headers })
    assert.equal(told['Access-Control-Allow-Methods'], 'GET, PUT')
    assert.ok(
      !('Access-Control-Allow-Methods' in corsHeaders('https://b.example', allowed, { methods: 'PUT', headers })),
    )
  })
})
