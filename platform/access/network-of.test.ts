import assert from 'node:assert/strict'
import fc from 'fast-check'
import { networkOf } from './network-of.ts'

describe('networkOf', () => {
  for (const [address, network] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
    ['unix:', 'unix:'],
  ] as const)
    it(`is ${JSON.stringify(network)} of ${JSON.stringify(address)}`, () => assert.equal(networkOf(address), network))

  it('is one for all addresses that a customer has (property)', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.nat(0xffff), (address, last) => {
        if (address.includes('.') || address.includes('::')) return
        const other = [...address.split(':').slice(0, 7), last.toString(16)].join(':')
        assert.equal(networkOf(other), networkOf(address))
      }),
    )
  })
})
