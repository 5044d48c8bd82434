import assert from 'node:assert/strict'
import { outsideHost, parseOutsideHosts } from './outside-hosts.ts'

const hosts = parseOutsideHosts(
  'hooks.example.com, Other.Example.com:8443, private:10.1.2.3:8080, private:127.0.0.1:9000, private:[::1]:9000',
)!
const refused = (address: string, production = true): string => {
  try {
    outsideHost(new URL(address), hosts, production)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('parseOutsideHosts', () => {
  it('reads names and addresses, ports, and what is private on purpose', () => {
    assert.deepEqual(hosts.slice(0, 3), [
      { hostname: 'hooks.example.com', port: 443, private: false },
      { hostname: 'other.example.com', port: 8443, private: false },
      { hostname: '10.1.2.3', port: 8080, private: true },
    ])
  })
  for (const text of [
    '*',
    '*.example.com',
    'https://a.example',
    'a.example/x',
    'user@a.example',
    'a.example.',
    'a b',
    'a,,b',
    'a.example:0x50',
    'a.example:99999',
    '',
  ])
    it(`takes no ${JSON.stringify(text)}`, () => assert.equal(parseOutsideHosts(text), undefined))
})

describe('outsideHost', () => {
  it('lets through the hosts that are named, on their ports', () => {
    for (const address of [
      'https://hooks.example.com/x?y=1',
      'https://HOOKS.example.com:443/',
      'https://other.example.com:8443/',
      'https://10.1.2.3:8080/',
    ])
      assert.equal(refused(address), '', address)
  })

  for (const [address, why] of [
    ['https://evil.example/', /WEBHOOK_HOSTS does not allow/],
    ['https://hooks.example.com.evil.example/', /does not allow/],
    ['https://hooks.example.com./', /does not allow/],
    ['https://hooks.example.com:8443/', /does not allow/],
    ['https://hooks.example.com@169.254.169.254/', /names a user/],
    ['https://user:secret@hooks.example.com/', /names a user/],
    ['https://2130706433:9000/', /^$/],
    ['https://0x7f000001/', /does not allow/],
    ['https://0177.0.0.1/', /does not allow/],
    ['https://[::ffff:7f00:1]:9000/', /does not allow/],
    ['http://hooks.example.com/', /does not allow/],
    ['http://other.example.com:8443/', /not encrypted/],
    ['http://127.0.0.1:9000/', /not encrypted: it takes https: in production/],
    ['file:///etc/passwd', /begins with file:/],
    ['gopher://hooks.example.com/', /begins with gopher:/],
  ] as const)
    it(`of ${address} says ${String(why)}`, () => assert.match(refused(address), why))

  it('takes http for this machine outside production, and for no other', () => {
    assert.equal(refused('http://127.0.0.1:9000/', false), '')
    assert.equal(refused('http://[::1]:9000/', false), '')
    assert.match(refused('http://10.1.2.3:8080/', false), /not encrypted: it takes https: for other machines/)
  })
})
