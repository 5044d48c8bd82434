import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  cookieNames,
  cookiesOf,
  cookiesOfNobody,
  csrfTokenFits,
  csrfTokenOf,
  isFromOurPages,
  isWrite,
  parseCookies,
  serialiseCookie,
} from './cookies.ts'

const key = Buffer.alloc(32, 7)

describe('parseCookies', () => {
  for (const [header, expected] of [
    [undefined, {}],
    ['', {}],
    ['a=1; b=2', { a: '1', b: '2' }],
    ['a=1;b=2 ;  c = 3', { a: '1', b: '2', c: '3' }],
    ['a=1; a=2', { a: '1' }],
    ['a="quoted"', { a: 'quoted' }],
    ['a=x=y', { a: 'x=y' }],
    ['a=', { a: '' }],
    ['=x; b; ;c=1', { c: '1' }],
    ['__proto__=x; constructor=y', { ['__proto__']: 'x', constructor: 'y' }],
  ] as const)
    it(`reads ${JSON.stringify(header)}`, () => assert.deepEqual([...parseCookies(header)], Object.entries(expected)))

  it('reads nothing out of a header beyond 16 kB', () =>
    assert.equal(parseCookies(`a=1; b=${'x'.repeat(16 * 1024)}`).size, 0))

  it('takes any text without an error, and finds what was written among it (property)', () => {
    const value = fc.stringMatching(/^[\w.~-]{1,40}$/)
    fc.assert(
      fc.property(fc.string(), value, (noise, value) => {
        parseCookies(noise)
        const before = noise.replaceAll(cookieNames.session, '')
        assert.equal(parseCookies(`${before}; ${cookieNames.session}=${value}`).get(cookieNames.session), value)
      }),
    )
  })
})

describe('serialiseCookie', () => {
  it('says all that keeps a cookie from others', () => {
    assert.equal(
      serialiseCookie('lv_session', 'a.b-c_d', { maxAgeSeconds: 60.9, secure: true }),
      'lv_session=a.b-c_d; Path=/; Max-Age=60; SameSite=Strict; HttpOnly; Secure',
    )
    assert.equal(
      serialiseCookie('lv_csrf', 'x', { maxAgeSeconds: -5, secure: false, httpOnly: false, path: '/api' }),
      'lv_csrf=x; Path=/api; Max-Age=0; SameSite=Strict',
    )
  })

  it('lets nothing out that would begin another attribute or header (property)', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        let written: string
        try {
          written = serialiseCookie('lv_session', value, { maxAgeSeconds: 1, secure: false })
        } catch (error) {
          return assert.ok(error instanceof RangeError && !error.message.includes('\n'))
        }
        assert.equal(written, `lv_session=${value}; Path=/; Max-Age=1; SameSite=Strict; HttpOnly`)
        assert.match(written, /^[\x21-\x3a\x3c-\x7e]*(; [\w-]+(=[\w/]+)?)+$/)
      }),
    )
  })
})

describe('the cookies of a session', () => {
  const session = { token: 't.o.k', csrfToken: 'c', refreshToken: 'r', expiresAt: 61_000, sessionEndsAt: 601_000 }

  it('last as long as what they carry; scripts read the one that they must repeat, and no other', () => {
    assert.deepEqual(cookiesOf(session, 1_000, true), [
      'lv_session=t.o.k; Path=/; Max-Age=60; SameSite=Strict; HttpOnly; Secure',
      'lv_csrf=c; Path=/; Max-Age=600; SameSite=Strict; Secure',
      'lv_refresh=r; Path=/api/auth; Max-Age=600; SameSite=Strict; HttpOnly; Secure',
    ])
  })

  it('are taken away by name and path', () => {
    assert.deepEqual(cookiesOfNobody(false), [
      'lv_session=; Path=/; Max-Age=0; SameSite=Strict; HttpOnly',
      'lv_csrf=; Path=/; Max-Age=0; SameSite=Strict',
      'lv_refresh=; Path=/api/auth; Max-Age=0; SameSite=Strict; HttpOnly',
    ])
  })
})

describe('the CSRF token', () => {
  it('fits its session and key, and no other', () => {
    const token = csrfTokenOf(key, 'session-1')
    assert.match(token, /^[\w-]{43}$/)
    assert.ok(csrfTokenFits(key, 'session-1', token))
    assert.ok(!csrfTokenFits(key, 'session-2', token))
    assert.ok(!csrfTokenFits(Buffer.alloc(32, 8), 'session-1', token))
    for (const other of [undefined, '', token.slice(1), `${token}x`, 'é'.repeat(43)])
      assert.ok(!csrfTokenFits(key, 'session-1', other))
  })
})

describe('isFromOurPages', () => {
  const host = 'scada.example:1880'
  for (const [headers, ours] of [
    [{ 'sec-fetch-site': 'same-origin', host }, true],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://name-before-the-proxy.example', host }, true],
    [{ 'sec-fetch-site': 'same-site', origin: `http://${host}`, host }, false],
    [{ 'sec-fetch-site': 'cross-site', host }, false],
    [{ 'sec-fetch-site': 'none', host }, false],
    [{ origin: `http://${host}`, host }, true],
    [{ origin: `https://${host}`, host: host.toUpperCase() }, true],
    [{ origin: 'http://scada.example', host }, false],
    [{ origin: 'http://scada.example:1880.evil.example', host }, false],
    [{ origin: 'http://evil.example', host }, false],
    [{ origin: 'null', host }, false],
    [{ origin: 'file://', host: '' }, false],
    [{ origin: `http://${host}` }, false],
    [{ host }, false],
    [{}, false],
  ] as const)
    it(`${ours ? 'is' : 'is not'} so for ${JSON.stringify(headers)}`, () => assert.equal(isFromOurPages(headers), ours))
})

describe('isWrite', () => {
  it('is everything but reading', () =>
    assert.deepEqual(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', undefined].map(isWrite), [
      false,
      false,
      false,
      true,
      true,
      true,
      true,
      true,
      true,
    ]))
})
