import type { ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { json, Router, type NextFunction, type Request, type Response } from 'express'
import type { TSchema } from '@sinclair/typebox'
import { may, type Identity } from '../access/identity.ts'
import { openApiOf } from './openapi.ts'
import { Problem, type FieldFault } from './problem.ts'
import type { ApiRequest, ApiRoute } from './route.ts'
import type { Services } from './services.ts'

/** Routes of one area. */
export type RouteMaker = (services: Services) => readonly ApiRoute[]

const ajv = new Ajv2020({ allErrors: true, coerceTypes: true, useDefaults: true, strict: false })
addFormats.default(ajv)

/** The HTTP API: whoever may ask what, with what, and what comes back. */
export class Api {
  readonly router = Router()
  #services: Services
  #routes: ApiRoute[] = []

  constructor(services: Services) {
    this.#services = services
    this.router.get('/api/openapi.json', (_request, response) => void response.json(openApiOf(this.#routes)))
  }

  /** The routes so far. */
  get routes(): readonly ApiRoute[] {
    return this.#routes
  }

  add(make: RouteMaker): void {
    for (const route of make(this.#services)) this.#mount(route)
  }

  #mount(route: ApiRoute): void {
    this.#routes.push(route)
    const method = route.method.toLowerCase() as 'get'
    const checks = {
      params: compiled(route.params),
      query: compiled(route.query),
      body: compiled(route.body),
    }
    this.router[method](
      route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      json({ limit: '1mb' }),
      async (request: Request, response: Response, next: NextFunction) => {
        try {
          const identity = await this.#identify(request, route)
          const checked = check(checks, request)
          const { headers, secure, ip: address = '' } = request
          const answer = await route.handle({ ...checked, identity, address, headers, secure })
          response.set('Cache-Control', 'no-store')
          for (const [name, value] of Object.entries(answer.headers ?? {}))
            response.set(name, value as string | string[])
          response.status(answer.status ?? (answer.body === undefined ? 204 : 200))
          if (answer.body === undefined) response.end()
          else response.json(answer.body)
        } catch (error) {
          if (!(error instanceof Problem)) return next(error)
          response.status(error.status).set(error.headers).type('application/problem+json').send(JSON.stringify(error))
        }
      },
    )
  }

  async #identify(request: Request, route: ApiRoute): Promise<Identity | undefined> {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const identity = token === undefined ? undefined : await this.#services.access.verify(token)
    if (route.right === 'open') return identity
    if (!identity)
      throw new Problem(401, 'Not logged in', {
        detail: token === undefined ? 'a token is needed' : 'the token is no good, or no longer',
        headers: { 'WWW-Authenticate': 'Bearer' },
      })
    if (route.right !== 'user' && !may(identity, route.right))
      throw new Problem(403, 'Not allowed', { detail: `${identity.role} may not ${route.right}` })
    return identity
  }
}

type Check = ValidateFunction | undefined

const compiled = (schema: TSchema | undefined): Check => schema && ajv.compile(schema)

function check(
  checks: Record<'params' | 'query' | 'body', Check>,
  request: Request,
): Pick<ApiRequest, 'params' | 'query' | 'body'> {
  const faults: FieldFault[] = []
  const parts = { params: { ...request.params }, query: { ...request.query }, body: request.body as unknown }
  for (const [part, validate] of Object.entries(checks) as ['params' | 'query' | 'body', Check][]) {
    if (!validate || validate(parts[part])) continue
    for (const { instancePath, message, params } of validate.errors ?? [])
      faults.push({
        field: [part, ...instancePath.split('/').slice(1), ...missing(params)].join('.'),
        problem: message ?? '',
      })
  }
  if (faults.length > 0)
    throw new Problem(400, 'Bad request', {
      detail: faults.map(({ field, problem }) => `${field} ${problem}`).join('; '),
      errors: faults,
    })
  return parts
}

const missing = (params: Record<string, unknown>): string[] =>
  typeof params['missingProperty'] === 'string' ? [params['missingProperty']] : []
