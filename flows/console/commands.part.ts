import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { passwordOf } from '../../platform/access/users.fixture.ts'
import type { Role } from '../../platform/access/roles.ts'
import { waitUntil } from '../waiting.fixture.ts'
import type { ConsoleStage, VisitOptions } from './console-stage.fixture.ts'

interface Command {
  readonly commandId: string
  readonly state: string
  readonly attempts: number
  readonly timeline: readonly { readonly toState: string; readonly username: string | null }[]
}

const able = { ledger: true, expiry: true, select: true, clock: true, signature: false }

/** The page of commands, as two persons and a viewer use it. */
export function describeCommands(stage: () => ConsoleStage): void {
  describe('commands', () => {
    const panel = (page: Page) => page.locator('.lv-commands-one')
    const standing = (page: Page) => panel(page).locator('.lv-commands-standing .lv-state')
    const open = async (role: Role, options: VisitOptions = {}, search = ''): Promise<Page> => {
      const page = await stage().open('commands', role, options)
      if (search !== '') {
        await page.goto(`${stage().url}/dashboard/commands?${search}`)
        await page.locator('.lv').waitFor()
      }
      return page
    }
    const commandsOf = async (deviceId: string): Promise<Command[]> => {
      const { body } = await stage().caller('viewer').get(`/api/commands?deviceId=${deviceId}`)
      const { items } = body as { items: Command[] }
      return Promise.all(
        items.map(
          async ({ commandId }) => (await stage().caller('viewer').get(`/api/commands/${commandId}`)).body as Command,
        ),
      )
    }

    before(async function () {
      const admin = stage().caller('admin')
      for (const deviceId of ['sw-001', 'sw-002'])
        assert.equal((await admin.put(`/api/devices/${deviceId}/command-capabilities`, able)).status, 200)
      await waitUntil('the switch to be seen', async () => {
        const { body } = await admin.get('/api/devices/sw-001')
        return (body as { latest: { measures: { position?: string } } | null }).latest?.measures.position === 'closed'
      })
    })

    it('has a switch opened by two persons; the connection is lost in the middle, and what is seen afterwards is the truth', async () => {
      const operator = await open('operator', { locale: 'pt-BR' })
      const engineer = await open('engineer', { locale: 'en-US', colorScheme: 'dark' })
      await operator.getByLabel('Dispositivo', { exact: true }).fill('W-001')
      await operator.getByRole('button', { name: 'sw-001' }).click()
      await operator.getByText('está fechada').waitFor()
      await operator.getByLabel('Comando', { exact: true }).selectOption({ label: 'abrir' })
      await operator.getByText('Nada o impede: aguardaria uma segunda pessoa.').waitFor()
      const goOn = operator.getByRole('button', { name: 'Continuar …' })
      assert.ok(await goOn.isDisabled(), 'without a reason nobody can approve it')
      await operator.getByLabel('Justificativa').fill('Serviço no poste 17')
      await stage().checkAccess(operator)
      await stage().picture(operator, 'commands-form-pt')
      await goOn.click()
      const dialog = operator.getByRole('dialog', { name: 'Confirmar o comando' })
      await dialog.getByText('A chave sw-001 abre. O que ela alimenta fica sem energia.').waitFor()
      await stage().checkAccess(operator)
      await stage().picture(operator, 'commands-confirm-pt')
      await dialog.getByLabel('Sua senha de novo').fill('not the password')
      await dialog.getByRole('button', { name: 'Pedir aprovação' }).click()
      await dialog.getByText('A senha não está certa').waitFor()
      assert.deepEqual(await commandsOf('sw-001'), [])
      await dialog.getByLabel('Sua senha de novo').fill(passwordOf('operator'))
      await dialog.getByRole('button', { name: 'Pedir aprovação' }).click()
      await standing(operator).getByText('Aguarda aprovação').waitFor()
      await operator.getByText('Seu: outra pessoa aprova ou rejeita.').waitFor()
      assert.equal(await panel(operator).getByRole('button', { name: 'Aprovar' }).count(), 0)
      await stage().picture(operator, 'commands-pending-pt')

      await operator.context().setOffline(true)
      await stage().picture(operator, 'commands-offline-pt')
      await engineer.getByRole('button', { name: 'Look at open sw-001' }).click()
      await panel(engineer).getByRole('button', { name: 'Approve' }).click()
      const decision = engineer.getByRole('dialog', { name: 'Approve the command of operator?' })
      await decision.getByText('Switch sw-001 opens.').waitFor()
      await decision.getByText('would lose supply').waitFor()
      await stage().checkAccess(engineer)
      await stage().picture(engineer, 'commands-approve-en-dark')
      await decision.getByRole('button', { name: 'Approve' }).click()
      await standing(engineer).getByText('Verified').waitFor()
      await stage().checkAccess(engineer)
      await stage().picture(engineer, 'commands-verified-en-dark')
      await operator.getByText('Sem conexão com o servidor').waitFor()
      assert.equal(await standing(operator).getAttribute('data-state'), 'stale')
      await stage().picture(operator, 'commands-lost-pt')

      await operator.context().setOffline(false)
      await standing(operator).getByText('Verificado').waitFor()
      await operator.getByText('está aberta').waitFor()
      await stage().picture(operator, 'commands-back-pt')
      const [command, ...others] = await commandsOf('sw-001')
      assert.deepEqual([command!.state, command!.attempts, others.length], ['verified', 1, 0])
      assert.deepEqual(
        command!.timeline.slice(0, 2).map(({ username }) => username),
        ['operator', 'engineer'],
      )
      // What was lost was lost on purpose.
      const complaints = stage().complaints()
      assert.deepEqual(
        complaints.filter((each) => !/ERR_INTERNET_DISCONNECTED|WebSocket|status of 403/.test(each)),
        [],
      )
    })
  })
}
