import type { IncomingMessage, ServerResponse } from 'node:http'
import { isLoopback } from './environment.ts'
import { landingPage } from './landing.ts'

export type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void

const policy = (directives: Record<string, string>): string =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')

const page = {
  'default-src': "'self'",
  'script-src': "'self'",
  // Dashboard's component library writes style elements at run time.
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'font-src': "'self' data:",
  'connect-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'self'",
  'form-action': "'self'",
  'frame-ancestors': "'self'",
}

const policies = {
  page: policy(page),
  // The editor compiles templates and runs its code editor in workers made of blobs.
  editor: policy({ ...page, 'script-src': "'self' 'unsafe-inline' 'unsafe-eval' blob:", 'worker-src': "'self' blob:" }),
  data: policy({ 'default-src': "'none'", 'frame-ancestors': "'none'" }),
}

/** Before everything of the editor and its API. */
export function guardEditor(checkHost: boolean): Middleware {
  return guarded(checkHost, () => policies.editor)
}

/** Before everything else: dashboard, API, pages of flows. Answers `/` itself. */
export function guardPages(checkHost: boolean): Middleware {
  const guard = guarded(checkHost, (path) =>
    isBelow('/api', path) && !isBelow('/api/docs', path) ? policies.data : policies.page,
  )
  return (request, response, next) =>
    guard(request, response, () => {
      if (pathOf(request) !== '/' || (request.method !== 'GET' && request.method !== 'HEAD')) return next()
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.setHeader('Vary', 'Accept-Language')
      response.end(request.method === 'HEAD' ? undefined : landingPage(request.headers['accept-language']))
    })
}

function guarded(checkHost: boolean, policyOf: (path: string) => string): Middleware {
  return (request, response, next) => {
    response.setHeader('Content-Security-Policy', policyOf(pathOf(request)))
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('X-Frame-Options', 'SAMEORIGIN')
    response.setHeader('Referrer-Policy', 'same-origin')
    const objection = (checkHost ? foreignHost(request) : undefined) ?? foreignWrite(request)
    if (objection === undefined) return next()
    response.statusCode = 403
    response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    response.end(objection + '\n')
  }
}

/** A foreign page can give its own name our loopback address, and would then be of the same origin as we are. */
function foreignHost({ headers }: IncomingMessage): string | undefined {
  const name = URL.parse(`http://${headers.host}`)?.hostname.replace(/^\[|\]$/g, '')
  return name !== undefined && isLoopback(name) ? undefined : 'addressed by a name that is not of this machine'
}

/** A foreign page cannot read our answers, but without this it could make a browser on this machine post. */
function foreignWrite({ method, headers }: IncomingMessage): string | undefined {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return undefined
  return headers['sec-fetch-site'] === 'cross-site' ? 'sent by a page of another site' : undefined
}

const isBelow = (place: string, path: string): boolean => path === place || path.startsWith(`${place}/`)

const pathOf = (request: IncomingMessage & { originalUrl?: string }): string =>
  (request.originalUrl ?? request.url ?? '/').split('?', 1)[0]!
