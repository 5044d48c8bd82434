import assert from 'node:assert/strict'
import { connectAsync, type MqttClient } from 'mqtt'
import { after, before, describe, it } from 'mocha'
import type { Page } from 'playwright-core'
import { topicOf } from '../../platform/wire/contract.ts'
import { waitUntil } from '../waiting.fixture.ts'
import type { ConsoleStage } from './console-stage.fixture.ts'

const section = (page: Page, name: string) => page.locator(`#lv-system-${name}`)
const newDevice = 'pv-console-1'
const newUser = { username: 'maria', password: 'Correct-Horse-7-Battery' }

/** The page of the system, as each role uses it. */
export function describeSystem(stage: () => ConsoleStage): void {
  describe('system', () => {
    let field: MqttClient

    before(async () => {
      field = await connectAsync(stage().system.brokerUrl, stage().system.field)
    })
    after(() => field?.endAsync())

    const reading = (deviceId: string): Promise<unknown> => {
      const place = { site_id: 'house-01', feeder_id: 'feeder-01', parent_feeder_id: 'substation-1', p_max_kw: 5 }
      const body = { deviceId, type: 'pv', timestamp: new Date().toISOString(), ...place, p_actual_kw: 1.5 }
      return field.publishAsync(topicOf('der', deviceId), JSON.stringify(body), { qos: 1 })
    }
    const quarantined = (deviceId: string) =>
      waitUntil('the message in quarantine', async () => {
        const { body } = await stage().caller('viewer').get(`/api/quarantine?deviceId=${deviceId}`)
        return (body as { items: { quarantineId: number }[] }).items[0]
      })

    it('shows a viewer how the system is, and nothing to act by', async () => {
      const page = await stage().open('system', 'viewer')
      const stored = page.locator('.lv-figure', { hasText: 'Gravadas' }).locator('.lv-value')
      const shown = async (): Promise<number> => Number((await stored.innerText()).replaceAll('.', ''))
      const storedNow = async (): Promise<number> =>
        ((await stage().caller('viewer').get('/api/health')).body as { ingest: { stored: number } }).ingest.stored
      const before = await storedNow()
      await waitUntil('the count of the API', async () => (await shown()) >= before)
      assert.ok((await shown()) <= (await storedNow()))
      await page
        .locator('.lv-figure', { hasText: 'Leituras por segundo' })
        .getByText(/^\d+,\d$/)
        .waitFor()
      await section(page, 'parts')
        .getByRole('row', { name: /PostgreSQL.*no ar/ })
        .waitFor()
      await section(page, 'consumers')
        .getByRole('row', { name: /rollups/ })
        .waitFor()
      await page
        .locator('.lv-figure', { hasText: 'Clientes do fluxo' })
        .getByText(/^[1-9]/)
        .first()
        .waitFor()
      await section(page, 'quarantine').waitFor()
      for (const name of ['users', 'devices', 'deploys']) assert.equal(await section(page, name).count(), 0, name)
      assert.equal(await page.getByRole('button', { name: /Reprocessar|Aprovar|Criar/ }).count(), 0)
      await stage().checkAccess(page)
      await stage().picture(page, 'system-viewer')
      assert.deepEqual(stage().complaints(), [])
    })

    it('does not go on showing what nobody knows any more', async () => {
      const page = await stage().open('system', 'viewer')
      await section(page, 'parts')
        .getByRole('row', { name: /PostgreSQL.*no ar/ })
        .waitFor()
      await page.route('**/api/health', (route) => route.abort())
      await section(page, 'parts')
        .getByRole('row', { name: /PostgreSQL.*desconhecido/ })
        .waitFor()
      await page.getByText('O servidor não responde.').waitFor()
      await page.unroute('**/api/health')
      await section(page, 'parts')
        .getByRole('row', { name: /PostgreSQL.*no ar/ })
        .waitFor()
      stage().complaints()
    })

    it('shows an engineer a malformed message by its reason, and replays it', async () => {
      const deviceId = 'pv-console-malformed'
      await field.publishAsync(topicOf('der', deviceId), '{"p_actual_kw": 1', { qos: 1 })
      const { quarantineId } = await quarantined(deviceId)
      const page = await stage().open(`system?section=quarantine&device=${deviceId}`, 'engineer')
      const panel = section(page, 'quarantine')
      await panel.getByRole('button', { name: 'JSON inválido' }).click()
      await panel.getByText(topicOf('der', deviceId)).first().click()
      await panel.getByText('{"p_actual_kw": 1').waitFor()
      await panel.getByRole('button', { name: `Reprocessar a mensagem ${quarantineId}` }).click()
      await panel.getByText(/Retida de novo · JSON inválido/).waitFor()
      await panel
        .getByText(/^reprocessada /)
        .first()
        .waitFor()
      await stage().checkAccess(page)
      await stage().picture(page, 'system-quarantine')
      assert.equal(await section(page, 'users').count(), 0)
      assert.deepEqual(stage().complaints(), [])
    })

    it('lets an admin approve a new device, and what it sent meanwhile be replayed', async () => {
      const admin = stage().caller('admin')
      const wanted = { deviceId: newDevice, kind: 'der', derType: 'pv', status: 'pending' }
      const { status, text } = await admin.post('/api/registry/devices', wanted)
      assert.equal(status, 201, text)
      // Until the running system has heard that it is to wait, a reading of it is stored.
      await waitUntil('a reading of it in quarantine', async () => {
        await reading(newDevice)
        const { body } = await admin.get(`/api/quarantine?deviceId=${newDevice}&reason=awaiting_approval`)
        return (body as { items: object[] }).items.length > 0
      })
      const page = await stage().open('system', 'admin', { locale: 'en-US', colorScheme: 'dark' })
      await section(page, 'devices')
        .getByRole('button', { name: `Approve ${newDevice}` })
        .click()
      await stage().checkAccess(page)
      await page.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click()
      await section(page, 'devices').getByText(`${newDevice} is in.`).waitFor()
      const { body } = await admin.get(`/api/registry/devices/${newDevice}`)
      assert.equal((body as { status: string }).status, 'active')

      const panel = section(page, 'quarantine')
      await panel.getByRole('searchbox').fill(newDevice)
      await panel.getByRole('searchbox').press('Enter')
      await panel.getByRole('button', { name: 'Replay all shown by the filter' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Replay', exact: true }).click()
      await panel.getByText(/^[1-9]\d* replayed: [1-9]\d* stored, 0 stored before, 0 kept out again\./).waitFor()
      await waitUntil('what was replayed is its latest reading', async () => {
        const { body: device } = await admin.get(`/api/devices/${newDevice}`)
        return (device as { latest: { powerKw: number } | null }).latest?.powerKw === -1.5
      })
      assert.deepEqual(stage().complaints(), [])
    })

    it('lets an admin create a user, change it and shut it out', async () => {
      const page = await stage().open('system', 'admin', { viewport: { width: 800, height: 1100 } })
      const panel = section(page, 'users')
      const dialog = page.getByRole('dialog')
      await panel.getByRole('button', { name: 'Novo usuário' }).click()
      await dialog.getByLabel('Nome de usuário').fill(newUser.username)
      await dialog.getByLabel('Senha').fill('curta')
      await dialog.getByRole('button', { name: 'Criar' }).click()
      await dialog.getByText('Recusado').waitFor()
      assert.equal(await dialog.getByLabel('Senha').getAttribute('type'), 'password')
      assert.equal(await dialog.getByLabel('Senha').inputValue(), '')
      await dialog.getByLabel('Senha').fill(newUser.password)
      await stage().checkAccess(page)
      await stage().picture(page, 'system-new-user')
      await dialog.getByRole('button', { name: 'Criar' }).click()
      const row = panel.getByRole('row', { name: new RegExp(newUser.username) })
      await row.getByText('Consulta').waitFor()
      assert.equal(await logInAs(newUser), 200)

      await row.getByRole('button', { name: `Alterar ${newUser.username}` }).click()
      await dialog.getByLabel('Papel').selectOption('operator')
      await dialog.getByLabel('Pode entrar').uncheck()
      await dialog.getByRole('button', { name: 'Salvar' }).click()
      await row.getByText('desativado').waitFor()
      await row.getByText('Operação').waitFor()
      assert.notEqual(await logInAs(newUser), 200)
      const complaints = stage().complaints()
      // The browser itself tells of the refused password.
      assert.deepEqual(
        complaints.filter((text) => !text.includes('status of 400')),
        [],
      )
      assert.ok(!(await page.content()).includes(newUser.password))
      await stage().picture(page, 'system-users-narrow')
    })

    it('shows an admin who deployed which flow', async () => {
      const { nodeRed } = stage().system
      const tab = { id: 'console-test-tab', type: 'tab', label: 'Console test' }
      await nodeRed.deploy((flows) => [...flows, tab], 'nodes')
      const page = await stage().open('system?section=deploys', 'admin', { locale: 'en-US' })
      await section(page, 'deploys')
        .getByRole('row', { name: /admin Flows changed changed config\.json console-test\.json/ })
        .waitFor()
      await stage().picture(page, 'system-admin')
      await nodeRed.deploy((flows) => flows.filter(({ id }) => id !== tab.id), 'nodes')
      await section(page, 'deploys')
        .getByRole('row', { name: /removed console-test\.json/ })
        .waitFor()
      assert.deepEqual(stage().complaints(), [])
    })

    async function logInAs(user: typeof newUser): Promise<number> {
      const response = await fetch(`${stage().url}/api/auth/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(user),
      })
      return response.status
    }
  })
}
