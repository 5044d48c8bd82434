import { BlockList, isIP } from 'node:net'
import type { IncomingMessage } from 'node:http'
import type { Environment } from '../runtime/environment.ts'

/** Whether a proxy at this address is believed what it says of those behind it. */
export type IsTrusted = (address: string) => boolean

/** Which proxies are believed, by the environment: none unless TRUSTED_PROXIES names them. */
export const proxiesOf = ({ TRUSTED_PROXIES }: Pick<Environment, 'TRUSTED_PROXIES'>): IsTrusted =>
  (TRUSTED_PROXIES && trustedProxies(TRUSTED_PROXIES)) || (() => false)

/** @param list  addresses and networks (CIDR), separated by commas; undefined if it is no such list */
export function trustedProxies(list: string): IsTrusted | undefined {
  const trusted = new BlockList()
  for (const entry of list.split(',').map((each) => each.trim())) {
    const [address = '', bits, ...rest] = entry.split('/')
    const family = familyOf(address)
    if (!family || rest.length > 0) return undefined
    if (bits === undefined) trusted.addAddress(address, family)
    else if (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 'ipv4' ? 32 : 128))
      trusted.addSubnet(address, Number(bits), family)
    else return undefined
  }
  return (given) => {
    const address = plain(given)
    const family = familyOf(address)
    return family !== undefined && trusted.check(address, family)
  }
}

/**
 * The address that a request comes from: that of the connection, or, where a trusted proxy holds it, the last one in
 * `X-Forwarded-For` that no trusted proxy has. Good for limits and logs: no right derives from it.
 */
export function clientAddress(request: IncomingMessage, isTrusted: IsTrusted): string {
  let address = plain(request.socket.remoteAddress ?? '')
  const said = textOf(request.headers['x-forwarded-for'])
    .split(',')
    .map((each) => each.trim())
  while (isTrusted(address)) {
    const before = plain(said.pop() ?? '')
    if (familyOf(before) === undefined) break
    address = before
  }
  return address
}

/** Whether a request came by https: to us, or to the trusted proxy that passed it on. */
export function cameByHttps(request: IncomingMessage, isTrusted: IsTrusted): boolean {
  if ('encrypted' in request.socket) return true
  if (!isTrusted(plain(request.socket.remoteAddress ?? ''))) return false
  return textOf(request.headers['x-forwarded-proto']).split(',')[0]!.trim().toLowerCase() === 'https'
}

const textOf = (header: string | string[] | undefined): string => String(header ?? '')

/** IPv4 that arrived on an IPv6 socket. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')

const familyOf = (address: string): 'ipv4' | 'ipv6' | undefined =>
  isIP(address) === 4 ? 'ipv4' : isIP(address) === 6 && !address.includes('%') ? 'ipv6' : undefined
