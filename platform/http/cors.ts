import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Environment } from '../runtime/environment.ts'

/** Origins whose pages may use the API, by the environment: none unless CORS_ORIGINS names them. */
export const allowedOriginsOf = ({ CORS_ORIGINS }: Pick<Environment, 'CORS_ORIGINS'>): ReadonlySet<string> =>
  (CORS_ORIGINS && originsOf(CORS_ORIGINS)) || new Set()

/** @param list  origins, separated by commas; undefined if one of them is no origin */
export function originsOf(list: string): ReadonlySet<string> | undefined {
  const origins = new Set<string>()
  for (const entry of list.split(',').map((each) => each.trim())) {
    const url = URL.parse(entry)
    // As a browser writes it: neither path nor trailing slash, and no * that stands for any.
    if (!url || !/^https?:$/.test(url.protocol) || url.origin !== entry.toLowerCase() || entry.includes('*'))
      return undefined
    origins.add(url.origin)
  }
  return origins
}

const exposed = 'ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After'

/**
 * What lets a page of another origin read an answer, if it is one of those allowed. Such pages come with a bearer token:
 * cookies are for our own pages, so credentials are never allowed.
 */
export function corsHeaders(
  origin: string | undefined,
  allowed: ReadonlySet<string>,
  preflight?: { readonly methods: string; readonly headers: IncomingHttpHeaders },
): OutgoingHttpHeaders {
  if (allowed.size === 0) return {}
  if (origin === undefined || !allowed.has(origin)) return { Vary: 'Origin' }
  const asksFirst = preflight?.headers['access-control-request-method'] !== undefined
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': exposed,
    ...(asksFirst && {
      'Access-Control-Allow-Methods': preflight!.methods,
      'Access-Control-Allow-Headers': 'Authorization, Content-Type',
      'Access-Control-Max-Age': '600',
    }),
  }
}
