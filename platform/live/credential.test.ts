import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { credentialOf } from './credential.ts'

describe('the token of a request for the live stream', () => {
  const host = 'grid.example:1880'

  it('comes with a program in its header', () => {
    assert.deepEqual(credentialOf({ host, authorization: 'Bearer abc.def.ghi' }), { token: 'abc.def.ghi' })
  })

  it('comes with a browser in the cookie, if the page is ours', () => {
    const cookie = 'theme=dark; lv_session=abc.def.ghi; lang=pt'
    assert.deepEqual(credentialOf({ host, cookie, origin: 'https://grid.example:1880' }), { token: 'abc.def.ghi' })
    for (const origin of ['https://evil.example', 'https://grid.example', 'null', undefined])
      assert.ok('refusal' in credentialOf({ host, cookie, ...(origin !== undefined && { origin }) }), String(origin))
  })

  it('is none where there is none', () => {
    for (const headers of [{}, { authorization: 'Basic YTpi' }, { cookie: 'xlv_session=1; lv_session=' }])
      assert.deepEqual(credentialOf({ host, ...headers }), { token: undefined })
  })
})
