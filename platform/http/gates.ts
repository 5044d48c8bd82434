import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Access, AccessEntry } from '../access/access.ts'
import { cookiesOfNobody } from '../access/cookies.ts'
import { may, type Identity } from '../access/identity.ts'
import { faultPage, type Fault } from '../pages/fault-page.ts'
import { languageFor } from '../pages/language.ts'
import { isOpenPage } from '../pages/open-paths.ts'
import { sendPage, wantsPage } from '../pages/send-page.ts'
import { identityOf, placeOf, tokenHeader } from './front-door.ts'
import { clientAddress, type IsTrusted } from './trusted-proxies.ts'

type Next = () => void
type Gate = (request: IncomingMessage & { originalUrl?: string }, response: ServerResponse, next: Next) => void

/** Open to everybody, for it answers for itself: by each route's right, and metrics by their token. */
const isOpen = (path: string): boolean => isOpenPage(path) || placeOf(path) === 'api' || path === '/favicon.ico'

/** Before all that is not the editor: dashboards, their files, pages of flows. Whoever is not logged in is sent to do so. */
export const gateOfPages: Gate = (request, response, next) => {
  // What the editor leaves may come to a node of a flow.
  delete request.headers[tokenHeader]
  if (isOpen(addressOf(request).path) || may(identityOf(request), 'read')) next()
  else askToLogIn(request, response)
}

/** Dashboard always serves what its widgets last got at `_debug`, to whoever asks, and whatever they may see. */
export const gateOfDashboard: Gate = (request, response, next) => {
  if (!/\/_debug(\/|$)/i.test(addressOf(request).path)) return next()
  end(response, 404, 'not found')
}

export interface EditorGateOptions {
  readonly access: Pick<Access, 'logout'>
  /** Whether flows may be edited here at all. */
  readonly editor: boolean
  readonly isTrusted: IsTrusted
  readonly refused: (entry: AccessEntry) => void
}

/**
 * Before the editor and its API, in Node-RED's terms: `httpAdminMiddleware`. Widgets of dashboards load their code from
 * below it, so that much is for every user; all else for who may edit flows.
 */
export function gateOfEditor({ access, editor, isTrusted, refused }: EditorGateOptions): Gate {
  return (request, response, next) => {
    const identity = identityOf(request)
    if (!may(identity, 'read')) return askToLogIn(request, response)
    // Below the editor's root: Express has taken that away.
    const [path = ''] = (request.url ?? '').split('?', 1)
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (reads && path.startsWith('/resources/')) return next()
    if (request.method === 'POST' && path === '/auth/revoke') return void logOut(access, identity!, response)
    const objection = objectionTo(identity!, editor, !reads && /^\/nodes(\/|$)/i.test(path))
    if (!objection) return next()
    const { why, page } = objection
    const address = clientAddress(request, isTrusted)
    refused({ event: 'editor_refused', identity, address, subject: `${request.method} ${path}`, detail: why })
    if (page === undefined || !wantsPage(request)) return end(response, 403, why)
    sendPage(response, faultPage({ language: languageFor(request), identity }, page), 403)
  }
}

/** Why somebody is not let in, for the log and for programs; and what a browser shows. */
interface Objection {
  readonly why: string
  readonly page?: Fault
}

function objectionTo(identity: Identity, editor: boolean, changesNodes: boolean): Objection | undefined {
  if (!editor) return { why: 'flows are not edited here: FLOW_EDITOR is off', page: 'editorOff' }
  if (!may(identity, 'edit-flows')) return { why: `${identity.role} may not edit flows`, page: 'noRight' }
  // Node-RED's settings say so for installing; removing and disabling it would do.
  return changesNodes ? { why: 'the nodes that are there change with a release, not here' } : undefined
}

/** What the editor's user menu does. It goes where the answer says. */
async function logOut(
  access: Pick<Access, 'logout'>,
  { sessionId }: Identity,
  response: ServerResponse,
): Promise<void> {
  try {
    await access.logout(sessionId)
    response.setHeader('Set-Cookie', cookiesOfNobody(false))
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ redirect: '/' }))
  } catch {
    end(response, 503, 'cannot log out now: try again')
  }
}

function askToLogIn(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store')
  if (!wantsPage(request)) {
    response.setHeader('WWW-Authenticate', 'Bearer')
    return end(response, 401, 'not logged in')
  }
  // What begins with two slashes would name another host.
  const next = addressOf(request).whole.replace(/^\/+/, '/')
  response.setHeader('Location', `/login?next=${encodeURIComponent(next)}`)
  end(response, 302, '')
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.end(text && `${text}\n`)
}

/** Whole, wherever what asks is mounted. */
function addressOf(request: IncomingMessage & { originalUrl?: string }): { whole: string; path: string } {
  const whole = request.originalUrl ?? request.url ?? '/'
  return { whole, path: whole.split('?', 1)[0]! }
}
