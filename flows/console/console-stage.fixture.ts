import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import axe, { type AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Role } from '../../platform/access/roles.ts'
import { passwordOf } from '../../platform/access/users.fixture.ts'
import { callerAt, type Caller } from '../../platform/http/api.fixture.ts'
import { installation } from '../../platform/runtime/installation.ts'
import { startSimulator, type SimulatorProcess } from '../../platform/simulation/simulator-process.fixture.ts'
import { startSystem, type RunningSystem } from '../running-system.fixture.ts'
import { runProgram } from '../supervised.fixture.ts'
import { logIn } from '../users.fixture.ts'
import { waitUntil } from '../waiting.fixture.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const browserArgs = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync']
/** A folder to leave screenshots in, for people to look at. */
const pictures = process.env['SCREENSHOTS']

export const browserIsThere = (): boolean => existsSync(executablePath)

export interface VisitOptions {
  readonly locale?: 'pt-BR' | 'en-US'
  readonly colorScheme?: 'light' | 'dark'
  readonly viewport?: { readonly width: number; readonly height: number }
}

/** Linha Viva with its shipped flows, a registry, a simulated field that reports, and a browser. */
export interface ConsoleStage {
  readonly system: RunningSystem
  readonly simulator: SimulatorProcess
  readonly url: string
  /** The API as a user of a role. */
  caller(role: Role): Caller
  /** Opens a page of the console as somebody who has logged in. */
  open(name: string, role: Role, options?: VisitOptions): Promise<Page>
  /** Another page of the same browser window, with the same login. */
  beside(page: Page, name: string): Promise<Page>
  /** What browsers complained of since the last call: errors of scripts and console, what the policy forbade, what left this machine. */
  complaints(): string[]
  /** Checks a page by the rules of axe-core: nothing serious, nothing critical. */
  checkAccess(page: Page): Promise<void>
  /** Leaves a screenshot where SCREENSHOTS names a folder; nothing may stand beside the page. */
  picture(page: Page, name: string): Promise<void>
  /** Closes all windows. */
  closeWindows(): Promise<void>
  stop(): Promise<void>
}

/** Starts everything, and waits until the field reports. */
export async function startConsoleStage(): Promise<ConsoleStage> {
  const system = await startSystem({ broker: 'embedded', env: { REQUESTS_PER_MINUTE: '1000000' } })
  const stops: (() => Promise<unknown>)[] = [() => system.stop()]
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).toReversed()) await end()
  }
  try {
    const { host, port, user, password, database } = system.database.running
    const login = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: database }
    const registry = ['import', join(installation, 'docs', 'registry')]
    const imported = await runProgram('network/registry-cli.js', registry, { ...login, DATA_DIR: system.dataDir })
    assert.equal(imported.code, 0, `${imported.out}${imported.err}`)
    const broker = new URL(system.brokerUrl)
    broker.username = system.field.username
    broker.password = encodeURIComponent(system.field.password)
    const simulator = startSimulator(broker.href, '--quiet')
    stops.push(() => simulator.end('SIGTERM'))
    const browser = await chromium.launch({ executablePath, args: browserArgs })
    stops.push(() => browser.close())
    const reporting = `select count(*)::int as count from latest_reading`
    await waitUntil(
      'readings',
      async () => (await system.database.query<{ count: number }>(reporting))[0]!.count > 20,
      {
        withinMs: 60_000,
      },
    )
    return { ...stageOf(system, browser), simulator, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function stageOf(system: RunningSystem, browser: Browser): Omit<ConsoleStage, 'simulator' | 'stop'> {
  const { url } = system.nodeRed
  const complained: string[] = []
  const windows: BrowserContext[] = []
  const tokens = new Map<Role, Promise<string>>()
  const tokenOf = (role: Role): Promise<string> => {
    const known = tokens.get(role) ?? logIn(url, role)
    tokens.set(role, known)
    return known
  }

  async function tab(context: BrowserContext): Promise<Page> {
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    page.on('console', (message) => message.type() === 'error' && complained.push(message.text()))
    page.on('pageerror', (error) => complained.push(error.message))
    page.on('request', (request) => {
      if (/^(https?|wss?):/.test(request.url()) && new URL(request.url()).host !== new URL(url).host)
        complained.push(`asked ${request.url()}`)
    })
    return page
  }

  return {
    ...{ system, url },
    caller: (role) => callerAt(url, () => tokenOf(role)),
    async open(name, role, { locale = 'pt-BR', colorScheme = 'light', viewport = { width: 1440, height: 900 } } = {}) {
      const context = await browser.newContext({ locale, colorScheme, viewport, reducedMotion: 'reduce' })
      windows.push(context)
      const page = await tab(context)
      await page.goto(`${url}/login?next=${encodeURIComponent(`/dashboard/${name}`)}`)
      await page.getByLabel(/^(Usuário|User name)$/).fill(role)
      await page.getByLabel(/^(Senha|Password)$/).fill(passwordOf(role))
      await page.getByRole('button', { name: /^(Entrar|Log in)$/ }).click()
      await page.waitForURL(`${url}/dashboard/${name}`, { waitUntil: 'commit' })
      await page
        .locator('.lv')
        .waitFor()
        .catch((error: Error) => {
          throw new Error([error.message, ...complained].join('\n'))
        })
      return page
    },
    async beside(page, name) {
      const other = await tab(page.context())
      await other.goto(`${url}/dashboard/${name}`)
      await other.locator('.lv').waitFor()
      return other
    },
    complaints: () => complained.splice(0),
    async checkAccess(page) {
      // Evaluated by the browser's own tools, which the page's policy does not bind.
      await page.evaluate(axe.source)
      const { violations } = (await page.evaluate(`axe.run('.lv', { resultTypes: ['violations'] })`)) as AxeResults
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      assert.deepEqual(
        grave.map(
          ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
        ),
        [],
      )
    },
    async picture(page, name) {
      assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'scrolls sideways')
      if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
    },
    async closeWindows() {
      for (const context of windows.splice(0)) await Promise.all(context.pages().map((page) => page.close()))
    },
  }
}
