import { isLoopback } from '../wire/loopback.ts'

/** A host that this installation may send to. */
export interface OutsideHost {
  /** As URLs have it: lower case, IP addresses in their one spelling, IPv6 in brackets. */
  readonly hostname: string
  readonly port: number
  /** It stands on a private network on purpose. */
  readonly private: boolean
}

const privately = 'private:'

/**
 * Reads a list of hosts: names or addresses, each with a port where it is not 443, and `private:` before it where it is on a private
 * network on purpose; separated by commas.
 * @returns undefined where an entry is none
 */
export function parseOutsideHosts(text: string): readonly OutsideHost[] | undefined {
  const hosts = text.split(',').map((entry) => hostOf(entry.trim()))
  return hosts.every((host) => host !== undefined) ? hosts : undefined
}

function hostOf(entry: string): OutsideHost | undefined {
  const isPrivate = entry.startsWith(privately)
  const given = isPrivate ? entry.slice(privately.length) : entry
  if (!/^[A-Za-z0-9.-]+(:\d+)?$|^\[[0-9A-Fa-f:.]+\](:\d+)?$/.test(given)) return undefined
  const url = URL.parse(`https://${given}`)
  if (!url || url.hostname.endsWith('.')) return undefined
  return { hostname: url.hostname, port: Number(url.port || 443), private: isPrivate }
}

/**
 * Finds what the list of hosts says of an address.
 * @param production  then http is refused; elsewhere it is for this machine only
 * @throws Error that says why nothing is sent there
 */
export function outsideHost(url: URL, hosts: readonly OutsideHost[], production: boolean): OutsideHost {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Error(`url begins with ${url.protocol}: it takes https:`)
  if (url.username || url.password) throw new Error('url names a user: credentials do not belong into an address')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const host = hosts.find((one) => one.hostname === url.hostname && one.port === port)
  if (!host) throw new Error(`url names ${url.hostname}:${port}, which WEBHOOK_HOSTS does not allow`)
  if (url.protocol === 'http:' && (production || !isLoopback(url.hostname)))
    throw new Error(`url is not encrypted: it takes https: ${production ? 'in production' : 'for other machines'}`)
  return host
}
