import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import { describe, it } from 'mocha'
import { installation } from '../runtime/installation.ts'
import { faultsOfDocument, type OpenApiDocument } from './document.fixture.ts'
import { documentRoutes } from './documents.ts'
import { healthRoutes } from './health-routes.ts'
import { metricsRoutes } from './metrics-routes.ts'
import { openMetrics } from './metrics.ts'
import { openApiOf } from './openapi.ts'
import { pageOf, pageQuery } from './pages.ts'
import { defineRoute, type ApiRoute } from './route.ts'

const device = Type.Object({ deviceId: Type.String({ examples: ['ev-002'] }) }, { $id: 'Device' })
const common = { summary: 'x', tag: 'field', handle: async () => ({}) }

const routes: readonly ApiRoute[] = [
  ...healthRoutes(),
  ...documentRoutes(() => []),
  ...metricsRoutes(openMetrics(), 'a token'),
  defineRoute({
    ...{ ...common, method: 'GET', path: '/api/devices', operationId: 'listDevices', right: 'read' },
    query: Type.Object(pageQuery()),
    csv: [{ name: 'deviceId', kind: 'text' }],
    answers: { 200: { description: 'Devices', schema: pageOf(device) } },
  }),
  defineRoute({
    ...{ ...common, method: 'PUT', path: '/api/devices/{deviceId}', operationId: 'putDevice', right: 'administer' },
    params: Type.Object({ deviceId: Type.String() }),
    body: device,
    answers: { 200: { description: 'Device', schema: device }, 409: { description: 'It is another one' } },
  }),
]
const documentOf = (of: readonly ApiRoute[]): OpenApiDocument =>
  JSON.parse(JSON.stringify(openApiOf(of))) as OpenApiDocument

describe('the OpenAPI document', () => {
  const document = documentOf(routes)
  const put = document.paths['/api/devices/{deviceId}']!.put!
  const list = document.paths['/api/devices']!.get!

  it('is one by the rules', () => assert.deepEqual(faultsOfDocument(document), []))

  it('is no longer one by the rules when a path, a tag or a reference is off', () => {
    const broken = structuredClone(document) as unknown as {
      paths: Record<string, Record<string, Record<string, unknown>>>
    }
    const { get } = broken.paths['/api/devices']!
    get!.tags = ['nowhere']
    get!.operationId = 'putDevice'
    get!.responses = { 200: { $ref: '#/components/responses/none', description: 'x' } }
    broken.paths['/api/{other}'] = { put: broken.paths['/api/devices/{deviceId}']!.put! }
    assert.throws(() => faultsOfDocument(broken as unknown as OpenApiDocument), /leads nowhere/)
    get!.responses = { 299: { content: { 'application/json': { schema: { type: 'text' } } } } }
    const faults = faultsOfDocument(broken as unknown as OpenApiDocument).join('\n')
    for (const expected of [
      /tag nowhere/,
      /operationId is there twice/,
      /the path has other/,
      /299 has no description/,
      /schema/,
    ])
      assert.match(faults, expected)
  })

  it('has the version of this release', () => {
    const { version } = JSON.parse(readFileSync(join(installation, 'package.json'), 'utf8')) as { version: string }
    assert.equal(document.info.version, version)
  })

  it('names schemas once, and refers to them', () => {
    assert.deepEqual(Object.keys(document.components.schemas), ['Device', 'Health', 'Problem'])
    assert.deepEqual(put.requestBody!.content['application/json']!.schema, { $ref: '#/components/schemas/Device' })
    assert.deepEqual(document.components.schemas.Device, {
      type: 'object',
      required: ['deviceId'],
      properties: { deviceId: { type: 'string', examples: ['ev-002'] } },
      additionalProperties: false,
    })
  })

  it('says of a parameter with a default that it may be left out', () => {
    assert.deepEqual(
      list.parameters.map(({ name, required }) => [name, required]),
      [
        ['cursor', false],
        ['limit', false],
      ],
    )
  })

  it('says what goes wrong, by what the route is', () => {
    const statuses = ({ responses }: { responses: object }): string => Object.keys(responses).join(' ')
    assert.equal(statuses(list), '200 400 401 403 406 429 500 503')
    assert.equal(statuses(put), '200 400 401 403 404 406 408 409 413 415 429 500 503')
    assert.equal(put.responses['409']!.description, 'It is another one')
    assert.equal(statuses(document.paths['/api/health']!.get!), '200 400 406 429 500 503')
    assert.ok(document.paths['/api/health']!.get!.responses['503']!.content!['application/json'])
  })

  it('says what comes as CSV, and who may ask with what', () => {
    assert.ok('text/csv' in list.responses['200']!.content!)
    assert.deepEqual(list.security, [{ bearer: [] }, { cookie: [] }])
    assert.deepEqual(put.security, [{ bearer: [] }, { cookie: [], csrf: [] }])
    assert.deepEqual(document.paths['/metrics']!.get!.security, [{ bearer: [] }, { cookie: [] }, { metrics: [] }])
    assert.equal(put['x-right'], 'administer')
  })

  it('does not show the parts of its page', () => {
    assert.deepEqual(
      Object.keys(document.paths).filter((path) => path.startsWith('/api/docs')),
      ['/api/docs'],
    )
  })
})
