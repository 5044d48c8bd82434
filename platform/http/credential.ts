import type { IncomingHttpHeaders } from 'node:http'
import { keyHeader } from '../access/api-key.ts'
import { cookieNames, parseCookies } from '../access/cookies.ts'

/** What a request shows of who sends it, and how: a browser sends its cookie by itself, whoever caused the request. */
export interface Credential {
  readonly token: string
  readonly by: 'bearer' | 'cookie'
}

/** The token of a request: in `Authorization: Bearer`, else in the cookie of the session. Never in the address. */
export function credentialOf({ authorization, cookie }: IncomingHttpHeaders): Credential | undefined {
  if (authorization !== undefined) {
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
    return token === undefined ? undefined : { token, by: 'bearer' }
  }
  const token = parseCookies(cookie).get(cookieNames.session)
  return token ? { token, by: 'cookie' } : undefined
}

/** The key of a request that comes from another system, good or not. */
export const apiKeyOf = (headers: IncomingHttpHeaders): string | undefined =>
  (headers[keyHeader] as string | undefined) || undefined
