import { BlockList, isIP } from 'node:net'

/** Networks of IPv4 that are not the public internet (IANA special-purpose registry), with those of clouds' metadata among them. */
const private4 = new BlockList()
for (const [network, prefix] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as const),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.31.196.0', 24],
    ['192.52.193.0', 24],
  ] as const),
  ...([
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['192.175.48.0', 24],
    ['198.18.0.0', 15],
  ] as const),
  ...([
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const),
  // The metadata and wire servers that some clouds put on public addresses.
  ...([
    ['168.63.129.16', 32],
    ['100.100.100.200', 32],
  ] as const),
] as const)
  private4.addSubnet(network, prefix, 'ipv4')

/** Of IPv6 only 2000::/3 is public, and of that not these. */
const public6 = new BlockList()
public6.addSubnet('2000::', 3, 'ipv6')
const private6 = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const)
  private6.addSubnet(network, prefix, 'ipv6')

/** Prefixes behind which an IPv4 address stands, as hexadecimal digits, and where it begins among the digits of an address. */
const carriers = [
  // Mapped (::ffff:0:0/96) and translated (::ffff:0:0:0/96).
  { prefix: '0'.repeat(20) + 'ffff', at: 24 },
  { prefix: '0'.repeat(16) + 'ffff0000', at: 24 },
  // NAT64 (64:ff9b::/96) and 6to4 (2002::/16).
  { prefix: '0064ff9b' + '0'.repeat(16), at: 24 },
  { prefix: '2002', at: 4 },
] as const

/**
 * Whether an address is on the public internet: not loopback, private, link-local (clouds' metadata), shared, multicast, reserved or
 * for documentation, nor one of IPv6 behind which such a one of IPv4 stands.
 * @param address  as the resolver says it; what is no address is not public
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !private4.check(address, 'ipv4')
  if (isIP(address) !== 6 || address.includes('%')) return false
  const digits = digitsOf(address)
  const carrier = carriers.find(({ prefix }) => digits.startsWith(prefix))
  if (carrier) return !private4.check(dotted(digits.slice(carrier.at, carrier.at + 8)), 'ipv4')
  return public6.check(address, 'ipv6') && !private6.check(address, 'ipv6')
}

/** The 32 hexadecimal digits of an IPv6 address. */
function digitsOf(address: string): string {
  // In the one spelling that URLs have, without dots.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [before = '', after] = canonical.split('::')
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':').map((group) => group.padStart(4, '0')))
  const [left, right] = [groups(before), groups(after ?? '')]
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0000'), ...right].join('')
}

const dotted = (digits: string): string =>
  [0, 2, 4, 6].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)).join('.')
