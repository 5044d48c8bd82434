import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { useAccess } from '../access/access.fixture.ts'
import { passwordOf } from '../access/users.fixture.ts'
import { cookieNames, parseCookies } from '../access/cookies.ts'
import { roles, type Role } from '../access/roles.ts'
import { DatabaseUnavailable } from '../storage/database.ts'
import { nothingHere, pagesRouter, type PagesOptions } from './pages.ts'

describe('the pages for people', function () {
  this.timeout(60_000)
  const suite = useAccess()
  let server: Server
  let url: string
  let failure: Error | undefined
  const reported: unknown[] = []

  before(async () => {
    const app = express()
    const identityOf: PagesOptions['identityOf'] = async ({ headers }) => {
      if (failure) throw failure
      const token = parseCookies(headers.cookie).get(cookieNames.session)
      return token === undefined ? undefined : suite.access.verify(token)
    }
    const report = (error: unknown): void => void reported.push(error)
    app.use(pagesRouter({ access: suite.access, provider: undefined, report, identityOf }))
    app.use(nothingHere(identityOf))
    app.use((_request, response) => void response.status(404).end('passed on'))
    server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => server.close())
  afterEach(() => {
    failure = undefined
    reported.length = 0
  })

  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
    fetch(url + path, { headers, method, redirect: 'manual' })
  const textOf = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
    (await ask(path, headers)).text()
  const as = async (role: Role): Promise<Record<string, string>> => {
    const login = await suite.access.login(role, passwordOf(role))
    return { cookie: `${cookieNames.session}=${login!.token}` }
  }
  const linksOf = (page: string): string[] => [...page.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href!)

  it('speak the language of the browser, or the one that was chosen', async () => {
    assert.match(await textOf('/login', { 'accept-language': 'pt-BR,en;q=0.5' }), /<html lang="pt-BR">[^]*Usuário/)
    assert.match(await textOf('/login', { 'accept-language': 'fr' }), /<html lang="en-US">[^]*User name/)
    const chosen = { 'accept-language': 'en', cookie: 'lv_language=pt-BR' }
    assert.match(await textOf('/login', chosen), /<html lang="pt-BR">/)
    assert.match(await textOf('/', { cookie: 'lv_language="><script>' }), /<html lang="en-US">/)
  })

  it('have no script, style or frame but what stands in files of ours, and are not kept', async () => {
    for (const path of ['/', '/login', '/logout', '/password']) {
      const response = await ask(path, path === '/password' ? await as('viewer') : {})
      assert.equal(response.headers.get('cache-control'), 'no-store')
      assert.equal(response.headers.get('vary'), 'Accept-Language, Cookie')
      const policy = response.headers.get('content-security-policy')!
      assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/)
      assert.match(policy, /frame-ancestors 'none'/)
      assert.doesNotMatch(policy, /unsafe/)
      const page = await response.text()
      assert.doesNotMatch(page, /<style| style=| on\w+=|<script(?! type="module" src="\/static\/)/)
    }
  })

  it('load nothing but what is there', async () => {
    const page = (await textOf('/login')) + (await textOf('/password', await as('viewer')))
    const loaded = [...page.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map(([, path]) => path!)
    assert.ok(loaded.length >= 4, loaded.join())
    for (let at = 0; at < loaded.length; at++) {
      const response = await ask(loaded[at]!)
      assert.equal(response.status, 200, loaded[at])
      const type = response.headers.get('content-type')!
      assert.match(type, loaded[at]!.endsWith('.js') ? /javascript/ : loaded[at]!.endsWith('.css') ? /css/ : /svg/)
      // What a script imports is loaded too.
      for (const [, name] of (await response.text()).matchAll(/from ['"](\.[^'"]+)['"]/g)) {
        const path = new URL(name!, url + loaded[at]!).pathname
        if (!loaded.includes(path)) loaded.push(path)
      }
    }
    for (const path of ['/static/access/access.js', '/static/pages/pages.js', '/static/../package.json', '/static/'])
      assert.equal((await ask(path)).status, 404, path)
  })

  it('show a stranger the way in, and nothing else', async () => {
    assert.deepEqual(linksOf(await textOf('/')), ['/', '/login'])
    assert.match(await textOf('/logout'), /You are logged out/)
    assert.deepEqual(linksOf(await textOf('/', { cookie: `${cookieNames.session}=forged` })), ['/', '/login'])
  })

  for (const [role, links] of [
    ['viewer', ['/dashboard', '/api/docs', '/api/health']],
    ['operator', ['/dashboard', '/api/docs', '/api/health']],
    ['engineer', ['/dashboard', '/editor', '/api/docs', '/api/health']],
    ['admin', ['/dashboard', '/editor', '/api/docs', '/api/health']],
  ] as const)
    it(`show a ${role} who they are and what they may open`, async () => {
      const page = await textOf('/', await as(role))
      assert.deepEqual(linksOf(page), ['/', '/password', ...links])
      assert.match(page, new RegExp(`<b>${role}</b>`))
      assert.match(page, /data-log-out/)
    })

  it('let change a password whoever is logged in, and send others to log in first', async () => {
    assert.match(await textOf('/password', await as('viewer')), /value="viewer"[^]*New password again/)
    const stranger = await ask('/password')
    assert.deepEqual([stranger.status, stranger.headers.get('location')], [303, '/login?next=/password'])
  })

  it('let nobody log in twice: who is logged in is sent on', async () => {
    for (const [role, path, to] of [
      ['viewer', '/login', '/dashboard'],
      ['engineer', '/login', '/editor'],
      ['admin', '/login', '/'],
      ['viewer', '/login?next=%2Fdashboard%2Ffield', '/dashboard/field'],
      ['viewer', '/login?next=%2Feditor%2F', '/dashboard'],
      ['engineer', '/login?next=/editor/&ended', '/editor/'],
    ] as const) {
      const response = await ask(path, await as(role))
      assert.deepEqual([response.status, response.headers.get('location')], [303, to], `${role} ${path}`)
    }
  })

  it('send nobody elsewhere', async () => {
    const headers = await as('viewer')
    for (const hostile of [
      ...['//evil.example', '/\\evil.example', '\\\\evil.example', 'https://evil.example', 'javascript:alert(1)'],
      ...['/\t/evil.example', '/.//evil.example', '%2F%2Fevil.example', '/login', ' /dashboard'],
    ]) {
      const response = await ask(`/login?next=${encodeURIComponent(hostile)}`, headers)
      assert.equal(response.headers.get('location'), '/dashboard', hostile)
    }
    for (const query of ['next=//evil.example', 'next=/%5Cevil.example', 'next=/a&next=//evil.example', 'next[x]=/a'])
      assert.equal((await ask(`/login?${query}`, headers)).headers.get('location'), '/dashboard', query)
  })

  it('take over nothing from what is asked into what is shown', async () => {
    for (const path of ['/login?next=%22%3E%3Cscript%3E', '/login?ended=%3Cscript%3E', '/?%3Cscript%3E'])
      assert.doesNotMatch(await textOf(path), /<script>/)
  })

  it('tell a browser in its language that there is nothing, and leave others to other answers', async () => {
    const browser = { accept: 'text/html,*/*;q=0.8', 'accept-language': 'pt', ...(await as('viewer')) }
    const response = await ask('/nonsense/%3Cscript%3E', browser)
    assert.equal(response.status, 404)
    const page = await response.text()
    assert.match(page, /<html lang="pt-BR">[^]*<b>viewer<\/b>[^]*Nada aqui/)
    assert.doesNotMatch(page, /<script>/)
    for (const path of ['/api/nonsense', '/API']) assert.equal(await textOf(path, browser), 'passed on', path)
    assert.equal(await textOf('/nonsense'), 'passed on')
    assert.equal(await (await ask('/nonsense', browser, 'POST')).text(), 'passed on')
  })

  it('say that a session has ended to whom it has ended under', async () => {
    assert.match(await textOf('/login?ended&next=/dashboard'), /role="status">[^<]*session has ended/)
    assert.doesNotMatch(await textOf('/login'), /session has ended/)
    assert.match(await textOf('/login?here'), /allow cookies/)
  })

  it('take no password from a form that no script took', async () => {
    const response = await ask('/login', { 'content-type': 'application/x-www-form-urlencoded' }, 'POST')
    assert.deepEqual([response.status, response.headers.get('location')], [303, '/login'])
  })

  it('let nothing of a flow answer a stranger in their stead', async () => {
    for (const [path, method] of [
      ['/login/of-a-flow', 'GET'],
      ['/static/of-a-flow', 'GET'],
      ['/logout/of-a-flow', 'POST'],
      ['/login', 'PUT'],
      ['/', 'POST'],
    ] as const) {
      const response = await ask(path, {}, method)
      assert.deepEqual([response.status, await response.text()], [404, 'Not Found'], path)
    }
    assert.equal(await textOf('/of-a-flow'), 'passed on')
  })

  it('know nothing of a provider where there is none', async () => {
    assert.doesNotMatch(await textOf('/login'), /oidc/)
    for (const path of ['/login/oidc', '/login/oidc/callback?code=x&state=y'])
      assert.equal((await ask(path)).status, 404)
  })

  it('say in words that the database is away, and that something failed, and not what', async () => {
    failure = new DatabaseUnavailable('secret detail')
    const away = await ask('/login', { 'accept-language': 'pt' })
    assert.equal(away.status, 503)
    assert.doesNotMatch(await away.text(), /secret|Error|\.js:/)
    assert.deepEqual(reported, [])
    failure = new Error('secret detail')
    const failed = await ask('/')
    assert.equal(failed.status, 500)
    assert.doesNotMatch(await failed.text(), /secret|Error|\.js:/)
    assert.deepEqual(reported, [failure])
  })

  it('show each role by its name', async () => {
    for (const role of roles) assert.match(await textOf('/', await as(role)), /<span>\w+<\/span>/)
  })
})
