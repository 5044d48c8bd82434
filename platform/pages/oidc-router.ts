import { Router, type Request, type Response } from 'express'
import type { Access, Login } from '../access/access.ts'
import { AccountError } from '../access/accounts.ts'
import { cookiesOf, parseCookies, serialiseCookie } from '../access/cookies.ts'
import type { Caller } from '../access/identity.ts'
import type { ProvidedUser } from '../access/oidc/claims.ts'
import { pendingMs } from '../access/oidc/pending-login.ts'
import type { OidcProvider } from '../access/oidc/provider.ts'
import { OidcRefusal } from '../access/oidc/refusal.ts'
import { afterLogoutPath, callbackPath } from '../access/oidc/settings.ts'
import { wallClock } from '../clock/clock.ts'
import { safeNext } from './next.ts'
import { oidcDonePage, oidcRefusedPage } from './oidc-pages.ts'
import type { Reader } from './page.ts'
import { destination } from './places.ts'
import { answering, redirect, sendPage } from './send-page.ts'

/** Waits in the browser while somebody logs in at the provider. Lax, for it must come back with whom another site sends. */
const pendingCookie = 'lv_oidc'
/** Tells `/logout` that there is a session at the provider too. */
const byProviderCookie = 'lv_oidc_session'

export interface OidcRouterOptions {
  readonly access: Access
  readonly provider: OidcProvider
  readonly readerOf: (request: Request) => Promise<Reader>
}

/** Logging in by an OpenID Connect provider: there, back, and out again. */
export function oidcRouter({ access, provider, readerOf }: OidcRouterOptions): Router {
  const router = Router({ caseSensitive: true })

  router.get(
    '/login/oidc',
    answering(async (request, response) => {
      try {
        const { url, sealed } = await provider.begin(safeNext(request.query['next']))
        response.append('Set-Cookie', pending(request, sealed))
        redirect(response, url.href)
      } catch (error) {
        await refuse(request, response, error)
      }
    }),
  )

  router.get(
    callbackPath,
    answering(async (request, response) => {
      // Good once, whatever comes of it.
      response.append('Set-Cookie', pending(request, ''))
      try {
        const query = new URL(request.originalUrl, 'http://here.invalid').search
        const { user, next } = await provider.finish(query, parseCookies(request.headers.cookie).get(pendingCookie))
        const login = await admitted(user, request)
        for (const cookie of loginCookies(login, request)) response.append('Set-Cookie', cookie)
        const reader = { ...(await readerOf(request)), identity: login.identity }
        sendPage(response, oidcDonePage(reader, destination(login.identity, next)))
      } catch (error) {
        await refuse(request, response, error)
      }
    }),
  )

  router.get(
    afterLogoutPath,
    answering(async (request, response, next) => {
      const { identity } = await readerOf(request)
      if (identity || !parseCookies(request.headers.cookie).has(byProviderCookie)) return next()
      response.append('Set-Cookie', byProvider(request, 0))
      const url = await provider.endSessionUrl()
      if (url) redirect(response, url.href)
      else next()
    }),
  )

  async function admitted(user: ProvidedUser, request: Request): Promise<Login> {
    try {
      const login = await access.admit(user, callerOf(request))
      if (login) return login
    } catch (error) {
      if (!(error instanceof AccountError)) throw error
      throw new OidcRefusal('name_taken', error.message, { cause: error })
    }
    throw new OidcRefusal('disabled', `${user.username} is disabled`)
  }

  async function refuse(request: Request, response: Response, error: unknown): Promise<void> {
    if (!(error instanceof OidcRefusal)) throw error
    const detail = `${error.reason}: ${error.message}`
    access.noteAccess({ event: 'login_oidc_refused', address: request.ip, subject: provider.host, detail })
    const status = error.reason === 'provider_away' ? 503 : 403
    sendPage(response, oidcRefusedPage(await readerOf(request), error.reason), status)
  }

  return router
}

const callerOf = ({ ip = '', headers }: Request): Caller => ({ address: ip, userAgent: headers['user-agent'] })

const pending = ({ secure }: Request, sealed: string): string =>
  serialiseCookie(pendingCookie, sealed, {
    ...{ path: '/login/oidc', sameSite: 'Lax', secure },
    maxAgeSeconds: sealed === '' ? 0 : pendingMs / 1_000,
  })

const byProvider = ({ secure }: Request, maxAgeSeconds: number): string =>
  serialiseCookie(byProviderCookie, maxAgeSeconds > 0 ? '1' : '', { path: afterLogoutPath, secure, maxAgeSeconds })

function loginCookies({ token, refreshToken, csrfToken, identity }: Login, request: Request): string[] {
  const now = wallClock.now()
  const { expiresAt, sessionEndsAt } = identity
  return [
    ...cookiesOf({ token, refreshToken, csrfToken, expiresAt, sessionEndsAt }, now, request.secure),
    byProvider(request, (sessionEndsAt - now) / 1_000),
  ]
}
