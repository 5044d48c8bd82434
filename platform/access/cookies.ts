import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** The cookies of a browser that is logged in. */
export const cookieNames = {
  /** The token; no script can read it. */
  session: 'lv_session',
  /** What scripts of ours repeat in `X-CSRF-Token` when they write. */
  csrf: 'lv_csrf',
  /** Goes to `/api/auth` only, for another token. */
  refresh: 'lv_refresh',
} as const

/** The header that repeats the cookie `lv_csrf`, in lower case as Node has it. */
export const csrfHeader = 'x-csrf-token'

const longestHeader = 16 * 1024

/**
 * The cookies of a request. Of two with one name the first counts: browsers put the one of the narrower path there.
 * @param header the `Cookie` header as it came; one beyond 16 kB has none
 */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  if (header === undefined || header.length > longestHeader) return cookies
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals).trim()
    if (equals < 1 || name === '' || cookies.has(name)) continue
    const value = pair.slice(equals + 1).trim()
    cookies.set(name, /^".*"$/.test(value) ? value.slice(1, -1) : value)
  }
  return cookies
}

export interface CookieOptions {
  /** Seconds; 0 removes the cookie. */
  readonly maxAgeSeconds: number
  /** Unset: `/`. */
  readonly path?: string
  /** Whether the request came by https: then it never leaves by http. */
  readonly secure: boolean
  /** Unset: true. */
  readonly httpOnly?: boolean
  /** Unset: Strict, never sent along with a request that another site caused; Lax: with a link that somebody follows here. */
  readonly sameSite?: 'Strict' | 'Lax'
}

/**
 * A `Set-Cookie` header.
 * @throws RangeError if name or value would need quoting: ours never do
 */
export function serialiseCookie(name: string, value: string, options: CookieOptions): string {
  const { maxAgeSeconds, path = '/', secure, httpOnly = true, sameSite = 'Strict' } = options
  if (!/^[\w-]+$/.test(name)) throw new RangeError(`no name for a cookie: ${JSON.stringify(name)}`)
  if (!/^[\w.~:-]*$/.test(value)) throw new RangeError(`the value of the cookie ${name} has characters that it may not`)
  return [
    `${name}=${value}`,
    `Path=${path}`,
    `Max-Age=${Math.max(0, Math.floor(maxAgeSeconds))}`,
    `SameSite=${sameSite}`,
    ...(httpOnly ? ['HttpOnly'] : []),
    ...(secure ? ['Secure'] : []),
  ].join('; ')
}

/** What a browser gets when somebody logs in, or asks for another token. */
export interface SessionCookies {
  readonly token: string
  readonly csrfToken: string
  /** Undefined: the browser has it already. */
  readonly refreshToken: string | undefined
  /** When the token expires, and when the session ends at the latest; UTC ms. */
  readonly expiresAt: number
  readonly sessionEndsAt: number
}

/** @returns `Set-Cookie` headers @param now UTC ms */
export function cookiesOf(session: SessionCookies, now: number, secure: boolean): string[] {
  const tokenAge = (session.expiresAt - now) / 1_000
  const sessionAge = (session.sessionEndsAt - now) / 1_000
  return [
    serialiseCookie(cookieNames.session, session.token, { maxAgeSeconds: tokenAge, secure }),
    serialiseCookie(cookieNames.csrf, session.csrfToken, { maxAgeSeconds: sessionAge, secure, httpOnly: false }),
    ...(session.refreshToken === undefined
      ? []
      : [
          serialiseCookie(cookieNames.refresh, session.refreshToken, {
            maxAgeSeconds: sessionAge,
            secure,
            path: '/api/auth',
          }),
        ]),
  ]
}

/** @returns `Set-Cookie` headers that take the cookies away again */
export const cookiesOfNobody = (secure: boolean): string[] =>
  cookiesOf({ token: '', csrfToken: '', refreshToken: '', expiresAt: 0, sessionEndsAt: 0 }, 0, secure)

/** What a page of ours must repeat to write in this session. @param key the server's, of at least 32 bytes */
export const csrfTokenOf = (key: Buffer, sessionId: string): string =>
  createHmac('sha256', key).update(sessionId).digest('base64url')

export function csrfTokenFits(key: Buffer, sessionId: string, given: string | undefined): boolean {
  const expected = Buffer.from(csrfTokenOf(key, sessionId))
  const offered = Buffer.from(given ?? '')
  return offered.length === expected.length && timingSafeEqual(offered, expected)
}

/**
 * Whether a page of ours caused a request: by its headers `Sec-Fetch-Site` and `Origin`, which browsers let no page set. A
 * browser that says nothing about it at all is none that we know: not ours.
 */
export function isFromOurPages(headers: IncomingHttpHeaders): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers
  if (site !== undefined) return site === 'same-origin'
  const from = origin === undefined ? null : URL.parse(origin)
  return from !== null && host !== undefined && from.host !== '' && from.host === host.toLowerCase()
}

/** Whether a request with this method changes something, and so needs the CSRF token where a cookie says who asks. */
export const isWrite = (method: string | undefined): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method ?? '')
