import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { openApiOf } from './openapi.ts'
import { defineRoute, type ApiAnswer, type ApiRoute } from './route.ts'

const tag = 'API'

/** The OpenAPI document of the API, for programs and for people. @param routes  those of now */
export function documentRoutes(routes: () => readonly ApiRoute[]): readonly ApiRoute[] {
  // Areas come and go only at the start: a number of routes tells which document it is.
  let known = { size: -1, json: '', yaml: '' }
  const documents = (): typeof known => {
    if (routes().length === known.size) return known
    const document = openApiOf(routes())
    const yaml = stringify(document, { aliasDuplicateObjects: false, lineWidth: 120 })
    return (known = { size: routes().length, json: JSON.stringify(document), yaml })
  }
  return [
    textRoute('openapi.json', 'getOpenApi', 'This document, as JSON', 'application/json', () => documents().json),
    textRoute('openapi.yaml', 'getOpenApiYaml', 'This document, as YAML', 'application/yaml', () => documents().yaml),
    textRoute('docs', 'getDocs', 'This document, for people', 'text/html; charset=utf-8', () => page),
    ...[...parts].map(([file, { type, read }]): ApiRoute => {
      return { ...textRoute(`docs/${file}`, `getDocs-${file}`, file, type, read), hidden: true }
    }),
  ]
}

function textRoute(
  path: string,
  operationId: string,
  summary: string,
  type: string,
  read: () => string | Buffer,
): ApiRoute {
  return defineRoute({
    ...{ method: 'GET', path: `/api/${path}`, operationId, summary, tag, right: 'open' },
    answers: { 200: { description: summary, type } },
    handle: async () => revalidated(read()),
  })
}

/** An answer that may be kept, and is asked for again: the same one comes as 304. */
function revalidated(body: string | Buffer): ApiAnswer {
  const print = createHash('sha256').update(body).digest('base64url').slice(0, 22)
  return { body, headers: { 'Cache-Control': 'no-cache', ETag: `"${print}"` } }
}

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Linha Viva: API</title>
<link rel="icon" href="/api/docs/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`

/** What the page does once Swagger UI is there: a file of its own, since no script may stand in a page. */
const start = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  // Two hundred operations: what they are about comes first.
  docExpansion: 'none',
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
  // A browser that is logged in repeats its cookie when it writes.
  requestInterceptor(request) {
    const token = /(?:^|; )lv_csrf=([^;]*)/.exec(document.cookie)
    if (token) request.headers['X-CSRF-Token'] = token[1]
    return request
  },
})
`

const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const kept = new Map<string, Buffer>()

const fileOf = (file: string) => (): Buffer => {
  const content = kept.get(file) ?? readFileSync(join(swaggerUi, file))
  kept.set(file, content)
  return content
}

const parts: ReadonlyMap<string, { type: string; read: () => string | Buffer }> = new Map([
  ['swagger-ui.css', { type: 'text/css; charset=utf-8', read: fileOf('swagger-ui.css') }],
  ['swagger-ui-bundle.js', { type: 'text/javascript; charset=utf-8', read: fileOf('swagger-ui-bundle.js') }],
  ['favicon-32x32.png', { type: 'image/png', read: fileOf('favicon-32x32.png') }],
  ['start.js', { type: 'text/javascript; charset=utf-8', read: () => start }],
])
