import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type, TypeGuard } from '@sinclair/typebox'
import { cookieNames, isWrite } from '../access/cookies.ts'
import { installation } from '../runtime/installation.ts'
import { problemSchema, titleOf } from './problem.ts'
import { keyHeader } from '../access/api-key.ts'
import type { Answer, ApiRoute, RouteKey } from './route.ts'
import { closed, type JsonSchema } from './schemas.ts'

const { version } = JSON.parse(readFileSync(join(installation, 'package.json'), 'utf8')) as { version: string }

/** Media type of every answer that is no success. */
const problemType = 'application/problem+json'

const description = `Everything that Linha Viva answers to programs.

Log in with \`POST /api/auth/login\` and send the token as \`Authorization: Bearer\`; pages of ours use the cookie, and
repeat the cookie \`${cookieNames.csrf}\` as \`X-CSRF-Token\` when they write. What is wrong comes as a problem (RFC 9457) that
names the fields at fault. Who may ask stands in \`x-right\`: a right of the user's role, \`user\` for everybody who is logged
in, \`open\` for everybody. Lists come in pages: \`nextCursor\` of one is the \`cursor\` of the next. Instants are ISO 8601
with an offset, and UTC in answers; units stand in the names. Where \`text/csv\` is offered, ask for it by \`Accept\`.`

/** The OpenAPI 3.1 document of these routes: what they are checked against, and nothing else. */
export function openApiOf(routes: readonly ApiRoute[]): Record<string, unknown> {
  const shown = routes.filter(({ hidden }) => !hidden)
  const schemas = new Map<string, JsonSchema>()
  closed(problemSchema, schemas)
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of shown) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route, schemas)
  return {
    openapi: '3.1.1',
    info: {
      title: 'Linha Viva',
      version,
      summary: 'Operations of electricity distribution',
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(shown.map(({ tag }) => tag))].sort().map((name) => ({ name })),
    paths: Object.fromEntries(Object.entries(paths).sort(([one], [other]) => (one < other ? -1 : 1))),
    components: {
      schemas: Object.fromEntries([...schemas].sort(([one], [other]) => (one < other ? -1 : 1))),
      responses: Object.fromEntries(
        Object.keys(problems).map((status) => [`Problem${status}`, problemOf(Number(status))]),
      ),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The token of a login' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: cookieNames.session,
          description: 'Of a browser that is logged in',
        },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: 'X-CSRF-Token',
          description: `Repeats the cookie ${cookieNames.csrf}`,
        },
        ...keySchemesOf(shown),
      },
    },
  }
}

/** What goes wrong, in whichever route. */
const problems: Readonly<Record<number, string>> = {
  400: 'The request is not as described; the fields at fault are named',
  401: 'A token is needed, or the one given is no good any more',
  403: 'The user may not do this',
  404: 'What the path names is not there',
  406: 'None of the media types that the caller accepts',
  408: 'The request did not arrive in time',
  409: 'It stands against what is there',
  413: 'The body is too large',
  415: 'The body is not of the media type that is taken here',
  429: 'Too many requests; `Retry-After` says when to go on',
  500: 'A fault of ours; the reference names the entry in our log',
  503: 'The database is away, or too slow: try again',
}

/** Statuses of the problems that requests of a route can come to. */
function problemStatusesOf(route: ApiRoute): number[] {
  const { right, params, body, method, answers } = route
  const own = Object.keys(answers)
    .map(Number)
    .filter((status) => status >= 400)
  return [
    ...new Set([
      ...[400, 406, 429, 500, 503],
      ...(right === 'open' ? [] : [401, 403]),
      ...(params ? [404] : []),
      ...(body ? [408, 413, 415] : []),
      ...(isWrite(method) && right !== 'open' ? [409] : []),
      ...own,
    ]),
  ].sort((one, other) => one - other)
}

function operationOf(route: ApiRoute, schemas: Map<string, JsonSchema>): Record<string, unknown> {
  const { body, bodyType = 'application/json', answers } = route
  const named = Object.entries(answers).map(([status, answer]) => [
    status,
    responseOf(route, Number(status), answer, schemas),
  ])
  const unnamed = problemStatusesOf(route).filter((status) => !(status in answers))
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    tags: [route.tag],
    security: securityOf(route),
    'x-right': route.right,
    parameters: [...parametersOf('path', route, schemas), ...parametersOf('query', route, schemas)],
    ...(body && {
      requestBody: {
        required: !TypeGuard.IsOptional(body),
        content: { [bodyType]: { schema: closed(body, schemas) } },
      },
    }),
    responses: Object.fromEntries([
      ...named,
      ...unnamed.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
    ]) as unknown,
  }
}

function securityOf({ right, key, method }: ApiRoute): Record<string, never[]>[] {
  if (right === 'open') return []
  const browser = isWrite(method) ? { cookie: [], csrf: [] } : { cookie: [] }
  return [{ bearer: [] }, browser, ...(key ? [{ [schemeOf(key)]: [] }] : [])]
}

const schemeOf = (key: RouteKey): string => ('scheme' in key ? key.scheme : key.scope)

const keySchemesOf = (routes: readonly ApiRoute[]): Record<string, unknown> =>
  Object.fromEntries(routes.flatMap(({ key }) => (key ? [[schemeOf(key), schemeObjectOf(key)] as const] : [])))

const schemeObjectOf = (key: RouteKey): Record<string, string> => {
  const { description } = key
  return 'scheme' in key
    ? { type: 'http', scheme: 'bearer', description }
    : { type: 'apiKey', in: 'header', name: keyHeader, description }
}

function responseOf(
  route: ApiRoute,
  status: number,
  answer: Answer,
  schemas: Map<string, JsonSchema>,
): Record<string, unknown> {
  const { description, schema, type } = answer
  if (type !== undefined) {
    const isJson = type.startsWith('application/json')
    return { description, content: { [type.split(';')[0]!]: { schema: { type: isJson ? 'object' : 'string' } } } }
  }
  if (schema)
    return {
      description,
      content: {
        'application/json': { schema: closed(schema, schemas) },
        ...(route.csv && status === 200 && { 'text/csv': { schema: csvSchema(route) } }),
      },
    }
  return status >= 400 ? { ...problemOf(status), description } : { description }
}

const csvSchema = ({ csv }: ApiRoute): JsonSchema =>
  Type.String({ description: `Columns: ${csv!.map(({ name }) => name).join(', ')}` })

const problemOf = (status: number): Record<string, unknown> => ({
  description: problems[status] ?? titleOf(status),
  ...((status === 429 || status === 503) && {
    headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } },
  }),
  content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
})

function parametersOf(
  place: 'path' | 'query',
  route: ApiRoute,
  schemas: Map<string, JsonSchema>,
): Record<string, unknown>[] {
  const whole = place === 'path' ? route.params : route.query
  if (!whole) return []
  const { properties = {}, required = [] } = closed(whole, schemas) as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: place === 'path' || (required.includes(name) && schema.default === undefined),
    ...(description !== undefined && { description }),
    schema,
  }))
}
