import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { Agent as HttpAgent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { outsideHost, type OutsideHost } from './outside-hosts.ts'
import { isPublicAddress } from './public-address.ts'

/** How names become addresses: all of a name's. */
export type Resolver = (
  hostname: string,
  found: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void

/** Where a request may go, and how long it may take. */
export interface OutsideLimits {
  readonly hosts: readonly OutsideHost[]
  readonly production: boolean
  /** From resolving the name to the end of the answer, ms. */
  readonly timeoutMs: number
  /** More of an answer is not read. */
  readonly mostAnswerBytes: number
  /** The system's, unless a test has its own. */
  readonly resolve?: Resolver
}

export interface OutsideAnswer {
  readonly status: number
  /** The beginning of what it says where it is no success; of a success nothing is read. */
  readonly body: string
}

const resolveAll: Resolver = (hostname, found) =>
  systemLookup(hostname, { all: true }, (error, all) => found(error, all ?? []))

/**
 * Sends a POST to a host outside, and to no other: its name is resolved once, every address of it checked, and the connection made to
 * what was checked. No redirect is followed and no proxy taken.
 * @throws Error that says why it was not sent or not answered
 */
export async function postOutside(
  url: URL,
  headers: OutgoingHttpHeaders,
  body: string,
  limits: OutsideLimits,
  signal: AbortSignal,
): Promise<OutsideAnswer> {
  const host = outsideHost(url, limits.hosts, limits.production)
  const address = url.hostname.replace(/^\[|\]$/g, '')
  // An address is not resolved, so that nothing would look at it later.
  if (isIP(address) !== 0) checkAddress(address, host)
  const deadline = AbortSignal.timeout(limits.timeoutMs)
  try {
    return await post(url, headers, body, host, limits, AbortSignal.any([signal, deadline]))
  } catch (error) {
    if (deadline.aborted && !signal.aborted)
      throw new Error(`${url.host} did not answer within ${limits.timeoutMs} ms`, { cause: error })
    throw error
  }
}

function post(
  url: URL,
  headers: OutgoingHttpHeaders,
  body: string,
  host: OutsideHost,
  { mostAnswerBytes, resolve = resolveAll }: OutsideLimits,
  signal: AbortSignal,
): Promise<OutsideAnswer> {
  const secure = url.protocol === 'https:'
  // Of its own, for each request: a connection that somebody else made was checked for somebody else.
  const agent = secure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false })
  return new Promise<OutsideAnswer>((settle, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(url, {
      ...{ method: 'POST', agent, signal, lookup: checkedLookup(host, resolve), maxHeaderSize: 16_384 },
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const status = response.statusCode ?? 0
      const parts: Buffer[] = []
      let size = 0
      const end = (): void => {
        settle({ status, body: Buffer.concat(parts).toString('utf8').slice(0, mostAnswerBytes) })
        request.destroy()
      }
      if (status >= 200 && status < 300) return end()
      response.on('data', (part: Buffer) => {
        parts.push(part)
        size += part.length
        if (size >= mostAnswerBytes) end()
      })
      response.on('end', end)
      response.on('error', reject)
    })
    request.end(body)
  })
}

/** Resolves a name and lets through what may be connected to: the connection is made to what is returned here, and to nothing else. */
const checkedLookup =
  (host: OutsideHost, resolve: Resolver): LookupFunction =>
  (hostname, options, found) => {
    resolve(hostname, (error, addresses) => {
      if (error) return found(error, '', 0)
      try {
        if (addresses.length === 0) throw new Error(`${hostname} has no address`)
        for (const { address } of addresses) checkAddress(address, host)
      } catch (refused) {
        return found(refused as NodeJS.ErrnoException, '', 0)
      }
      if (options.all) return found(null, [...addresses])
      return found(null, addresses[0]!.address, addresses[0]!.family)
    })
  }

function checkAddress(address: string, host: OutsideHost): void {
  if (host.private || isPublicAddress(address)) return
  const entry = host.port === 443 ? host.hostname : `${host.hostname}:${host.port}`
  throw new Error(
    `${host.hostname} is at ${address}, which is not on the public internet: WEBHOOK_HOSTS takes private:${entry} where that is meant`,
  )
}
