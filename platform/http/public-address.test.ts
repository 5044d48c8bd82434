import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isPublicAddress } from './public-address.ts'

const refused = {
  loopback: ['127.0.0.1', '127.255.255.254', '::1', '::'],
  private: [
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    'fc00::1',
    'fd12:3456::1',
    'fec0::1',
  ],
  'link-local and metadata': [
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'fd00:ec2::254',
    '168.63.129.16',
    '100.100.100.200',
  ],
  'mapped and translated IPv4': [
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '::ffff:0:127.0.0.1',
    '::127.0.0.1',
  ],
  'NAT64 and 6to4 of private IPv4': [
    '64:ff9b::7f00:1',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::a00:1',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
  ],
  'reserved, multicast, documentation': [
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    'ff02::1',
    '2001:db8::1',
    '2001::1',
    '100::1',
  ],
  'what is no address': [
    '',
    'localhost',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '1.2.3',
    'fe80::1%eth0',
    '2606:4700::1%1',
    '::ffff:8.8.8.8/96',
  ],
}

describe('isPublicAddress', () => {
  for (const [what, addresses] of Object.entries(refused))
    it(`is none: ${what}`, () => {
      for (const address of addresses) assert.equal(isPublicAddress(address), false, address)
    })

  it('is one on the public internet, also behind IPv6', () => {
    for (const address of [
      '1.1.1.1',
      '8.8.8.8',
      '172.32.0.1',
      '2606:4700:4700::1111',
      '2800:3f0:4001::1',
      '64:ff9b::808:808',
      '::ffff:8.8.8.8',
      '2002:808:808::1',
    ])
      assert.ok(isPublicAddress(address), address)
  })

  it('says of an IPv4 address behind IPv6 what it says of the address (property)', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        for (const prefix of ['::ffff:', '64:ff9b::'])
          assert.equal(isPublicAddress(prefix + address), isPublicAddress(address))
      }),
    )
  })
})
