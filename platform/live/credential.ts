import type { IncomingHttpHeaders } from 'node:http'

/** Cookie of a logged-in browser. */
const cookieName = 'lv_session'

/**
 * The token that a request for the live stream brings: of a program as `Authorization: Bearer`, of a browser in the cookie.
 * A browser sends the cookie whatever page asks, so then the page must be one of ours.
 * @returns the token, undefined where there is none; or why what was brought is not taken
 */
export function credentialOf(headers: IncomingHttpHeaders): { token: string | undefined } | { refusal: string } {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (bearer !== undefined) return { token: bearer }
  const token = cookieIn(headers.cookie ?? '')
  if (token !== undefined && !isSameOrigin(headers)) return { refusal: 'asked for by a page of another site' }
  return { token }
}

function cookieIn(header: string): string | undefined {
  const pair = header.split(';').find((part) => part.trim().startsWith(`${cookieName}=`))
  return pair?.trim().slice(cookieName.length + 1) || undefined
}

const isSameOrigin = ({ origin, host }: IncomingHttpHeaders): boolean =>
  origin !== undefined && host !== undefined && URL.parse(origin)?.host === URL.parse(`http://${host}`)?.host
