import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { describe, it } from 'mocha'
import { cameByHttps, clientAddress, trustedProxies } from './trusted-proxies.ts'

const request = (remoteAddress: string, headers: Record<string, string> = {}, socket: object = {}): IncomingMessage =>
  ({ socket: { remoteAddress, ...socket }, headers }) as unknown as IncomingMessage

describe('trusted proxies', () => {
  const isTrusted = trustedProxies('10.0.0.0/8, 192.0.2.7, 2001:db8::/32')!

  it('are the addresses and networks on the list', () => {
    for (const [address, expected] of [
      ['10.1.2.3', true],
      ['::ffff:10.1.2.3', true],
      ['192.0.2.7', true],
      ['192.0.2.8', false],
      ['2001:db8::1', true],
      ['2001:db9::1', false],
      ['', false],
      ['proxy', false],
    ] as const)
      assert.equal(isTrusted(address), expected, address)
  })

  for (const list of [
    'proxy',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0',
    '*',
    '10.0.0.1,',
    '::/129',
    '10.0.0.1 10.0.0.2',
  ])
    it(`are no list: ${list}`, () => assert.equal(trustedProxies(list), undefined))

  for (const [what, remote, forwarded, expected] of [
    ['a connection without a proxy', '203.0.113.5', undefined, '203.0.113.5'],
    ['what a stranger claims', '203.0.113.5', '1.2.3.4', '203.0.113.5'],
    ['what a proxy passes on', '10.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['what a caller behind a proxy claims', '10.0.0.1', '1.2.3.4, 203.0.113.5', '203.0.113.5'],
    ['two proxies', '10.0.0.1', '203.0.113.5, 192.0.2.7', '203.0.113.5'],
    ['a proxy that says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['a proxy that passes on nonsense', '10.0.0.1', '203.0.113.5, unknown', '10.0.0.1'],
    ['a caller on IPv6', '::ffff:10.0.0.1', '2001:db9::5', '2001:db9::5'],
  ] as const) {
    it(`tell the address of ${what}`, () => {
      const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
      assert.equal(clientAddress(request(remote, headers), isTrusted), expected)
    })
  }

  it('tell whether it came by https', () => {
    const https = { 'x-forwarded-proto': 'https' }
    assert.equal(cameByHttps(request('10.0.0.1', https), isTrusted), true)
    assert.equal(cameByHttps(request('203.0.113.5', https), isTrusted), false)
    assert.equal(cameByHttps(request('10.0.0.1', { 'x-forwarded-proto': 'http' }), isTrusted), false)
    assert.equal(cameByHttps(request('203.0.113.5', {}, { encrypted: true }), isTrusted), true)
  })
})
