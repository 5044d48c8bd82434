import type { IncomingHttpHeaders } from 'node:http'
import type { Static, TSchema } from '@sinclair/typebox'
import type { Identity } from '../access/identity.ts'
import type { Right } from '../access/roles.ts'

/** A request whose parts have been checked against the route's schemas. */
export interface ApiRequest<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Undefined only on open routes. */
  readonly identity: Identity | undefined
  /** The address it came from, as far as trusted proxies tell. Good for logs and for limits: no right derives from it. */
  readonly address: string
  /** As they came, names in lower case. */
  readonly headers: IncomingHttpHeaders
  /** Whether it came by https, as far as trusted proxies tell. */
  readonly secure: boolean
}

/** What a handler returns; undefined stands for 204. A `Problem` is thrown. */
export interface ApiAnswer {
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

interface Answer {
  readonly description: string
  readonly schema?: TSchema
}

/** A route of the API. What stands here is what the OpenAPI document says and what requests are checked against. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As `/api/telemetry/{deviceId}`. */
  readonly path: `/api/${string}`
  /** Names the operation for generated clients: unique, camelCase. */
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tag: string
  /** What whoever asks must be allowed; `open`: anybody may ask; `user`: anybody who is logged in. */
  readonly right: Right | 'open' | 'user'
  readonly params?: TSchema
  readonly query?: TSchema
  readonly body?: TSchema
  /** By status; problems of every route (400, 401, 403, 404, 429, 503) need not be named. */
  readonly answers: Readonly<Record<number, Answer>>
  handle(request: ApiRequest): Promise<ApiAnswer>
}

type Of<S> = S extends TSchema ? Static<S> : undefined

/** A route with the types of its handler's request taken from its schemas. */
export function defineRoute<
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(
  route: Omit<ApiRoute, 'params' | 'query' | 'body' | 'handle'> & {
    readonly params?: P
    readonly query?: Q
    readonly body?: B
    handle(request: ApiRequest<Of<P>, Of<Q>, Of<B>>): Promise<ApiAnswer>
  },
): ApiRoute {
  return route as ApiRoute
}
