import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { FlowNode } from '../platform/runtime/flow-arrangement.ts'
import type { RunningSystem } from './running-system.fixture.ts'
import { cookieOf } from './users.fixture.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync']

export const hasBrowser = existsSync(executablePath)
export const withoutBrowser = `skipped: no browser at ${executablePath}; CHROMIUM names another`

export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath, args })

/** As far as tests use it: Node-RED's own, in the browser. */
interface Editor {
  readonly editor: { edit(node: unknown): void }
  readonly nodes: { node(id: string): unknown; createCompleteNodeSet(): FlowNode[] }
}

/** A tab of the flows in the editor, as an administrator sees it. */
export interface EditorTab {
  readonly page: Page
  /** What scripts of the page ran into. */
  readonly faults: readonly string[]
  /** Opens a node to be edited. */
  edit(id: string): Promise<void>
  /** The nodes that a deploy would save, as text, by their names. */
  saved(): Promise<Map<string, string>>
  close(): Promise<void>
}

/**
 * Opens a tab; settled when it shows a node.
 * @param label  words on one of its nodes, in the language of `locale`
 */
export async function openTab(
  browser: Browser,
  { nodeRed: { url, admin } }: RunningSystem,
  { tab, locale, label }: { tab: string; locale: string; label: string },
): Promise<EditorTab> {
  const context = await browser.newContext({ locale, viewport: { width: 1440, height: 800 } })
  await context.addCookies([{ ...cookieOf(await admin.token()), url }])
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`${url}/editor/#flow/${tab}`, { timeout: 60_000 })
  await page.locator('.red-ui-flow-node-label', { hasText: label }).first().waitFor({ timeout: 60_000 })
  return {
    ...{ page, faults },
    edit: (id) =>
      page.evaluate((node) => {
        const { RED } = window as unknown as { RED: Editor }
        RED.editor.edit(RED.nodes.node(node))
      }, id),
    async saved() {
      const nodes = await page.evaluate(() => (window as unknown as { RED: Editor }).RED.nodes.createCompleteNodeSet())
      return ofTab(nodes, tab)
    },
    close: () => context.close(),
  }
}

/** The shipped nodes of a tab, in the same way. */
export const shippedTab = (system: RunningSystem, file: string, tab: string): Map<string, string> =>
  ofTab(JSON.parse(system.flowFiles()[file]!) as FlowNode[], tab)

/** How wide a group is, is a matter of fonts and language. */
const ofTab = (nodes: readonly FlowNode[], tab: string): Map<string, string> =>
  new Map(
    nodes
      .filter(({ id, z }) => z === tab && id.startsWith('lv-'))
      .map(({ w: _w, h: _h, ...node }) => [
        node.id,
        JSON.stringify(node.type === 'group' ? { ...node, x: 0, y: 0 } : node),
      ]),
  )
