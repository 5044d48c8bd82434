import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Role } from '../platform/access/roles.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { passwordOf } from '../platform/access/users.fixture.ts'
import { say } from './waiting.fixture.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const browserArgs = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync']
/** A folder to leave screenshots in, for people to look at. */
const pictures = process.env['SCREENSHOTS']

const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }

interface Visit {
  readonly locale?: string
  readonly colorScheme?: 'light' | 'dark'
  readonly viewport?: { width: number; height: number }
}

describe('logging in, in a real browser', function () {
  this.timeout(90_000)
  let system: RunningSystem
  let browser: Browser
  let url: string
  const contexts: BrowserContext[] = []
  /** What the browser complained of: errors of scripts, of the console, of the content-security policy, and what left this server. */
  let complaints: string[]

  before(async function () {
    if (!existsSync(executablePath)) {
      say(`skipped: no browser at ${executablePath}; CHROMIUM names another`)
      this.skip()
    }
    system = await startSystem({ broker: 'embedded' })
    url = system.nodeRed.url
    browser = await chromium.launch({ executablePath, args: browserArgs })
  })
  after(async () => {
    await browser?.close()
    await system?.stop()
  })
  beforeEach(() => (complaints = []))
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
  })

  const visit = async ({ locale = 'pt-BR', colorScheme = 'light', viewport = desktop }: Visit = {}): Promise<Page> => {
    const context = await browser.newContext({ locale, colorScheme, viewport, reducedMotion: 'reduce' })
    contexts.push(context)
    return tab(context)
  }
  const tab = async (context: BrowserContext): Promise<Page> => {
    const page = await context.newPage()
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      if (/^https?:/.test(request.url()) && !request.url().startsWith(url)) complaints.push(`asked ${request.url()}`)
    })
    return page
  }
  const logIn = async (page: Page, role: Role, at = '/login', password = passwordOf(role)): Promise<void> => {
    await page.goto(url + at)
    await page.getByLabel(/^(Usuário|User name)$/).fill(role)
    await page.getByLabel(/^(Senha|Password)$/).fill(password)
    await page.getByRole('button', { name: /^(Entrar|Log in)$/ }).click()
  }
  const leadsTo = (page: Page, path: string | RegExp): Promise<void> =>
    page.waitForURL((to) => (typeof path === 'string' ? to.pathname === path : path.test(to.pathname)), {
      timeout: 15_000,
    })
  const fits = async (page: Page): Promise<void> =>
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'no scrolling sideways')
  const picture = async (page: Page, name: string): Promise<void> => {
    await fits(page)
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) })
  }

  for (const [role, home] of [
    ['viewer', /^\/dashboard/],
    ['operator', /^\/dashboard/],
    ['engineer', /^\/editor/],
    ['admin', /^\/$/],
  ] as const)
    it(`takes a ${role} to what they work with`, async () => {
      const page = await visit()
      await logIn(page, role)
      await leadsTo(page, home)
      if (role === 'viewer' || role === 'operator') {
        await page.getByRole('navigation', { name: 'Páginas' }).waitFor()
        await page.getByRole('group', { name: 'Conta' }).getByText(role).waitFor()
        await picture(page, `dashboard-${role}`)
      }
      if (role === 'engineer') {
        // Which keeps an engineer's session while the editor is looked at.
        await page.waitForFunction(() =>
          performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/static/wire/session.js')),
        )
        await page.locator('#red-ui-workspace-tabs li').first().waitFor()
      }
      if (role === 'admin') await picture(page, 'home-admin')
      assert.deepEqual(complaints, [])
    })

  for (const [role, links, refused] of [
    ['viewer', ['Painel', 'API', 'Saúde'], ['/editor/']],
    ['operator', ['Painel', 'API', 'Saúde'], ['/editor/']],
    ['engineer', ['Painel', 'Editor', 'API', 'Saúde'], []],
    ['admin', ['Painel', 'Editor', 'API', 'Saúde'], []],
  ] as const)
    it(`shows a ${role} ${links.join(', ')}, and opens them`, async () => {
      const page = await visit({ colorScheme: role === 'admin' ? 'dark' : 'light' })
      await logIn(page, role)
      await leadsTo(page, /^\/(dashboard|editor|$)/)
      await page.goto(url)
      assert.deepEqual(await page.locator('.places b').allInnerTexts(), links)
      await picture(page, `home-${role}-pt`)
      for (const link of links) {
        await page.goto(url)
        const [answer] = await Promise.all([
          page.waitForEvent('response'),
          page.locator('.places a').filter({ hasText: link }).click(),
        ])
        assert.ok(answer.status() < 400, `${link}: ${answer.status()}`)
        await page.waitForLoadState()
      }
      assert.deepEqual(complaints, [])
      for (const path of refused) assert.equal((await page.goto(url + path))?.status(), 403, path)
    })

  it('asks a stranger to log in, then leads where they wanted to go', async () => {
    const page = await visit({ locale: 'en-US' })
    await page.goto(url)
    await picture(page, 'landing-stranger')
    await page.goto(`${url}/dashboard/field?from=bookmark`)
    await leadsTo(page, '/login')
    await picture(page, 'login-light')
    await page.getByLabel('User name').fill('operator')
    await page.getByLabel('Password', { exact: true }).fill(passwordOf('operator'))
    await page.keyboard.press('Enter')
    await leadsTo(page, '/dashboard/field')
    assert.match(page.url(), /\?from=bookmark/)
    assert.deepEqual(complaints, [])
  })

  it('never leads to another place, whatever a link says', async () => {
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      'https://evil.example',
      '/\t/evil.example',
    ]) {
      const page = await visit()
      await logIn(page, 'viewer', `/login?next=${encodeURIComponent(next)}`)
      await leadsTo(page, /^\/dashboard/)
      assert.equal(new URL(page.url()).origin, url, next)
    }
    assert.deepEqual(complaints, [])
  })

  it('says that name or password is wrong, and lets try again', async () => {
    const page = await visit({ viewport: phone, colorScheme: 'dark' })
    await logIn(page, 'viewer', '/login', 'Wrong-password-1')
    await page.getByRole('alert').filter({ hasText: 'Usuário ou senha incorretos' }).waitFor()
    assert.equal(await page.getByLabel('Senha', { exact: true }).inputValue(), '')
    assert.equal(await page.evaluate('document.activeElement.id'), 'password')
    await picture(page, 'login-wrong-phone-dark')
    await page.keyboard.type(passwordOf('viewer'))
    await page.keyboard.press('Enter')
    await leadsTo(page, /^\/dashboard/)
  })

  it('counts down how long to wait after too many attempts, then lets try again', async () => {
    const page = await visit()
    await page.goto(`${url}/login`)
    await page.getByLabel('Usuário').fill('operator')
    const submit = page.locator('[type=submit]')
    for (let left = 12; left > 0 && !/\d s/.test(await submit.innerText()); left--) {
      await page.getByLabel('Senha', { exact: true }).fill('Wrong-password-1')
      await submit.click()
      await submit.filter({ hasNotText: 'Entrando …' }).waitFor()
    }
    assert.match(await submit.innerText(), /^Tente de novo em \d+ s$/)
    assert.match(await page.getByRole('alert').innerText(), /Tentativas demais/)
    assert.equal(await submit.getAttribute('aria-disabled'), 'true')
    await picture(page, 'login-wait')
    await submit.filter({ hasText: /^\s*Entrar\s*$/ }).waitFor()
    await page.getByLabel('Senha', { exact: true }).fill(passwordOf('operator'))
    await submit.click()
    await leadsTo(page, /^\/dashboard/)
  })

  it('says so when the server does not answer', async () => {
    const page = await visit()
    await page.goto(`${url}/login`)
    await page.context().setOffline(true)
    await page.getByLabel('Usuário').fill('viewer')
    await page.getByLabel('Senha', { exact: true }).fill('x')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'O servidor não responde' }).waitFor()
  })

  it('shows the password on request, and warns of Caps Lock', async () => {
    const page = await visit({ locale: 'en-US', colorScheme: 'dark' })
    await page.goto(`${url}/login?ended`)
    assert.equal(await page.evaluate('document.activeElement.id'), 'username')
    await page.getByRole('status').filter({ hasText: 'Your session has ended' }).waitFor()
    const password = page.getByLabel('Password', { exact: true })
    await password.fill('Secret')
    await page.getByRole('button', { name: 'Show password' }).click()
    assert.equal(await password.getAttribute('type'), 'text')
    await page.evaluate(
      'document.querySelector("#password").dispatchEvent(new KeyboardEvent("keydown", { key: "A", modifierCapsLock: true, bubbles: true }))',
    )
    await page.getByText('Caps Lock is on').waitFor()
    await picture(page, 'login-caps-dark')
    assert.deepEqual(complaints, [])
  })

  it('changes the language for pages and dashboard alike, and remembers it', async () => {
    const page = await visit({ locale: 'en-US' })
    await page.goto(`${url}/login`)
    await page.getByRole('button', { name: 'Português' }).click()
    await page.getByRole('heading', { name: 'Entrar' }).waitFor()
    await logIn(page, 'operator')
    await leadsTo(page, /^\/dashboard/)
    await page.getByRole('heading', { name: 'Visão geral' }).waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.goto(url)
    await page.getByRole('heading', { name: 'Hello, operator' }).waitFor()
    assert.deepEqual(complaints, [])
  })

  it('ends the dashboard of one tab within five seconds when another logs out, and takes it back in', async () => {
    const page = await visit()
    await logIn(page, 'operator')
    await page.getByRole('group', { name: 'Conta' }).waitFor()
    const other = await tab(page.context())
    await other.goto(`${url}/dashboard`)
    const watched = other.getByRole('group', { name: 'Conta' })
    await watched.waitFor()
    await page.getByRole('button', { name: 'Sair' }).click()
    await leadsTo(page, '/logout')
    await page.getByRole('heading', { name: 'Você saiu' }).waitFor()
    await other.getByRole('alert').filter({ hasText: 'Sessão encerrada' }).waitFor({ timeout: 5_000 })
    await picture(other, 'dashboard-ended')
    await picture(page, 'logged-out')
    await other.getByRole('link', { name: 'Entrar de novo' }).click()
    await leadsTo(other, '/login')
    await other.getByText('Sua sessão terminou').waitFor()
    await other.getByLabel('Usuário').fill('operator')
    await other.getByLabel('Senha', { exact: true }).fill(passwordOf('operator'))
    await other.keyboard.press('Enter')
    await leadsTo(other, /^\/dashboard/)
  })

  it('logs out from the first page, and what was open asks to log in again', async () => {
    const page = await visit({ viewport: phone })
    await logIn(page, 'admin')
    await page.getByRole('heading', { name: 'Olá, admin' }).waitFor()
    await picture(page, 'home-phone')
    await page.getByRole('button', { name: 'Sair' }).click()
    await leadsTo(page, '/logout')
    assert.deepEqual(
      await page
        .context()
        .cookies()
        .then((cookies) => cookies.map(({ name }) => name).filter((name) => /session|csrf|refresh/.test(name))),
      [],
    )
    await page.goto(`${url}/editor/`)
    await leadsTo(page, '/login')
    assert.deepEqual(complaints, [])
  })

  it('changes the password of whoever knows the present one, and ends their other sessions', async () => {
    const elsewhere = await visit()
    await logIn(elsewhere, 'viewer')
    await elsewhere.getByRole('group', { name: 'Conta' }).waitFor()
    const page = await visit({ colorScheme: 'dark' })
    await logIn(page, 'viewer', '/login?next=/password')
    await leadsTo(page, '/password')
    const change = async (present: string, fresh: string, repeated = fresh): Promise<void> => {
      await page.getByLabel('Senha atual').fill(present)
      await page.getByLabel('Nova senha', { exact: true }).fill(fresh)
      await page.getByLabel('Nova senha de novo').fill(repeated)
      await page.locator('[type=submit]').click()
    }
    await change(passwordOf('viewer'), 'Another-one-22', 'Another-one-23')
    await page.getByRole('alert').filter({ hasText: 'não é a mesma' }).waitFor()
    await change(passwordOf('viewer'), 'short')
    await page.getByRole('alert').filter({ hasText: 'fraca demais' }).waitFor()
    await picture(page, 'password-dark')
    await change('Wrong-password-1', 'Another-one-22')
    await page.getByRole('alert').filter({ hasText: 'A senha atual está errada' }).waitFor()
    await change(passwordOf('viewer'), 'Another-one-22')
    await page.getByRole('status').filter({ hasText: 'Sua senha foi alterada' }).waitFor()
    await elsewhere.getByRole('alert').filter({ hasText: 'Sessão encerrada' }).waitFor({ timeout: 5_000 })
    await change('Another-one-22', passwordOf('viewer'))
    await page.getByRole('status').filter({ hasText: 'Sua senha foi alterada' }).waitFor()
  })

  it('is refreshed with the cookie alone when the access token has run out', async () => {
    const page = await visit()
    await logIn(page, 'operator')
    await page.getByRole('group', { name: 'Conta' }).waitFor()
    await page.context().clearCookies({ name: 'lv_session' })
    await page.goto(`${url}/dashboard/field`)
    await leadsTo(page, '/dashboard/field')
    await page.getByRole('group', { name: 'Conta' }).waitFor()
  })

  it('shows on a phone who is logged in on the dashboard', async () => {
    const page = await visit({ viewport: phone })
    await logIn(page, 'operator')
    await page.getByRole('group', { name: 'Conta' }).getByRole('button', { name: 'Sair' }).waitFor()
    await picture(page, 'dashboard-phone')
    await page.getByRole('group', { name: 'Conta' }).getByRole('link', { name: 'operator' }).click()
    await page.getByRole('heading', { name: 'Olá, operator' }).waitFor()
    assert.deepEqual(complaints, [])
  })

  it('works without a mouse, each step to be seen', async () => {
    const page = await visit({ locale: 'en-US' })
    await page.goto(`${url}/login`)
    await page.keyboard.type('viewer')
    await page.keyboard.press('Tab')
    await page.keyboard.type(passwordOf('viewer'))
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.className'), 'reveal')
    await page.keyboard.press('Tab')
    assert.notEqual(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none')
    await page.keyboard.press('Enter')
    await leadsTo(page, /^\/dashboard/)
    assert.deepEqual(complaints, [])
  })

  it('says that the database is away, and lets in when it is back', async () => {
    const page = await visit()
    await page.goto(`${url}/login`)
    await system.database.kill()
    await page.getByLabel('Usuário').fill('viewer')
    await page.getByLabel('Senha', { exact: true }).fill(passwordOf('viewer'))
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'o banco de dados está fora do ar' }).waitFor()
    await picture(page, 'login-database-away')
    await system.database.start()
    await system.nodeRed.healthy()
    await page.locator('[type=submit]').click()
    await leadsTo(page, /^\/dashboard/)
  })
})
