import type { IncomingMessage, ServerResponse } from 'node:http'
import { isWrite } from '../access/cookies.ts'
import { isLoopback } from '../wire/loopback.ts'
import { isProduction, type Environment } from './environment.ts'

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

const oneYearSeconds = 31_536_000

const policies = {
  page: policy(page),
  // The editor compiles templates and runs its code editor in workers made of blobs.
  editor: policy({ ...page, 'script-src': "'self' 'unsafe-inline' 'unsafe-eval' blob:", 'worker-src': "'self' blob:" }),
  data: policy({ 'default-src': "'none'", 'frame-ancestors': "'none'" }),
}

export interface GuardOptions {
  /** Whether we go by this name; undefined: by any. */
  readonly isOurName: ((name: string) => boolean) | undefined
  /** Whether a request came by https, to us or to a proxy of ours. */
  readonly isHttps: (request: IncomingMessage) => boolean
}

/**
 * The names that we go by. On loopback those of this machine: a foreign page can give its own name our address, and would
 * then be of the same origin as we are. In production a proxy may pass on any, and nobody gets anything without logging in
 * under that name; ALLOWED_HOSTS narrows it.
 */
export function namesOf(environment: Environment): GuardOptions['isOurName'] {
  const { ALLOWED_HOSTS, BIND_ADDRESS } = environment
  const names = new Set(ALLOWED_HOSTS?.split(',').map((name) => name.trim().toLowerCase()))
  if (names.size > 0) return (name) => names.has(name) || isLoopback(name)
  return !isProduction(environment) && isLoopback(BIND_ADDRESS) ? isLoopback : undefined
}

/** Before everything of the editor and its API. */
export function guardEditor(options: GuardOptions): Middleware {
  return guarded(options, () => policies.editor)
}

/** Before everything else: dashboard, API, pages for people and of flows. */
export function guardPages(options: GuardOptions): Middleware {
  return guarded(options, (path) =>
    isBelow('/api', path) && !isBelow('/api/docs', path) ? policies.data : policies.page,
  )
}

function guarded({ isOurName, isHttps }: GuardOptions, policyOf: (path: string) => string): Middleware {
  return (request, response, next) => {
    const path = pathOf(request)
    response.setHeader('Content-Security-Policy', policyOf(path))
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('X-Frame-Options', 'SAMEORIGIN')
    response.setHeader('Referrer-Policy', 'same-origin')
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
    response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
    response.removeHeader('X-Powered-By')
    if (isHttps(request)) response.setHeader('Strict-Transport-Security', `max-age=${oneYearSeconds}`)
    // The API takes pages of other origins where it is told to, with tokens; what comes with a cookie it checks itself.
    const objection = foreignHost(request, isOurName) ?? (isBelow('/api', path) ? undefined : foreignWrite(request))
    if (objection === undefined) return next()
    response.statusCode = 403
    response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    response.end(objection + '\n')
  }
}

function foreignHost({ headers }: IncomingMessage, isOurName: GuardOptions['isOurName']): string | undefined {
  if (!isOurName) return undefined
  const name = URL.parse(`http://${headers.host}`)?.hostname.replace(/^\[|\]$/g, '')
  return name !== undefined && isOurName(name) ? undefined : 'addressed by a name that is not ours'
}

/** A foreign page cannot read our answers, but without this it could make a browser on this machine post. */
function foreignWrite({ method, headers }: IncomingMessage): string | undefined {
  return isWrite(method) && headers['sec-fetch-site'] === 'cross-site' ? 'sent by a page of another site' : undefined
}

const isBelow = (place: string, path: string): boolean => path === place || path.startsWith(`${place}/`)

const pathOf = (request: IncomingMessage & { originalUrl?: string }): string =>
  (request.originalUrl ?? request.url ?? '/').split('?', 1)[0]!
