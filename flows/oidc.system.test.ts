import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { type Browser, chromium, type Page } from 'playwright-core'
import { RealProvider } from '../platform/access/oidc/real-provider.fixture.ts'
import { freePort } from '../platform/runtime/ports.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { passwordOf } from '../platform/access/users.fixture.ts'
import { say } from './waiting.fixture.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const browserArgs = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync']
const pictures = process.env['SCREENSHOTS']

const accounts = {
  maria: { preferred_username: 'maria', role: 'grid-operators' },
  outsider: { preferred_username: 'outsider', role: 'visitors' },
  admin: { preferred_username: 'admin', role: 'it' },
}

describe('logging in by an OpenID Connect provider, in a real browser', function () {
  this.timeout(90_000)
  let system: RunningSystem
  let provider: RealProvider
  let browser: Browser
  let page: Page
  let url: string
  let complaints: string[]

  before(async function () {
    if (!existsSync(executablePath)) {
      say(`skipped: no browser at ${executablePath}; CHROMIUM names another`)
      this.skip()
    }
    const port = await freePort()
    // For a browser another site than the provider's, which is 127.0.0.1.
    url = `http://localhost:${port}`
    provider = await RealProvider.start({ accounts, publicUrl: url })
    system = await startSystem({
      broker: 'embedded',
      env: {
        PORT: String(port),
        PUBLIC_URL: url,
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: RealProvider.client.id,
        OIDC_CLIENT_SECRET: RealProvider.client.secret,
        OIDC_ROLE_MAP: '{"grid-operators":"operator","it":"admin"}',
      },
    })
    browser = await chromium.launch({ executablePath, args: browserArgs })
  })
  after(async () => {
    await browser?.close()
    await system?.stop()
    await provider?.stop()
  })
  // A context of its own for each test. They end with the browser: closed one by one, one may wait for a page on its way.
  beforeEach(async () => {
    complaints = []
    page = await (await browser.newContext({ locale: 'pt-BR', reducedMotion: 'reduce' })).newPage()
    // The provider's page is none of ours.
    page.on('console', (message) => {
      if (message.type() === 'error' && message.location().url.startsWith(url)) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
  })

  const begin = async (name: string): Promise<void> => {
    await page.goto(`${url}/dashboard/field`)
    await page.getByRole('link', { name: 'Entrar pela sua organização' }).click()
    assert.equal(new URL(page.url()).origin, provider.issuer)
    await page.locator('[name=name]').fill(name)
    await page.getByRole('button', { name: 'Log in' }).click()
  }
  const picture = async (name: string): Promise<void> => {
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) })
  }

  it('leads there and back to where somebody wanted to go, with the role that the provider tells', async () => {
    await page.goto(`${url}/login`)
    await picture('login-with-provider')
    await begin('maria')
    await page.waitForURL(`${url}/dashboard/field`)
    const account = page.getByRole('group', { name: 'Conta' })
    await account.getByText('maria').waitFor()
    await account.getByText('Operação').waitFor()
    assert.deepEqual(complaints, [])
  })

  it('logs out there too', async () => {
    await begin('maria')
    await page.getByRole('group', { name: 'Conta' }).getByRole('button', { name: 'Sair' }).click()
    await page.waitForURL((to) => to.origin === provider.issuer)
    await page.locator('[name=logout]').first().click()
    await page.waitForURL((to) => to.origin === url && to.pathname === '/logout')
    await page.getByRole('heading', { name: 'Você saiu' }).waitFor()
    // The provider asks again who it is.
    await begin('maria')
    await page.getByRole('group', { name: 'Conta' }).waitFor()
  })

  it('says to whom the provider gives no role that they have none', async () => {
    await begin('outsider')
    await page.getByRole('alert').filter({ hasText: 'não lhe deu um papel' }).waitFor()
    await picture('provider-no-role')
    await page.getByRole('link', { name: 'Voltar à página de entrada' }).click()
    await page.getByRole('heading', { name: 'Entrar' }).waitFor()
  })

  it('keeps users of ours apart from those of the provider, and lets them in as before', async () => {
    await begin('admin')
    await page.getByRole('alert').filter({ hasText: 'pertence a outro usuário' }).waitFor()
    await page.goto(`${url}/login`)
    await page.getByLabel('Usuário').fill('admin')
    await page.getByLabel('Senha', { exact: true }).fill(passwordOf('admin'))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Olá, admin' }).waitFor()
  })

  it('says so when the provider is away; the rest goes on', async () => {
    await provider.stop()
    await system.nodeRed.stop()
    await system.nodeRed.start()
    await system.nodeRed.healthy()
    await page.goto(`${url}/login`)
    await page.getByRole('link', { name: 'Entrar pela sua organização' }).click()
    await page.getByRole('alert').filter({ hasText: 'não responde' }).waitFor()
    await page.goto(`${url}/login`)
    await page.getByLabel('Usuário').fill('viewer')
    await page.getByLabel('Senha', { exact: true }).fill(passwordOf('viewer'))
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/dashboard/)
  })
})
