import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { useAccess } from '../access/access.fixture.ts'
import { cookieNames, parseCookies } from '../access/cookies.ts'
import { PendingLogins } from '../access/oidc/pending-login.ts'
import { OidcProvider } from '../access/oidc/provider.ts'
import { RealProvider, Wanderer } from '../access/oidc/real-provider.fixture.ts'
import { passwordOf } from '../access/users.fixture.ts'
import { wallClock } from '../clock/clock.ts'
import { pagesRouter } from './pages.ts'

const accounts: Record<string, Record<string, unknown>> = {
  maria: { preferred_username: 'maria', role: 'operator' },
  boss: { preferred_username: 'boss', role: 'admin' },
  // A user of ours has the name.
  admin: { preferred_username: 'admin', role: 'admin' },
  twin: { preferred_username: 'MARIA', role: 'operator' },
  nobody: { preferred_username: 'nobody' },
  late: { preferred_username: 'late', role: 'viewer' },
}

describe('logging in by a provider', function () {
  this.timeout(60_000)
  const suite = useAccess()
  let server: Server
  let url: string
  let real: RealProvider

  before(async () => {
    const app = express()
    server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    real = await RealProvider.start({ accounts, publicUrl: url })
    const provider = new OidcProvider(
      {
        issuer: new URL(real.issuer),
        clientId: RealProvider.client.id,
        clientSecret: RealProvider.client.secret,
        scope: 'openid profile',
        roleClaim: 'role',
        usernameClaim: 'preferred_username',
        publicUrl: new URL(url),
      },
      new PendingLogins('a secret of this test only', wallClock),
    )
    app.use(
      pagesRouter({
        access: suite.access,
        provider,
        report: (error) => assert.fail(String(error)),
        async identityOf({ headers }) {
          const token = parseCookies(headers.cookie).get(cookieNames.session)
          return token === undefined ? undefined : suite.access.verify(token)
        },
      }),
    )
  })
  after(async () => {
    server.close()
    await real.stop()
  })

  /** Up to the moment when the provider sends the browser back to us; what it then asks us for. */
  const sentBack = async (
    name: string,
    next = '',
    browser = new Wanderer(),
  ): Promise<{ browser: Wanderer; back: URL }> => {
    const back = await browser.logIn(`${url}/login/oidc${next}`, `${url}/login/oidc/callback`, { name })
    return { browser, back }
  }
  const logIn = async (name: string, next = ''): Promise<{ browser: Wanderer; answer: Response; page: string }> => {
    const { browser, back } = await sentBack(name, next)
    const answer = await browser.go(back)
    return { browser, answer, page: await answer.text() }
  }
  const roleOf = async (browser: Wanderer): Promise<string | undefined> =>
    (await suite.access.verify(browser.cookie(cookieNames.session) ?? ''))?.role
  const refused = async (name: string, text: RegExp): Promise<void> => {
    const { browser, answer, page } = await logIn(name)
    assert.equal(answer.status, 403)
    assert.match(page, text)
    assert.equal(browser.cookie(cookieNames.session), undefined)
  }

  it('is offered where people log in, and keeps where they wanted to go', async () => {
    const page = await (await fetch(`${url}/login?next=/dashboard%3Fa=1`)).text()
    assert.match(page, /href="\/login\/oidc\?next=%2Fdashboard%3Fa%3D1"/)
  })

  it('leads to the provider with what only this browser can come back with', async () => {
    const answer = await fetch(`${url}/login/oidc`, { redirect: 'manual' })
    assert.equal(answer.status, 303)
    assert.ok(answer.headers.get('location')!.startsWith(`${real.issuer}/auth?`))
    const cookie = answer.headers.getSetCookie()
    assert.equal(cookie.length, 1)
    assert.match(cookie[0]!, /^lv_oidc=[\w.-]+; Path=\/login\/oidc; Max-Age=600; SameSite=Lax; HttpOnly$/)
  })

  it('ends on a page of ours that goes on by itself, with a session as by password', async () => {
    const { browser, answer, page } = await logIn('maria', '?next=/dashboard/field%3Fa=1')
    assert.equal(answer.status, 200)
    assert.match(page, /<meta http-equiv="refresh" content="0;url=\/dashboard\/field\?a=1"/)
    assert.equal(await roleOf(browser), 'operator')
    const cookies = answer.headers.getSetCookie()
    assert.ok(
      cookies.some((cookie) => /^lv_session=\S+; Path=\/; Max-Age=\d+; SameSite=Strict; HttpOnly$/.test(cookie)),
    )
    assert.ok(cookies.some((cookie) => /^lv_csrf=\S+; Path=\/; Max-Age=\d+; SameSite=Strict$/.test(cookie)))
    assert.ok(cookies.some((cookie) => /^lv_oidc=; .*Max-Age=0/.test(cookie)))
  })

  it('leads nobody elsewhere', async () => {
    for (const hostile of ['//evil.example', '/%5Cevil.example', 'https:evil.example', 'javascript:alert(1)']) {
      const { page } = await logIn('maria', `?next=${hostile}`)
      assert.match(page, /content="0;url=\/dashboard"/, hostile)
    }
    assert.match((await logIn('maria', '?next=/editor/')).page, /content="0;url=\/dashboard"/)
    assert.match((await logIn('boss', '?next=/editor/')).page, /content="0;url=\/editor\/"/)
  })

  it('gives the role that the provider tells now', async () => {
    const before = await logIn('late')
    assert.equal(await roleOf(before.browser), 'viewer')
    accounts['late'] = { preferred_username: 'late', role: 'engineer' }
    assert.equal(await roleOf((await logIn('late')).browser), 'engineer')
    assert.equal((await suite.access.accounts.get('late')).role, 'engineer')
  })

  it('refuses whom the provider gives no role, on a page that says so', () => refused('nobody', /given you no role/))

  it('never makes one of two who have one name', async () => {
    await refused('admin', /belongs to another user/)
    await logIn('maria')
    await refused('twin', /belongs to another user/)
    assert.ok(await suite.access.login('admin', passwordOf('admin')), 'users of ours log in as before')
  })

  it('refuses a user who is disabled here', async () => {
    await logIn('late')
    await suite.access.accounts.change('late', { disabled: true })
    await refused('late', /disabled/)
  })

  it('refuses an answer played again, also in the browser that it was for', async () => {
    const { browser, back } = await sentBack('maria')
    const sealed = browser.cookie('lv_oidc')!
    assert.equal((await browser.go(back)).status, 200)
    const again = await browser.go(back)
    assert.equal(again.status, 403)
    assert.match(await again.text(), /or is over already/)
    browser.setCookie(url, 'lv_oidc', sealed, '/login/oidc')
    const copied = await browser.go(back)
    assert.equal(copied.status, 403)
    assert.match(await copied.text(), /could not be verified/)
  })

  it('refuses an answer in a browser that did not ask', async () => {
    const { back } = await sentBack('boss')
    const victim = new Wanderer()
    const answer = await victim.go(back)
    assert.equal(answer.status, 403)
    assert.equal(victim.cookie(cookieNames.session), undefined)
    // Nor with a login of its own under way.
    const { browser } = await sentBack('maria')
    assert.equal((await browser.go(back)).status, 403)
    assert.equal(browser.cookie(cookieNames.session), undefined)
  })

  it('shows what the provider says to nobody', async () => {
    const { browser, back } = await sentBack('maria')
    back.searchParams.set('error', '<script>alert(1)</script>')
    back.searchParams.set('error_description', '<script>alert(2)</script>')
    back.searchParams.delete('code')
    const page = await (await browser.go(back)).text()
    assert.match(page, /says no/)
    assert.doesNotMatch(page, /alert\(/)
  })

  it('leaves a row in the access log for whom it let in and whom it refused', async () => {
    await logIn('nobody')
    const events = async (): Promise<string[]> =>
      (await suite.test.database.query<{ event: string }>('select event from access_log')).map(({ event }) => event)
    for (let left = 50; left > 0 && !(await events()).includes('login_oidc_refused'); left--)
      await new Promise((resolve) => setTimeout(resolve, 100))
    assert.ok((await events()).includes('login_oidc_refused'))
    assert.ok((await events()).includes('login_oidc'))
  })

  it('ends at the provider too, after it has ended here', async () => {
    const { browser } = await logIn('maria')
    assert.match(await (await browser.go(`${url}/logout`)).text(), /data-log-out/)
    await suite.access.logout((await suite.access.verify(browser.cookie(cookieNames.session)!))!.sessionId)
    const out = await browser.go(`${url}/logout`)
    assert.equal(out.status, 303)
    assert.ok(out.headers.get('location')!.startsWith(`${real.issuer}/session/end?`))
    const after = await browser.go(`${url}/logout`)
    assert.deepEqual([after.status, /You are logged out/.test(await after.text())], [200, true])
  })
})
