import assert from 'node:assert/strict'
import { Type } from '@sinclair/typebox'
import { describe, it } from 'mocha'
import { parse } from 'yaml'
import { useApi } from './api.fixture.ts'
import { faultsOfDocument, type OpenApiDocument } from './document.fixture.ts'
import { defineRoute } from './route.ts'

describe('the documents of the API', () => {
  const test = useApi({ routes: [] })

  it('are open to everybody: OpenAPI as JSON and as YAML, with the routes of now', async () => {
    const before = await test.as().get('/api/openapi.json')
    assert.equal(before.status, 200)
    assert.deepEqual(faultsOfDocument(before.body as OpenApiDocument), [])
    assert.deepEqual(parse((await test.as().get('/api/openapi.yaml')).text), before.body)
    const late = defineRoute({
      ...{ method: 'GET', path: '/api/late', operationId: 'getLate', summary: 'late', tag: 'late', right: 'read' },
      answers: { 200: { description: 'late', schema: Type.Unknown() } },
      handle: async () => ({ body: 1 }),
    })
    test.api.add(() => [late])
    assert.ok('/api/late' in (await test.as().get('/api/openapi.json')).body.paths)
    assert.ok('/api/late' in parse((await test.as().get('/api/openapi.yaml')).text).paths)
  })

  it('are sent again only when they have changed', async () => {
    const { headers } = await test.as().get('/api/openapi.json')
    assert.equal(headers.get('cache-control'), 'no-cache')
    const again = await test.as().get('/api/openapi.json', {
      ...{ 'if-none-match': headers.get('etag')!, 'cache-control': 'max-age=0' },
    })
    assert.deepEqual([again.status, again.text], [304, ''])
  })

  it('are for people a page that loads nothing from elsewhere, and runs no script of its own', async () => {
    const { status, headers, text } = await test.as().get('/api/docs', { accept: 'text/html' })
    assert.deepEqual([status, headers.get('content-type')], [200, 'text/html; charset=utf-8'])
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!)
    assert.equal(loaded.length, 4)
    for (const path of loaded) {
      assert.match(path, /^\/api\/docs\//)
      assert.equal((await test.as().get(path)).status, 200, path)
    }
    assert.doesNotMatch(text, /<script>|style=|onload/)
  })
})
