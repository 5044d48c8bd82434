import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'mocha'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { cookieOf } from './users.fixture.ts'
import { say } from './waiting.fixture.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const browserArgs = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync']

/** Every page of ours, and what shows that it runs. */
const pages = [
  ['/', 'a[href^="/dashboard"]'],
  ['/dashboard', 'text=Linha Viva'],
  ['/editor/', '.red-ui-workspace-chart-event-layer'],
  ['/api/docs', '.opblock-tag'],
  // To who is not logged in yet.
  ['/login', 'input[type=password]'],
] as const

describe('the content-security policy', function () {
  this.timeout(90_000)
  let system: RunningSystem
  let browser: Browser
  let context: BrowserContext

  before(async function () {
    if (!existsSync(executablePath)) {
      say(`skipped: no browser at ${executablePath}; CHROMIUM names another`)
      this.skip()
    }
    system = await startSystem({
      broker: 'embedded',
      env: { NODE_ENV: 'production', CREDENTIAL_SECRET: 'Example-of-one-1' },
    })
    browser = await chromium.launch({ executablePath, args: browserArgs })
    context = await browser.newContext({ locale: 'en-US' })
    await context.addCookies([{ ...cookieOf(await system.nodeRed.admin.token()), url: system.nodeRed.url }])
    await context.addInitScript(() => {
      const violations: string[] = []
      Object.assign(window, { violations })
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) =>
        violations.push(`${effectiveDirective} forbids ${blockedURI} in ${sourceFile}`),
      )
    })
  })
  after(async () => {
    await browser?.close()
    await system?.stop()
  })

  for (const [path, sign] of pages)
    it(`lets ${path} run, which breaks it nowhere`, async () => {
      if (path === '/login') await context.clearCookies()
      const page = await context.newPage()
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text())
      })
      const response = await page.goto(system.nodeRed.url + path)
      assert.equal(response?.status(), 200)
      assert.ok(response.headers()['content-security-policy'])
      await page.locator(sign).first().waitFor({ state: 'attached', timeout: 80_000 })
      await page.waitForLoadState('networkidle')
      const violations = await page.evaluate(() => (window as unknown as { violations: string[] }).violations)
      assert.deepEqual(violations, [])
      assert.deepEqual(faults, [])
      await page.close()
    })

  it('is seen by this test where a page breaks it', async () => {
    const page = await context.newPage()
    await page.goto(`${system.nodeRed.url}/login`)
    const violations = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.body.append(script)
      const told = (window as unknown as { violations: string[] }).violations
      while (told.length === 0) await new Promise(requestAnimationFrame)
      return [told, 'injected' in window]
    })
    assert.match(String(violations[0]), /script-src-elem forbids inline/)
    assert.equal(violations[1], false)
    await page.close()
  })
})
