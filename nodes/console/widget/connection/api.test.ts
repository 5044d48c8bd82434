import assert from 'node:assert/strict'
import { Api, ApiFault } from './api.ts'

interface Asked {
  readonly path: string
  readonly method: string | undefined
  readonly headers: Record<string, string>
  readonly body: unknown
}

describe('the API as a page asks it', () => {
  let asked: Asked[]
  let answer: () => Response
  const api = new Api({
    async fetch(path, { method, headers, body }) {
      asked.push({ path, method, headers: headers as Record<string, string>, body })
      return answer()
    },
    cookies: () => 'lv_language=pt-BR; lv_csrf=token-1',
  })
  beforeEach(() => {
    asked = []
    answer = () => Response.json({ items: [1], nextCursor: null })
  })

  it('gets with what is asked by, and leaves out what is not given', async () => {
    const query = { state: 'B', limit: 10, open: false, cursor: null, site: undefined, text: '' }
    assert.deepEqual(await api.get('/api/alarms', query), { items: [1], nextCursor: null })
    assert.deepEqual([asked[0]!.method, asked[0]!.path], ['GET', '/api/alarms?state=B&limit=10&open=false'])
  })

  it('sends JSON, with the token that shows that a page of ours asks', async () => {
    answer = () => new Response(null, { status: 204 })
    assert.equal(await api.send('POST', '/api/x', { reason: 'works' }), undefined)
    const { method, headers, body } = asked[0]!
    assert.deepEqual([method, headers['X-CSRF-Token'], body], ['POST', 'token-1', '{"reason":"works"}'])
    assert.equal(headers['Content-Type'], 'application/json')
  })

  it('tells what was refused, field by field', async () => {
    const errors = [{ field: 'body.reason', problem: 'is missing' }]
    answer = () => Response.json({ title: 'Bad Request', detail: 'body.reason is missing', errors }, { status: 400 })
    await assert.rejects(api.get('/api/x'), (fault) => {
      assert.ok(fault instanceof ApiFault)
      assert.deepEqual([fault.status, fault.message, fault.fields], [400, 'body.reason is missing', errors])
      assert.deepEqual((fault.answer as { title: string }).title, 'Bad Request')
      return true
    })
  })

  it('tells a refusal without words, and that nobody answered', async () => {
    answer = () => new Response('<html>', { status: 502, statusText: 'Bad Gateway' })
    await assert.rejects(api.get('/api/x'), { name: 'ApiFault', status: 502, message: 'Bad Gateway' })
    answer = () => {
      throw new TypeError('fetch failed')
    }
    await assert.rejects(api.get('/api/x'), { name: 'ApiFault', status: 0, message: 'fetch failed' })
  })

  it('reads an answer as it is, also one that tells what is wrong', async () => {
    answer = () => new Response('linhaviva_up 0', { status: 503 })
    assert.deepEqual(await api.read('/metrics', 'text/plain'), { status: 503, text: 'linhaviva_up 0' })
    assert.equal(asked[0]!.headers['Accept'], 'text/plain')
    answer = () => {
      throw new TypeError('fetch failed')
    }
    await assert.rejects(api.read('/metrics', 'text/plain'), { name: 'ApiFault', status: 0 })
  })
})
