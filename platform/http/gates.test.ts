import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { TestDoor } from './front-door.fixture.ts'
import { gateOfDashboard, gateOfEditor, gateOfPages } from './gates.ts'

type Gate = typeof gateOfPages

const as = (role: string): { authorization: string } => ({ authorization: `Bearer ${role}` })
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

describe('the gates', () => {
  let door: TestDoor
  let gate: Gate
  let mountedAt = ''
  const ended: string[] = []
  beforeEach(async () => {
    mountedAt = ''
    door = await TestDoor.open((request, response) => {
      const url = request.url!
      // As Express does with what is mounted below a path.
      Object.assign(request, { originalUrl: url, url: url.slice(mountedAt.length) })
      gate(request, response, () => response.end('passed'))
    })
  })
  afterEach(() => door.close())

  describe('of pages', () => {
    beforeEach(() => (gate = gateOfPages))

    for (const path of [
      '/',
      '/?from=bookmark',
      '/login',
      '/login?next=%2F',
      '/login/login.js',
      '/api',
      '/api/health',
      '/metrics',
      '/favicon.ico',
    ])
      it(`lets everybody see ${path}`, async () => assert.equal((await door.ask(path)).body, 'passed'))

    const closed = [
      '/dashboard',
      '/dashboard/',
      '/dashboard/field',
      '/dashboard/_setup',
      '/dashboard/assets/index.js',
      '/dashboard/manifest.webmanifest',
      '/of-a-flow',
      '/API',
      '/apiary',
      '/loginx',
      '/metrics/x',
      '//api',
      '/editor',
    ]
    for (const path of closed)
      it(`lets users see ${path}, and nobody else`, async () => {
        assert.equal((await door.ask(path, as('viewer'))).body, 'passed')
        const { status, headers, body } = await door.ask(path)
        assert.deepEqual([status, headers['www-authenticate'], body], [401, 'Bearer', 'not logged in\n'])
      })

    it('keeps from flows what the editor was told', async () => {
      let told: unknown = 'not asked'
      gate = (request, response, next) =>
        gateOfPages(request, response, () => {
          told = request.headers['x-linha-viva-token']
          next()
        })
      await door.ask('/editor/resources/of-a-flow', as('admin'))
      assert.equal(told, undefined)
    })

    it('leads a browser to log in, and back to where it wanted to be', async () => {
      const { status, headers } = await door.ask('/dashboard/field?feeder=F%201', html)
      assert.equal(status, 302)
      assert.equal(headers.location, '/login?next=%2Fdashboard%2Ffield%3Ffeeder%3DF%25201')
      assert.equal(headers['cache-control'], 'no-store')
      assert.equal((await door.ask('/dashboard', html, 'POST')).status, 401)
    })

    it('leads nobody to another host', async () =>
      assert.equal((await door.ask('//evil.example/x', html)).headers.location, '/login?next=%2Fevil.example%2Fx'))
  })

  describe('of the dashboard', () => {
    beforeEach(() => (gate = gateOfDashboard))
    for (const path of [
      '/dashboard/_debug/datastore/x',
      '/dashboard/_debug/statestore/x',
      '/dashboard/_DEBUG/datastore/x',
      '/other/_debug',
    ])
      it(`has no ${path}, not even for an admin`, async () => {
        assert.equal((await door.ask(path, as('admin'))).status, 404)
      })
    it('has everything else', async () => assert.equal((await door.ask('/dashboard/my_debug')).body, 'passed'))
  })

  describe('of the editor', () => {
    const logout = async (sessionId: string): Promise<void> => void ended.push(sessionId)
    beforeEach(() => {
      mountedAt = '/editor'
      gate = gateOfEditor({
        access: { logout },
        editor: true,
        isTrusted: () => false,
        refused: (entry) => door.refused.push(entry),
      })
    })

    for (const path of [
      '/editor/',
      '/editor/flows',
      '/editor/settings',
      '/editor/red/red.min.js',
      '/editor/auth/login',
      '/editor/resources',
    ])
      it(`lets whoever may edit flows have ${path}`, async () => {
        for (const role of ['engineer', 'admin']) assert.equal((await door.ask(path, as(role))).body, 'passed')
        for (const role of ['viewer', 'operator']) {
          const { status, body } = await door.ask(path, as(role))
          assert.equal(status, 403)
          assert.match(body, new RegExp(`^${role} may not edit flows\n`))
          const { event, address } = door.refused.at(-1)!
          assert.deepEqual([event, address], ['editor_refused', '127.0.0.1'])
        }
        assert.equal((await door.ask(path)).status, 401)
        assert.equal((await door.ask(path, html)).headers.location, `/login?next=${encodeURIComponent(path)}`)
      })

    it('shows a browser a page in its language that says so, and leads on', async () => {
      const portuguese = { ...as('viewer'), ...html, 'accept-language': 'pt-BR' }
      const { status, headers, body } = await door.ask('/editor/', portuguese)
      assert.deepEqual([status, headers['content-type']], [403, 'text/html; charset=utf-8'])
      assert.match(String(headers['content-security-policy']), /default-src 'none'/)
      assert.match(body, /<html lang="pt-BR">[^]*Sem permissão[^]*href="\/"/)
      assert.equal((await door.ask('/editor/', portuguese, 'DELETE')).body, 'viewer may not edit flows\n')
      assert.match((await door.ask('/editor/', { ...as('operator'), ...html })).body, /Not for your role/)
    })

    it('lets every user read what widgets of dashboards load from there, and nobody else', async () => {
      const path = '/editor/resources/@linhaviva/node-red-dashboard-2-linha-viva/linha-viva.umd.js'
      assert.equal((await door.ask(path, as('viewer'))).body, 'passed')
      assert.equal((await door.ask(path, as('viewer'), 'POST')).status, 403)
      assert.equal((await door.ask(path)).status, 401)
    })

    it('installs, removes and disables no node, whoever asks', async () => {
      for (const [method, path] of [
        ['POST', '/editor/nodes'],
        ['DELETE', '/editor/nodes/@flowfuse/node-red-dashboard'],
        ['PUT', '/editor/Nodes/node-red/inject'],
      ] as const)
        assert.match(
          (await door.ask(path, as('admin'), method)).body,
          /^the nodes that are there change with a release/,
        )
      assert.equal((await door.ask('/editor/nodes', as('admin'))).body, 'passed')
    })

    it('is for nobody where it is off, but for what widgets load', async () => {
      gate = gateOfEditor({ access: { logout }, editor: false, isTrusted: () => false, refused: () => undefined })
      for (const role of ['viewer', 'engineer', 'admin'])
        assert.match((await door.ask('/editor/flows', as(role))).body, /FLOW_EDITOR is off/)
      assert.match((await door.ask('/editor/', { ...as('admin'), ...html })).body, /The editor is off/)
      assert.equal((await door.ask('/editor/resources/x/y.js', as('admin'))).body, 'passed')
    })

    it("takes the editor's logout for ours", async () => {
      const { status, headers, body } = await door.ask('/editor/auth/revoke', as('engineer'), 'POST')
      assert.deepEqual([status, JSON.parse(body)], [200, { redirect: '/' }])
      assert.match(String(headers['set-cookie']), /lv_session=; .*Max-Age=0/)
      assert.equal(ended.at(-1), 'session-of-engineer')
      assert.equal((await door.ask('/editor/auth/revoke', {}, 'POST')).status, 401)
    })

    it('says so when nobody can log out now', async () => {
      const failing = { logout: () => Promise.reject(new Error('no database')) }
      gate = gateOfEditor({ access: failing, editor: true, isTrusted: () => false, refused: () => undefined })
      assert.equal((await door.ask('/editor/auth/revoke', as('engineer'), 'POST')).status, 503)
    })
  })
})
