import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { isLoopback } from '../wire/loopback.ts'
import { readEnvironment } from './environment.ts'
import { guardEditor, guardPages, namesOf, type GuardOptions, type Middleware } from './http-guard.ts'

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

const anywhere: GuardOptions = { isOurName: undefined, isHttps: () => false }
const onThisMachine: GuardOptions = { ...anywhere, isOurName: isLoopback }

describe('http guard', () => {
  let server: Server
  let guard: Middleware
  before(async () => {
    server = createServer((req, res) => guard(req, res, () => res.end('passed')))
    await once(server.listen(0, '127.0.0.1'), 'listening')
  })
  beforeEach(() => (guard = guardPages(onThisMachine)))
  after(() => server.close())

  async function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
    const { port } = server.address() as AddressInfo
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }).end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    return { status: response.statusCode!, headers: response.headers, body: await text(response) }
  }
  const policyOf = async (path: string): Promise<string> => String((await ask(path)).headers['content-security-policy'])

  it('sets its headers on whatever passes', async () => {
    const { body, headers } = await ask('/dashboard')
    assert.equal(body, 'passed')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['x-frame-options'], 'SAMEORIGIN')
    assert.equal(headers['referrer-policy'], 'same-origin')
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    assert.match(String(headers['permissions-policy']), /camera=\(\).*microphone=\(\)/)
  })

  it('lets pages run scripts of our own only', async () => {
    const policy = await policyOf('/dashboard/page1?a=/api/')
    assert.match(policy, /(^|; )script-src 'self'(;|$)/)
    assert.match(policy, /object-src 'none'/)
    assert.match(policy, /frame-ancestors 'self'/)
  })

  it('lets answers of the API do nothing', async () => {
    for (const path of ['/api', '/api/health', '/api/health?x=1'])
      assert.equal(await policyOf(path), "default-src 'none'; frame-ancestors 'none'")
    assert.match(await policyOf('/apiary'), /default-src 'self'/)
  })

  it("lets the API's page for people be a page", async () => {
    for (const path of ['/api/docs', '/api/docs/start.js']) assert.match(await policyOf(path), /script-src 'self'(;|$)/)
    assert.match(await policyOf('/api/docsx'), /default-src 'none'/)
  })

  it('lets the editor, and nothing else, compile its templates', async () => {
    guard = guardEditor(onThisMachine)
    assert.match(await policyOf('/'), /script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; .*worker-src/)
    assert.equal((await ask('/')).body, 'passed')
  })

  it('goes by the whole path where it is mounted below one', async () => {
    const inner = guardPages(onThisMachine)
    guard = (req, res, next) => inner(Object.assign(req, { originalUrl: '/api/x', url: '/x' }), res, next)
    assert.equal(await policyOf('/anything'), "default-src 'none'; frame-ancestors 'none'")
  })

  it('refuses a name that is not of this machine, where it is asked to', async () => {
    for (const host of [
      'evil.example',
      'evil.example:1880',
      'localhost.evil.example',
      '127.evil.example',
      '10.0.0.1',
    ]) {
      const { status, body, headers } = await ask('/', { host })
      assert.equal(status, 403, host)
      assert.equal(body, 'addressed by a name that is not ours\n')
      assert.ok(headers['content-security-policy'])
    }
    for (const host of ['localhost', 'LOCALHOST:1880', '127.0.0.1:1880', '127.0.0.2', '[::1]:1880'])
      assert.equal((await ask('/x', { host })).status, 200, host)
    guard = guardPages(anywhere)
    assert.equal((await ask('/x', { host: 'dashboard.example' })).status, 200)
  })

  it('refuses what a page of another site sends, but lets it link to us', async () => {
    const crossSite = { 'sec-fetch-site': 'cross-site' }
    for (guard of [guardPages(anywhere), guardEditor(anywhere)]) {
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
        const { status, body } = await ask('/flows', crossSite, method)
        assert.deepEqual([status, body], [403, 'sent by a page of another site\n'])
        assert.equal((await ask('/flows', { 'sec-fetch-site': 'same-origin' }, method)).status, 200)
        // Programs that are no browsers say nothing of sites.
        assert.equal((await ask('/flows', {}, method)).status, 200)
      }
      assert.equal((await ask('/flows', crossSite)).status, 200)
    }
  })

  it('tells browsers that came by https to come by nothing else, and no others', async () => {
    assert.equal((await ask('/x')).headers['strict-transport-security'], undefined)
    guard = guardPages({ ...anywhere, isHttps: () => true })
    assert.equal((await ask('/x')).headers['strict-transport-security'], 'max-age=31536000')
  })

  for (const [env, ours, foreign] of [
    [{}, ['localhost', '127.0.0.1', '::1'], ['scada.example', '10.0.0.1']],
    [{ BIND_ADDRESS: '0.0.0.0' }, ['scada.example', '10.0.0.1'], []],
    [{ NODE_ENV: 'production', CREDENTIAL_SECRET: 'Example-of-one-1' }, ['scada.example', 'localhost'], []],
    [
      { ALLOWED_HOSTS: 'scada.example, Grid.Example' },
      ['scada.example', 'grid.example', 'localhost'],
      ['evil.example'],
    ],
  ] as const)
    it(`goes by ${ours.join(', ')}${foreign.length > 0 ? ` and not by ${foreign.join(', ')}` : ''} with ${JSON.stringify(env)}`, () => {
      const isOurName = namesOf(readEnvironment(env)) ?? (() => true)
      assert.deepEqual(
        [...ours, ...foreign].map((name) => isOurName(name)),
        [...ours.map(() => true), ...foreign.map(() => false)],
      )
    })
})
