import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type NextFunction, type Request, type Response } from 'express'
import { answering, redirect, sendPage, wantsPage } from './send-page.ts'

describe('sending a page', () => {
  let server: Server
  let url: string
  before(async () => {
    const app = express()
    app.get('/page', (_request, response) => sendPage(response, '<h1>á</h1>', 403))
    app.post('/away', (_request, response) => redirect(response, '/page'))
    app.get(
      '/fails',
      answering(() => Promise.reject(new Error('told to Express'))),
    )
    app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
      response.status(500).send(error.message)
    })
    server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => server.close())

  it('says what it is, what it may load, and that nobody keeps it', async () => {
    const response = await fetch(`${url}/page`)
    assert.deepEqual([response.status, await response.text()], [403, '<h1>á</h1>'])
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.match(response.headers.get('content-security-policy')!, /^default-src 'none'; .*frame-ancestors 'none'$/)
  })

  it('is for browsers that go somewhere, not for programs and scripts', () => {
    const wants = (method: string, accept?: string): boolean =>
      wantsPage({ method, headers: { accept } } as IncomingMessage)
    assert.ok(wants('GET', 'text/html,application/xhtml+xml,*/*;q=0.8'))
    assert.ok(wants('HEAD', 'text/html'))
    for (const accept of [undefined, '*/*', 'application/json', 'text/htmlx'])
      assert.equal(wants('GET', accept), false, accept)
    assert.equal(wants('POST', 'text/html'), false)
  })

  it('leads on to what is asked for with GET', async () => {
    const response = await fetch(`${url}/away`, { method: 'POST', redirect: 'manual' })
    assert.deepEqual([response.status, response.headers.get('location')], [303, '/page'])
    assert.equal(response.headers.get('cache-control'), 'no-store')
  })

  it('leaves failures to Express', async () => {
    const response = await fetch(`${url}/fails`)
    assert.deepEqual([response.status, await response.text()], [500, 'told to Express'])
  })
})
