import type { TObject, TSchema } from '@sinclair/typebox'
import type { ApiRoute } from './route.ts'

/** The OpenAPI 3.1 document of these routes: what they are checked against, and nothing else. */
export function openApiOf(routes: readonly ApiRoute[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route)
  return {
    openapi: '3.1.0',
    info: { title: 'Linha Viva', version: '1' },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}

function operationOf(route: ApiRoute): Record<string, unknown> {
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    tags: [route.tag],
    security: route.right === 'open' ? [] : [{ token: [] }],
    parameters: [...parametersOf('path', route.params), ...parametersOf('query', route.query)],
    ...(route.body && { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }),
    responses: Object.fromEntries(
      Object.entries(route.answers).map(([status, { description, schema }]) => [
        status,
        { description, ...(schema && { content: { 'application/json': { schema } } }) },
      ]),
    ),
  }
}

const parametersOf = (place: 'path' | 'query', schema: TSchema | undefined): Record<string, unknown>[] =>
  Object.entries((schema as TObject | undefined)?.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || ((schema as TObject).required ?? []).includes(name),
    schema: property,
  }))
