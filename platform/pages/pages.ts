import type { IncomingMessage } from 'node:http'
import { fileURLToPath } from 'node:url'
import { Router, type NextFunction, type Request, type RequestHandler, type Response } from 'express'
import type { Access } from '../access/access.ts'
import type { Identity } from '../access/identity.ts'
import type { OidcProvider } from '../access/oidc/provider.ts'
import { DatabaseUnavailable } from '../storage/database.ts'
import { faultPage } from './fault-page.ts'
import { landingPage } from './landing-page.ts'
import { languageFor } from './language.ts'
import { loginPage } from './login-page.ts'
import { logoutPage } from './logout-page.ts'
import { passwordPage } from './password-page.ts'
import { safeNext } from './next.ts'
import { oidcRouter } from './oidc-router.ts'
import { isOpenPage, staticPath } from './open-paths.ts'
import type { Reader } from './page.ts'
import { destination } from './places.ts'
import { answering, redirect, sendPage, wantsPage } from './send-page.ts'

/** What pages load, by its place below `platform/` and below `/static`: nothing else is given out. */
const staticFiles = [
  'pages/pages.css',
  'pages/mark.svg',
  'pages/browser/account.js',
  'pages/browser/login.js',
  'pages/browser/form.js',
  'pages/browser/form-problem.js',
  'pages/browser/password.js',
  'wire/session.js',
]

/** What the pages stand on. */
export interface PagesOptions {
  readonly access: Access
  /** Undefined: people log in by name and password only. */
  readonly provider: OidcProvider | undefined
  /** Who sent a request; undefined for somebody who is not logged in. */
  readonly identityOf: (request: IncomingMessage) => Identity | undefined | Promise<Identity | undefined>
  /** Told of faults that are not the database being away. */
  readonly report: (error: unknown) => void
}

/** The pages for people: the way in and out, and what they may open. */
export function pagesRouter({ access, provider, identityOf, report }: PagesOptions): Router {
  const router = Router({ caseSensitive: true })
  const readerOf = async (request: Request): Promise<Reader> => ({
    language: languageFor(request),
    identity: await identityOf(request),
  })

  router.get(
    '/',
    answering(async (request, response) => sendPage(response, landingPage(await readerOf(request)))),
  )
  router.get(
    '/login',
    answering(async (request, response) => {
      const { next: asked, ended, here } = request.query
      const next = safeNext(asked)
      const reader = await readerOf(request)
      if (reader.identity) return redirect(response, destination(reader.identity, next))
      sendPage(response, loginPage(reader, { next, notice: noticeOf(ended, here), byProvider: provider !== undefined }))
    }),
  )
  // A form that no script of ours took: what was typed has gone no further.
  router.post('/login', (_request, response) => redirect(response, '/login'))
  if (provider) router.use(oidcRouter({ access, provider, readerOf }))
  router.get(
    '/logout',
    answering(async (request, response) => sendPage(response, logoutPage(await readerOf(request)))),
  )
  router.get(
    '/password',
    answering(async (request, response) => {
      const reader = await readerOf(request)
      if (reader.identity) sendPage(response, passwordPage(reader))
      else redirect(response, '/login?next=/password')
    }),
  )
  router.post('/password', (_request, response) => redirect(response, '/password'))
  for (const file of staticFiles) {
    const path = fileURLToPath(new URL(`../${file}`, import.meta.url))
    router.get(`${staticPath}/${file}`, (_request, response) => response.sendFile(path, { cacheControl: false }))
  }
  // Strangers are let in here: nothing of a flow answers in our stead.
  router.use((request, response, next) => (isOpenPage(request.path) ? void response.sendStatus(404) : next()))
  router.use(async (error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (!(error instanceof DatabaseUnavailable)) report(error)
    if (response.headersSent) return next(error)
    const page = faultPage({ language: languageFor(request), identity: undefined }, 'away')
    sendPage(response, page, error instanceof DatabaseUnavailable ? 503 : 500)
  })
  return router
}

/** What answers a browser at an address where nobody else does; the API and programs get the answers that they can read. */
export function nothingHere(identityOf: PagesOptions['identityOf']): RequestHandler {
  return answering(async (request, response, next) => {
    if (!wantsPage(request) || /^\/api(\/|$)/i.test(request.path)) return next()
    const reader = { language: languageFor(request), identity: await identityOf(request) }
    sendPage(response, faultPage(reader, 'nothingHere'), 404)
  })
}

/** `here`: sent on from logging in, and now without a session; `ended`: there was one until a moment ago. */
function noticeOf(ended: unknown, here: unknown): 'ended' | 'noCookies' | undefined {
  if (here !== undefined) return 'noCookies'
  return ended === undefined ? undefined : 'ended'
}
