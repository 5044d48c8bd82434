import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { apiKeyOf, credentialOf } from './credential.ts'

describe('the credential of a request', () => {
  for (const [what, headers, expected] of [
    ['none', {}, undefined],
    ['a bearer token', { authorization: 'Bearer a.b.c' }, { token: 'a.b.c', by: 'bearer' }],
    ['the cookie of the session', { cookie: 'x=1; lv_session=a.b.c' }, { token: 'a.b.c', by: 'cookie' }],
    [
      'a bearer token before a cookie',
      { authorization: 'bearer t', cookie: 'lv_session=c' },
      { token: 't', by: 'bearer' },
    ],
    [
      'none: another scheme is no reason to take the cookie',
      { authorization: 'Basic dTpw', cookie: 'lv_session=c' },
      undefined,
    ],
    ['none: an empty token', { authorization: 'Bearer ' }, undefined],
    ['none: two words', { authorization: 'Bearer a b' }, undefined],
    ['none: an empty cookie', { cookie: 'lv_session=' }, undefined],
  ] as const)
    it(`is ${what}`, () => assert.deepEqual(credentialOf(headers), expected))
})

describe('the key of a request', () => {
  for (const [what, headers, expected] of [
    ['none', { authorization: 'Bearer lvk_x' }, undefined],
    ['none: an empty one', { 'x-api-key': '' }, undefined],
    ['what x-api-key says', { 'x-api-key': 'lvk_x' }, 'lvk_x'],
  ] as const)
    it(`is ${what}`, () => assert.equal(apiKeyOf(headers), expected))
})
