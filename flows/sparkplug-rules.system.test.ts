import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'mocha'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { WrittenRule } from '../nodes/telemetry/domain/sparkplug/mapping-rules.ts'
import { EdgeNodeClient } from '../nodes/telemetry/sparkplug-edge-node.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { cookieOf } from './users.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const browserArgs = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync']

/** What the editor offers to a page's own scripts. */
interface Editor {
  nodes: { node(id: string): object | null; dirty(): boolean }
  editor: { edit(node: object): void }
}
declare const RED: Editor

describe('the rules of sparkplug in, written in the editor', function () {
  this.timeout(120_000)
  let system: RunningSystem
  let browser: Browser
  let page: Page

  before(async function () {
    if (!existsSync(executablePath)) {
      say(`skipped: no browser at ${executablePath}; CHROMIUM names another`)
      this.skip()
    }
    system = await startSystem({ broker: 'embedded' })
    browser = await chromium.launch({ executablePath, args: browserArgs })
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1400, height: 1000 } })
    const { url, admin } = system.nodeRed
    await context.addCookies([{ ...cookieOf(await admin.token()), url }])
    page = await context.newPage()
    await page.goto(`${url}/editor`)
    // Its status comes last.
    await page.getByText('online', { exact: true }).waitFor()
  })
  after(async () => {
    await browser?.close()
    await system?.stop()
  })

  const dialog = () => page.locator('.red-ui-tray').last()
  async function open(): Promise<void> {
    await page.evaluate(() => RED.editor.edit(RED.nodes.node('lv-sparkplug-in')!))
    await dialog().getByText('Reorder time (s)').waitFor()
  }
  const done = async (): Promise<void> => {
    await page.locator('#node-dialog-ok').click()
    await page.locator('.red-ui-tray').waitFor({ state: 'detached' })
  }
  const deployed = (): WrittenRule[] => {
    const nodes = JSON.parse(system.flowFiles()['telemetry.json']!) as { id: string; mappings?: WrittenRule[] }[]
    return nodes.find(({ id }) => id === 'lv-sparkplug-in')!.mappings!
  }

  const rule: WrittenRule = {
    ...{ group: 'plant', edge: 'gw-*', device: 'q*', kind: 'meter', deviceId: '<device>' },
    fields: [
      { field: 'va_v', fromType: 'metric', from: 'Voltage/A', scale: '', words: '' },
      { field: 'p_kw', fromType: 'metric', from: 'Power/Active', scale: '0.001', words: '' },
      { field: 'interval_s', fromType: 'num', from: '60', scale: '', words: '' },
    ],
  }

  it('the dialog opens without having changed anything', async () => {
    await open()
    await done()
    assert.equal(await page.evaluate(() => RED.nodes.dirty()), false)
  })

  it('what is written is what is deployed', async () => {
    await open()
    await dialog().getByText('rule', { exact: true }).click()
    for (const [placeholder, text] of [
      ['group', rule.group],
      ['edge node', rule.edge],
      ['device', rule.device],
      ['<group>.<edge>.<device>', rule.deviceId],
    ] as const)
      await dialog().getByPlaceholder(placeholder, { exact: true }).fill(text!)
    for (const [index, { field, fromType, from, scale }] of rule.fields!.entries()) {
      await dialog().getByText('field', { exact: true }).last().click()
      await dialog().getByPlaceholder('field', { exact: true }).nth(index).fill(field)
      if (fromType === 'num') {
        await dialog().locator('.red-ui-typedInput-type-select').nth(index).click()
        await page.getByRole('link', { name: 'number' }).last().click()
      }
      await dialog().locator('.red-ui-typedInput-input').nth(index).fill(String(from))
      await dialog().getByPlaceholder('factor').nth(index).fill(String(scale))
    }
    await done()
    await page.locator('#red-ui-header-button-deploy').click()
    assert.deepEqual(await waitUntil('the rule in the file', async () => deployed().length > 0 && deployed()), [rule])
  })

  it('opened again, it is what it was', async () => {
    await open()
    await done()
    assert.equal(await page.evaluate(() => RED.nodes.dirty()), false)
  })

  it('and it is what the node goes by', async () => {
    const gateway = await EdgeNodeClient.connect(system.brokerUrl, 'plant', 'gw-1', 0, system.field)
    await gateway.hostIsOnline('linha-viva')
    await gateway.birth()
    const timestamp = Date.now()
    await gateway.deviceBirth('q1', [
      { name: 'Voltage/A', type: 'Double', value: 127, timestamp },
      { name: 'Power/Active', type: 'Int32', value: 1_500, timestamp },
    ])
    const row = await waitUntil('the row', async () =>
      (
        await system.database.query<{ va_v: number; p_kw: number; interval_s: number }>(
          `select va_v, p_kw, interval_s from meter_reading join device using (device_key) where device_id = 'q1'`,
        )
      ).at(0),
    )
    assert.deepEqual(row, { va_v: 127, p_kw: 1.5, interval_s: 60 })
    await gateway.leave()
  })
})
