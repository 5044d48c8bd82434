import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Access, AccessEntry } from '../access/access.ts'
import { holdsKey, keyHeader } from '../access/api-key.ts'
import { cookieNames, isFromOurPages, isWrite } from '../access/cookies.ts'
import { may, type Identity } from '../access/identity.ts'
import { lackOf, type Right } from '../access/roles.ts'
import { wallClock } from '../clock/clock.ts'
import { isLoopback } from '../wire/loopback.ts'
import { credentialOf } from './credential.ts'
import type { OpenConnections } from './open-connections.ts'
import { Problem } from './problem.ts'
import { clientAddress, type IsTrusted } from './trusted-proxies.ts'

/** Carries the token from here to the editor, which is told of nothing else. What comes in under this name is thrown away. */
export const tokenHeader = 'x-linha-viva-token'

export interface FrontDoorOptions {
  readonly access: Pick<Access, 'verify' | 'onEnded'>
  readonly connections: OpenConnections
  readonly isTrusted: IsTrusted
  /** Whether only proxies of ours, and this machine, may connect: passwords would cross the network in clear otherwise. */
  readonly proxiesOnly: boolean
  /** Whether somebody may edit flows here. */
  readonly editor: boolean
  /** Pages of other origins that may call the API. */
  readonly allowedOrigins: ReadonlySet<string>
  /** Takes down what was refused. */
  readonly refused: (entry: AccessEntry) => void
}

/** A session has so many connections at most, those of the live stream apart, which has bounds of its own. */
export const mostOfSession = 200
/** In this time the dashboard's socket connects or is forgotten, ms: until then it counts, whatever becomes of it. */
const handshakeMs = 45_000

/** Whoever speaks on a socket may say why it closes, this long, ms; then it is closed. */
const goodbyeMs = 1_000

interface Caller {
  readonly identity: Identity
  /** Whether a browser's cookie says so: then a page of another site may have caused the request. */
  readonly byCookie: boolean
}

/** Why somebody is not let in. */
interface Objection {
  readonly status: 401 | 403 | 503
  readonly why: string
}

const callers = new WeakMap<IncomingMessage, Caller>()

/**
 * Whose a path is, as it is routed: Express finds the editor whatever the capitals are, the API's own router only what is
 * written as its routes are. What is neither may reach a node of a flow.
 */
export function placeOf(path: string): 'editor' | 'api' | 'pages' {
  if (/^\/(api(\/|$)|metrics\/?$)/.test(path)) return 'api'
  return /^\/editor(\/|$)/i.test(path) ? 'editor' : 'pages'
}

/** Who sent a request that came through the front door; undefined for somebody who is not logged in. */
export const identityOf = (request: IncomingMessage): Identity | undefined => callers.get(request)?.identity

/**
 * Stands before all that listens on the HTTP server: Express, the dashboard's socket.io, the editor's WebSocket, the live
 * stream, and what nodes of flows add. Finds out once who is asking; lets no WebSocket open without a user, none from a
 * page of another site, and none live longer than its session.
 * @returns takes it away again
 */
export function openFrontDoor(server: Server, options: FrontDoorOptions): () => void {
  const emit = server.emit
  const passOn = (...event: unknown[]): unknown => Reflect.apply(emit, server, event)

  server.emit = function (this: Server, event: string, ...args: unknown[]): boolean {
    if (event === 'request') {
      const [request, response] = args as [IncomingMessage, ServerResponse]
      void receive(request, options).then(
        (objection) => (objection ? answer(request, response, objection) : passOn(event, request, response)),
        () => answer(request, response, cannotTell),
      )
    } else if (event === 'upgrade') {
      const [request, socket, head] = args as [IncomingMessage, Duplex, Buffer]
      void receiveUpgrade(request, socket, options).then(
        (admitted) => admitted && passOn(event, request, socket, head),
        () => endWith(socket, cannotTell),
      )
    } else return passOn(event, ...args) as boolean
    return true
  } as Server['emit']

  // Programs offer other protocols than WebSocket, too, and are glad of a plain answer.
  const { shouldUpgradeCallback } = server as UpgradingServer
  ;(server as UpgradingServer).shouldUpgradeCallback = ({ headers }) => /^\s*websocket\s*$/i.test(headers.upgrade ?? '')
  const stopListening = options.access.onEnded((sessionId) => options.connections.closeSession(sessionId))
  return () => {
    stopListening()
    server.emit = emit
    ;(server as UpgradingServer).shouldUpgradeCallback = shouldUpgradeCallback
  }
}

/** What Node's types know as an option of a new server only. Releases before 24.9 do not look at it. */
interface UpgradingServer extends Server {
  shouldUpgradeCallback?: ServerOptions['shouldUpgradeCallback']
}

async function receive(request: IncomingMessage, options: FrontDoorOptions): Promise<Objection | undefined> {
  const { refused, isTrusted } = options
  const caller = await recognise(request, options)
  const objection =
    foreignPeer(request, options) ?? forgedWrite(request, caller) ?? pollingObjection(request, caller, options)
  if (objection && (objection.status === 403 || caller))
    refused({
      event: 'request_refused',
      identity: caller?.identity,
      address: clientAddress(request, isTrusted),
      subject: `${request.method} ${pathOf(request)}`,
      detail: objection.why,
    })
  return objection
}

async function receiveUpgrade(request: IncomingMessage, socket: Duplex, options: FrontDoorOptions): Promise<boolean> {
  const { connections, refused, isTrusted } = options
  // Nobody else listens to it yet, and an error that nobody hears ends the process.
  const ignore = (): void => undefined
  socket.on('error', ignore)
  const caller = await recognise(request, options)
  const objection = foreignPeer(request, options) ?? upgradeObjection(request, caller, options)
  if (objection || !caller) {
    const { status, why } = objection ?? notLoggedIn
    refused({
      event: 'socket_refused',
      identity: caller?.identity,
      address: clientAddress(request, isTrusted),
      subject: pathOf(request),
      detail: why,
    })
    endWith(socket, { status, why })
    return false
  }
  if (socket.destroyed) return false
  const destroy = (): void => void socket.destroy()
  const release = connections.hold(caller.identity, untilOf(caller), () => void setTimeout(destroy, goodbyeMs).unref())
  socket.once('close', release)
  socket.off('error', ignore)
  return true
}

const titles = { 401: 'Not logged in', 403: 'Not allowed', 503: 'Not available' } as const

/** Who may come in is not known, as when the database is away: then nobody does. */
const cannotTell: Objection = { status: 503, why: 'who is asking cannot be found out now' }
const tooMany: Objection = { status: 503, why: `a session has ${mostOfSession} connections at most` }
const notLoggedIn: Objection = { status: 401, why: 'not logged in' }

/** How long a connection lives that was opened now: a browser gets new tokens as long as its session goes on. */
const untilOf = ({ byCookie, identity }: Caller): number => (byCookie ? identity.sessionEndsAt : identity.expiresAt)

/** When a connection that this request opens closes at the latest, UTC ms. */
export function endOf(request: IncomingMessage): number {
  const caller = callers.get(request)
  return caller ? untilOf(caller) : 0
}

async function recognise(request: IncomingMessage, { access }: FrontDoorOptions): Promise<Caller | undefined> {
  const { headers } = request
  // A proxy may ask by the whole address; all that follows goes by the path.
  request.url = request.url?.replace(/^https?:\/\/[^/?#]*(?=([/?#]?))/i, (_origin, next) => (next === '/' ? '' : '/'))
  delete headers[tokenHeader]
  const credential = credentialOf(headers)
  const identity = credential && (await access.verify(credential.token))
  const place = placeOf(pathOf(request))
  if (place !== 'api') hideCredentials(request)
  if (!identity) return undefined
  if (place === 'editor') headers[tokenHeader] = credential!.token
  const caller = { identity, byCookie: credential!.by === 'cookie' }
  callers.set(request, caller)
  return caller
}

/** Flows see the requests that reach their nodes; whoever edits flows would otherwise collect the tokens of others there. */
function hideCredentials(request: IncomingMessage): void {
  const ours = new RegExp(`^\\s*(${Object.values(cookieNames).join('|')})\\s*=`)
  const without = (cookies: string): string =>
    cookies
      .split(';')
      .filter((cookie) => !ours.test(cookie))
      .join(';')
  const isHidden = (name: string, value: string): boolean =>
    name === tokenHeader ||
    (name === 'authorization' && /^Bearer /i.test(value)) ||
    (name === keyHeader && holdsKey(value))
  const { headers, rawHeaders } = request
  for (const name of ['authorization', keyHeader]) if (isHidden(name, String(headers[name] ?? ''))) delete headers[name]
  if (headers.cookie !== undefined) headers.cookie = without(headers.cookie)
  // In place: Node goes by their number.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at]!.toLowerCase(), rawHeaders[at + 1]!]
    if (isHidden(name, value)) rawHeaders[at + 1] = ''
    else if (name === 'cookie') rawHeaders[at + 1] = without(value)
  }
}

function foreignPeer(request: IncomingMessage, { isTrusted, proxiesOnly }: FrontDoorOptions): Objection | undefined {
  const peer = request.socket.remoteAddress ?? ''
  if (!proxiesOnly || isTrusted(peer) || isLoopback(peer)) return undefined
  return { status: 403, why: 'not by the proxy: what is sent here directly could be read on the way' }
}

/** A page of another site can make a browser send its cookies to us, but cannot say that it is ours. The API asks for more, itself. */
function forgedWrite(request: IncomingMessage, caller: Caller | undefined): Objection | undefined {
  if (!caller?.byCookie || !isWrite(request.method) || isFromOurPages(request.headers)) return undefined
  return { status: 403, why: 'sent by a page of another site' }
}

/** The dashboard's socket begins as plain requests, which no middleware of Express sees. */
function pollingObjection(
  request: IncomingMessage,
  caller: Caller | undefined,
  { connections }: FrontDoorOptions,
): Objection | undefined {
  if (!/\/socket\.io(\/|$)/i.test(pathOf(request))) return undefined
  if (!caller || !may(caller.identity, 'read')) return notLoggedIn
  if (/[?&]sid=/.test(request.url ?? '')) return undefined
  if (connections.sizeOf(caller.identity) >= mostOfSession) return tooMany
  const release = connections.hold(caller.identity, wallClock.now() + handshakeMs, () => release())
  return undefined
}

function upgradeObjection(
  request: IncomingMessage,
  caller: Caller | undefined,
  { editor, allowedOrigins, connections }: FrontDoorOptions,
): Objection | undefined {
  const { origin } = request.headers
  const isOurs = isFromOurPages({ ...request.headers, 'sec-fetch-site': undefined })
  if (origin !== undefined && !isOurs && !allowedOrigins.has(origin))
    return { status: 403, why: `opened by a page of ${origin.slice(0, 200)}` }
  if (!caller) return notLoggedIn
  if (caller.byCookie && !isOurs) return { status: 403, why: 'opened with a cookie by none of our pages' }
  const place = placeOf(pathOf(request))
  if (place !== 'api' && connections.sizeOf(caller.identity) >= mostOfSession) return tooMany
  const right: Right = place === 'editor' ? 'edit-flows' : 'read'
  if (right === 'edit-flows' && !editor) return { status: 403, why: 'the editor is off' }
  return may(caller.identity, right) ? undefined : { status: 403, why: lackOf(caller.identity.role, right) }
}

function answer(request: IncomingMessage, response: ServerResponse, { status, why }: Objection): void {
  const problem = new Problem(status, titles[status], { detail: why })
  const isApi = placeOf(pathOf(request)) === 'api'
  response.statusCode = status
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
  response.setHeader('Content-Type', isApi ? 'application/problem+json' : 'text/plain; charset=utf-8')
  response.setHeader('Cache-Control', 'no-store')
  // What is still being sent is not read.
  response.setHeader('Connection', 'close')
  response.end(isApi ? JSON.stringify(problem) : `${why}\n`)
}

function endWith(socket: Duplex, { status, why }: Objection): void {
  const lines = [`HTTP/1.1 ${status} ${titles[status]}`, 'Connection: close', 'Content-Type: text/plain; charset=utf-8']
  socket.end([...lines, '', `${why}\n`].join('\r\n'), () => socket.destroy())
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0]!
