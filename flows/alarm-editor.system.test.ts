import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import type { Browser, Locator } from 'playwright-core'
import type { FlowNode } from '../platform/runtime/flow-arrangement.ts'
import { type EditorTab, hasBrowser, openTab, shippedTab, startBrowser, withoutBrowser } from './editor.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const locales = [
  { locale: 'en-US', label: 'alarm', fields: ['Rules', 'By', 'Silent'] },
  { locale: 'pt-BR', label: 'alarme', fields: ['Regras', 'Por', 'Silêncio'] },
] as const

/** The nodes around alarms, as engineers edit them. */
describe('alarms in the editor', function () {
  this.timeout(180_000)
  let system: RunningSystem
  let browser: Browser
  let editor: EditorTab | undefined

  before(async function () {
    if (!hasBrowser) {
      say(withoutBrowser)
      return this.skip()
    }
    system = await startSystem({ broker: 'embedded' })
    browser = await startBrowser()
  })
  afterEach(async () => {
    await editor?.close()
    editor = undefined
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(String(system?.lastLines()))
    await browser?.close()
    await system?.stop()
  })

  const dialog = (): Locator => editor!.page.locator('#dialog-form')
  const shownRule = (): Locator => editor!.page.locator('.linhaviva-rule')

  for (const { locale, label, fields } of locales)
    it(`opens (${locale}), and what is saved is what was shipped`, async () => {
      editor = await openTab(browser, system, { tab: 'lv-alarms', locale, label })
      for (const [at, id] of ['lv-alarm', 'lv-alarm-topics', 'lv-telemetry-watch'].entries()) {
        await editor.edit(id)
        await dialog().locator('label', { hasText: fields[at]! }).first().waitFor()
        for (const via of id === 'lv-alarm-topics' ? ['webhook', 'message', 'mqtt'] : []) {
          await dialog().locator('#node-input-via').selectOption(via)
          await dialog().locator(`.notify-${via}`).first().waitFor()
        }
        // A text that is missing shows its key.
        assert.doesNotMatch(await dialog().innerText(), /\b(alarm|notify|telemetry-watch)\.[a-z]/)
        await editor.page.locator('#node-dialog-cancel').click()
        await dialog().waitFor({ state: 'detached' })
      }
      assert.deepEqual(await editor.saved(), shippedTab(system, 'alarms.json', 'lv-alarms'))
    })

  it('builds a rule of conditions that are combined, with the units of what they measure, and deploys it', async () => {
    editor = await openTab(browser, system, { tab: 'lv-alarms', locale: 'en-US', label: 'alarm' })
    const { page } = editor
    await editor.edit('lv-alarm')
    await page.locator('.linhaviva-alarm-rules-row .red-ui-editableList-addButton').click()
    const rule = shownRule()
    await rule.locator('input[type=text]').first().fill('panel-hot')
    await rule.locator('select').first().selectOption('panel')
    const measures = rule.locator('input[list]')
    const units = rule.locator('span.linhaviva-rule-unit')
    assert.equal(await measures.first().inputValue(), 'temperature_celsius', 'panels have no voltage of phase A')
    assert.deepEqual(await units.allInnerTexts(), ['°C', '°C'])
    const faults = rule.locator('.linhaviva-rule-faults')
    assert.match(await faults.innerText(), /temperature_celsius: set point has no valid number/)
    await rule.getByPlaceholder('set point').fill('70')
    await rule.locator('button', { hasText: 'group' }).first().click()
    await measures.nth(1).fill('power_w')
    assert.deepEqual(await units.allInnerTexts(), ['°C', '°C', 'W', 'W'])
    await rule.getByPlaceholder('set point').nth(1).fill('300')
    await rule.locator('button', { hasText: 'level' }).first().click()
    await rule.getByPlaceholder('set point').nth(1).fill('90')
    assert.equal(
      await rule.locator('.linhaviva-rule-words').innerText(),
      'Alarm (medium) when (temperature_celsius is above 70 °C (H) or temperature_celsius is above 90 °C (HH)) and (power_w is above 300 W (H))',
    )
    assert.equal(await faults.innerText(), '')
    await page.locator('#node-dialog-ok').click()
    await page.locator('#red-ui-header-button-deploy:not(.disabled)').click()
    const deployed = await waitUntil('the rule to be deployed', async () => {
      const node = (await system.nodeRed.flows()).flows.find(({ id }) => id === 'lv-alarm') as FlowNode
      return (node['rules'] as { name: string; kind: string; when: unknown }[])[0]
    })
    const limit = (measure: string, setPoints: Record<string, number>) => ({
      ...{ type: 'limit', measure, deadband: 0 },
      levels: Object.entries(setPoints).map(([level, setPoint]) => ({ level, setPoint, priority: null })),
    })
    assert.deepEqual([deployed.name, deployed.kind], ['panel-hot', 'panel'])
    assert.deepEqual(deployed.when, {
      type: 'and',
      of: [limit('temperature_celsius', { H: 70, HH: 90 }), { type: 'or', of: [limit('power_w', { H: 300 })] }],
    })
  })
})
