import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Static, TSchema } from '@sinclair/typebox'
import type { Identity } from '../access/identity.ts'
import type { KeyScope } from '../access/api-key.ts'
import type { Right } from '../access/roles.ts'
import type { CsvColumn } from './csv.ts'

/** A request whose parts have been checked against the route's schemas. */
export interface ApiRequest<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Undefined on open routes, and where a key of the route let in who asks. */
  readonly identity: Identity | undefined
  /** The address it came from, as far as trusted proxies tell. Good for logs and for limits: no right derives from it. */
  readonly address: string
  /** Whether it came by https, as far as trusted proxies tell. */
  readonly secure: boolean
  readonly headers: IncomingHttpHeaders
  /** What the caller wants; `csv` only where the route has columns. */
  readonly format: 'json' | 'csv'
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** What a handler returns; without a body or rows it stands for 204. A `Problem` is thrown. */
export interface ApiAnswer {
  readonly status?: number
  readonly body?: unknown
  /**
   * Rows of a CSV that is streamed; without it a CSV is made of the body: a page, or an array. Of an answer with a media type
   * of its own the parts, text or bytes, that are streamed as they are.
   */
  readonly rows?: AsyncIterable<unknown> | Iterable<unknown>
  readonly headers?: Readonly<OutgoingHttpHeaders>
}

export interface Answer {
  readonly description: string
  readonly schema?: TSchema
  /** Media type of a body, text or bytes, that goes out as it is; JSON by the schema unless set. */
  readonly type?: string
}

/** What opens a route beside the tokens of users. */
export type RouteKey = BearerKey | ScopedKey

/** A bearer token of its own, such as a scraper's. */
export interface BearerKey {
  /** Its name among the document's security schemes. */
  readonly scheme: string
  readonly description: string
  fits(token: string): boolean
}

/** The keys of a scope, in `x-api-key`, that admins make for other systems. */
export interface ScopedKey {
  readonly scope: KeyScope
  readonly description: string
}

/**
 * A route of the API. What stands here is what the OpenAPI document says and what requests are checked against.
 *
 * Schemas of objects are closed: a parameter or a field that is not named is refused. In `params` and `query` numbers,
 * booleans, arrays (a parameter repeated) and instants (`format: 'date-time'`, to UTC ms) are read from their text;
 * bodies are taken as they are. A schema with an `$id` is named by it in the document.
 */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As `/api/telemetry/{deviceId}`. */
  readonly path: `/${string}`
  /** Names the operation for generated clients: unique, camelCase. */
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tag: string
  /** What whoever asks must be allowed; `open`: anybody may ask; `user`: anybody who is logged in. */
  readonly right: Right | 'open' | 'user'
  /** The handler itself refuses whoever lacks the right, because it takes down who tried what; being logged in is asked before. */
  readonly refusesItself?: true
  readonly key?: RouteKey
  readonly params?: TSchema
  readonly query?: TSchema
  /** `Type.Optional`: it may be left out. */
  readonly body?: TSchema
  /** `text/csv`: the handler gets the text, which may be sent in UTF-8 or, where it says so, in ISO 8859-1. */
  readonly bodyType?: 'application/json' | 'text/csv'
  /** 1 MB unless set. */
  readonly maxBodyBytes?: number
  /** How long it may take until it answers, ms; 30 s unless set. */
  readonly patienceMs?: number
  /** By status; problems of every route (400, 401, 403, 404, 429, 503) need not be named. */
  readonly answers: Readonly<Record<number, Answer>>
  /** The columns of the answer as CSV, for callers that accept `text/csv`. */
  readonly csv?: readonly CsvColumn[]
  /** A part of a page, and not for programs: it does not stand in the document. */
  readonly hidden?: true
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
