import compression from 'compression'
import type { OutgoingHttpHeaders } from 'node:http'
import { Router, type NextFunction, type Request, type Response } from 'express'
import { csrfHeader, isFromOurPages, isWrite } from '../access/cookies.ts'
import { may, type Identity } from '../access/identity.ts'
import { networkOf } from '../access/network-of.ts'
import { lackOf } from '../access/roles.ts'
import { machineClock } from '../clock/clock.ts'
import { CallerGone, send, sendProblem } from './answer.ts'
import { allowedOriginsOf, corsHeaders } from './cors.ts'
import { apiKeyOf, credentialOf } from './credential.ts'
import { documentRoutes } from './documents.ts'
import { problemOf } from './faults.ts'
import { identityOf, placeOf } from './front-door.ts'
import { RequestLimit } from './limits.ts'
import { Operation } from './operation.ts'
import { PathTree, type Found } from './path-tree.ts'
import { Problem, titleOf } from './problem.ts'
import type { ApiRoute, RouteKey } from './route.ts'
import type { Services } from './services.ts'
import { cameByHttps, clientAddress, proxiesOf, type IsTrusted } from './trusted-proxies.ts'

/** Routes of one area. */
export type RouteMaker = (services: Services) => readonly ApiRoute[]

/** An answer of the API, for who counts them. `operationId` is `none` where no route was found. */
export interface Answered {
  readonly operationId: string
  readonly method: string
  readonly status: number
  readonly seconds: number
}

export interface ApiOptions {
  /** Takes what nobody foresaw, an entry of the log each. */
  readonly report: (entry: string) => void
  /** Checks answers against the schemas of their routes too: for tests and development. */
  readonly checkAnswers?: boolean
  readonly onAnswered?: (answered: Answered) => void
}

type Operations = Map<string, Operation>

/** Requests a minute with one key of another system: such systems ask every few minutes. */
const keyRequestsPerMinute = 60

/** The HTTP API: who may ask what, with what, and what comes back. */
export class Api {
  readonly router = Router()
  #services: Services
  #options: ApiOptions
  #routes: ApiRoute[] = []
  #tree = new PathTree<Operations>()
  #origins: ReadonlySet<string>
  #isTrusted: IsTrusted
  #users: RequestLimit
  #addresses: RequestLimit
  #keys = new RequestLimit('key', keyRequestsPerMinute)

  constructor(services: Services, options: ApiOptions) {
    const { REQUESTS_PER_MINUTE, REQUESTS_PER_MINUTE_ANONYMOUS } = services.environment
    this.#services = services
    this.#options = options
    this.#origins = allowedOriginsOf(services.environment)
    this.#isTrusted = proxiesOf(services.environment)
    this.#users = new RequestLimit('user', REQUESTS_PER_MINUTE)
    this.#addresses = new RequestLimit('address', REQUESTS_PER_MINUTE_ANONYMOUS)
    this.router.use(compression({ threshold: 1024 }) as never)
    this.router.use((request, response, next) => void this.#serve(request, response, next))
    this.add(() => documentRoutes(() => this.#routes))
  }

  /** The routes so far. */
  get routes(): readonly ApiRoute[] {
    return this.#routes
  }

  /** @throws Error for a second route of the same method and path, or of the same operationId */
  add(make: RouteMaker): void {
    for (const route of make(this.#services)) {
      const operations = this.#tree.at(route.path, () => new Map())
      if (operations.has(route.method)) throw new Error(`two routes are ${route.method} ${route.path}`)
      if (this.#routes.some(({ operationId }) => operationId === route.operationId))
        throw new Error(`two routes have the operationId ${route.operationId}`)
      operations.set(route.method, new Operation(route, this.#options))
      this.#routes.push(route)
    }
  }

  async #serve(request: Request, response: Response, next: NextFunction): Promise<void> {
    const began = machineClock.now()
    let operation: Operation | undefined
    try {
      if (placeOf(request.path) !== 'api') return next()
      const found = this.#find(request.path)
      response.once('close', () => this.#tell(request, response, operation, began))
      const { value: operations, parameters } = found ?? { value: new Map() as Operations }
      const methods = methodsOf(operations)
      setHeaders(response, corsHeaders(request.headers.origin, this.#origins, preflight(request, methods)))
      if (found && request.method === 'OPTIONS') return void response.status(204).set('Allow', methods).end()
      operation = operations.get(request.method === 'HEAD' ? 'GET' : request.method)
      const address = clientAddress(request, this.#isTrusted)
      const identity = identityOf(request)
      const counted = identity ? this.#users.take(identity.username) : this.#addresses.take(networkOf(address))
      setHeaders(response, await counted)
      if (!found) throw new Problem(404, titleOf(404), { detail: 'there is nothing at this path' })
      if (!operation)
        throw new Problem(405, titleOf(405), { detail: `it takes ${methods}`, headers: { Allow: methods } })
      setHeaders(response, await this.#admit(request, operation.route, identity, address))
      const secure = cameByHttps(request, this.#isTrusted)
      const { answer, format } = await operation.perform(request, response, parameters!, { identity, address, secure })
      await send(request, response, operation.route, answer, format)
    } catch (error) {
      this.#fail(response, error, operation ? `${request.method} ${operation.route.path}` : request.method)
    }
  }

  #find(path: string): Found<Operations> | undefined {
    try {
      return this.#tree.find(path)
    } catch (error) {
      if (!(error instanceof URIError)) throw error
      throw new Problem(400, titleOf(400), { detail: 'the path is not percent-encoded UTF-8' })
    }
  }

  /** @returns headers for the answer @throws Problem for whoever may not ask */
  async #admit(
    request: Request,
    { right, refusesItself, key, path }: ApiRoute,
    identity: Identity | undefined,
    address: string,
  ): Promise<OutgoingHttpHeaders> {
    const { headers, method } = request
    if (right === 'open') return {}
    const credential = credentialOf(headers)
    if (!identity) {
      const opened = key && (await this.#openedBy(key, request, `${method} ${path}`, address))
      if (opened) return opened
      throw new Problem(401, titleOf(401), {
        detail: credential || apiKeyOf(headers) ? 'the token is no good, or no longer' : 'a token is needed',
        headers: { 'WWW-Authenticate': credential ? 'Bearer error="invalid_token"' : 'Bearer' },
      })
    }
    if (credential!.by === 'cookie' && isWrite(method)) this.#confirmWrite(headers, identity)
    if (right !== 'user' && !refusesItself && !may(identity, right))
      throw new Problem(403, titleOf(403), { detail: lackOf(identity.role, right) })
    return {}
  }

  /** What opens a route of its own: each use of a key that somebody holds is counted, and told to the access log. */
  async #openedBy(
    key: RouteKey,
    { headers }: Request,
    subject: string,
    address: string,
  ): Promise<OutgoingHttpHeaders | undefined> {
    if ('fits' in key) {
      const credential = credentialOf(headers)
      return credential?.by === 'bearer' && key.fits(credential.token) ? {} : undefined
    }
    const given = apiKeyOf(headers)
    if (given === undefined) return undefined
    const { access } = this.#services
    const holder = await access.verifyKey(given, key.scope)
    if (!holder) {
      access.noteAccess({ event: 'api_key_refused', address, subject, detail: 'no key in force that opens it' })
      return undefined
    }
    const counted = await this.#keys.take(holder.keyId)
    await access.recordAccess({
      event: 'api_key_used',
      address,
      subject,
      detail: `key ${holder.keyId} of ${holder.name}`,
    })
    return counted
  }

  /** A browser sends its cookie also with what a foreign page made it send. */
  #confirmWrite(headers: Request['headers'], identity: Identity): void {
    if (!isFromOurPages(headers)) throw new Problem(403, titleOf(403), { detail: 'it was not sent by a page of ours' })
    if (!this.#services.access.csrfFits(identity.sessionId, headers[csrfHeader] as string | undefined))
      throw new Problem(403, titleOf(403), {
        detail: 'the header X-CSRF-Token is not the cookie lv_csrf of this session',
      })
  }

  #fail(response: Response, error: unknown, operation: string): void {
    if (error instanceof CallerGone) return
    const problem = problemOf(error, operation, this.#options.report)
    // Half an answer must not look like a whole one.
    if (response.headersSent || response.destroyed) response.destroy()
    else sendProblem(response, problem)
  }

  #tell(request: Request, response: Response, operation: Operation | undefined, began: number): void {
    this.#options.onAnswered?.({
      operationId: operation?.route.operationId ?? 'none',
      method: operation ? request.method : 'none',
      status: response.statusCode,
      seconds: (machineClock.now() - began) / 1_000,
    })
  }
}

const methodsOf = (operations: Operations): string =>
  [...operations.keys()]
    .flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    .concat('OPTIONS')
    .join(', ')

const preflight = ({ method, headers }: Request, methods: string) =>
  method === 'OPTIONS' ? { methods, headers } : undefined

function setHeaders(response: Response, headers: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'Vary') response.vary(String(value))
    else if (value !== undefined) response.setHeader(name, value as string)
  }
}
