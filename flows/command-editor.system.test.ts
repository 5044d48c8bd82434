import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import type { Browser, Locator } from 'playwright-core'
import { type EditorTab, hasBrowser, openTab, shippedTab, startBrowser, withoutBrowser } from './editor.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const shipped = ['lv-command', 'lv-command-ack', 'lv-setpoint']
const languages = [
  { locale: 'en-US', label: 'command ack', fields: ['PostgreSQL', 'Broker', 'Holds for'], holds: 'minutes, unless' },
  { locale: 'pt-BR', label: 'resposta a comando', fields: ['PostgreSQL', 'Broker', 'Vale por'], holds: 'minutos, se' },
] as const

/** The nodes of commands, as engineers edit them. */
describe('commands in the editor', function () {
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

  for (const { locale, label, fields, holds } of languages)
    it(`open (${locale}), and what is saved is what was shipped`, async () => {
      editor = await openTab(browser, system, { tab: 'lv-commands', locale, label })
      // They run: the node that hears answers is connected, the others say so too.
      for (const id of shipped) {
        const status = editor.page.locator(`[id="${id}"] .red-ui-flow-node-status-label`)
        if (id !== 'lv-setpoint') await waitUntil(`a status of ${id}`, async () => (await status.textContent()) !== '')
      }
      for (const [at, id] of shipped.entries()) {
        await editor.edit(id)
        await dialog().locator('label', { hasText: fields[at]! }).first().waitFor()
        // A text that is missing shows its key.
        assert.doesNotMatch(await dialog().innerText(), /\b(command|command-ack|setpoint)\.[a-z]/)
        if (id === 'lv-setpoint') assert.ok((await dialog().innerText()).includes(holds))
        await editor.page.locator('#node-dialog-cancel').click()
        await dialog().waitFor({ state: 'detached' })
      }
      assert.deepEqual(await editor.saved(), shippedTab(system, 'commands.json', 'lv-commands'))
      assert.deepEqual(editor.faults, [])
    })
})
