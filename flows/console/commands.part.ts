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
  describe('commands', function () {
    // Two windows, one of which is away for a while, on a machine that may have much else to do.
    this.timeout(270_000)
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
      await operator.getByRole('combobox', { name: 'Comando' }).selectOption({ label: 'abrir' })
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
      await operator.getByText('Sem conexão com o servidor').waitFor({ timeout: 60_000 })
      assert.equal(await standing(operator).getAttribute('data-state'), 'stale')
      await stage().picture(operator, 'commands-lost-pt')

      await operator.context().setOffline(false)
      await standing(operator).getByText('Verificado').waitFor({ timeout: 60_000 })
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
        complaints.filter((each) => !/ERR_INTERNET_DISCONNECTED|SIO connect error|WebSocket|status of 403/.test(each)),
        [],
      )
    })

    it('acts once, whether a request or its answer is lost on the way', async () => {
      const page = await open('operator', { locale: 'en-US' }, 'device=sw-002')
      const ask = async (command: string): Promise<void> => {
        await page.getByRole('combobox', { name: 'Command' }).selectOption({ label: command })
        await page.getByRole('button', { name: 'Continue …' }).click()
        const password = page.getByRole('dialog').getByLabel('Your password again')
        if (await password.isVisible()) await password.fill(passwordOf('operator'))
        await page.getByRole('dialog').getByRole('button', { name: 'Send the command' }).click()
      }
      const requests = `${stage().url}/api/commands`
      // It arrives, and nobody here hears of it.
      await page.route(requests, async (route) => {
        await route.fetch()
        await route.abort()
      })
      await ask('block reclosing')
      await standing(page).getByText('Verified').waitFor()
      assert.equal((await commandsOf('sw-002')).length, 1)
      await page.unroute(requests)

      await page.route(requests, (route) => route.abort())
      await ask('unblock reclosing')
      await page.getByRole('heading', { name: 'It was not received' }).waitFor()
      await stage().checkAccess(page)
      await stage().picture(page, 'commands-not-received-en')
      await page.reload()
      await page.getByRole('heading', { name: 'It was not received' }).waitFor()
      await page.unroute(requests)
      // The proof went with what was lost: the password is given again, for the same request.
      await page.getByLabel('Your password again').fill(passwordOf('operator'))
      await page.getByRole('button', { name: 'Send again' }).click()
      await waitUntil('the second one', async () => (await commandsOf('sw-002')).length === 2)
      await standing(page)
        .getByText('Verified')
        .waitFor({ timeout: 40_000 })
        .catch(async (error: Error) => {
          throw new Error(
            `${error.message}\n${JSON.stringify(await commandsOf('sw-002'))}\n${await panel(page).innerText()}`,
          )
        })
      const ended = await commandsOf('sw-002')
      assert.deepEqual(
        ended.map(({ state, attempts }) => [state, attempts]),
        [
          ['verified', 1],
          ['verified', 1],
        ],
      )
      stage().complaints()
    })

    it('is stopped by a tag, and says so beforehand; its arguments are checked as they are typed', async () => {
      const engineer = await open('engineer', { locale: 'en-US', viewport: { width: 800, height: 1100 } })
      await engineer.getByRole('button', { name: 'Place a tag …' }).click()
      const placing = engineer.getByRole('dialog', { name: 'Place a tag' })
      await placing.getByRole('combobox', { name: 'Tag' }).selectOption({ label: 'Do not operate' })
      await placing.getByRole('combobox', { name: 'Equipment' }).selectOption({ label: 'Switch' })
      await placing.getByLabel('Its name').fill('sw-404')
      await placing.getByLabel('Why').fill('Mechanism is being repaired')
      await placing.getByRole('button', { name: 'Place a tag' }).click()
      await placing.getByText('must be a switch of the network').waitFor()
      await placing.getByLabel('Its name').fill('sw-001')
      await stage().checkAccess(engineer)
      await placing.getByRole('button', { name: 'Place a tag' }).click()
      await engineer.getByRole('button', { name: /^Remove tag/ }).waitFor()

      const operator = await open('operator', { locale: 'pt-BR', colorScheme: 'dark' }, 'device=sw-001')
      await operator.getByRole('combobox', { name: 'Comando' }).selectOption({ label: 'fechar' })
      await operator.getByText('Seria recusado.').waitFor()
      await operator.getByText('tagged').waitFor()
      await operator.getByLabel('Justificativa').fill('Serviço encerrado')
      assert.ok(await operator.getByRole('button', { name: 'Continuar …' }).isDisabled())
      // The tag is another one's: its owner removes it.
      assert.equal(await operator.getByRole('button', { name: /^Remover a etiqueta/ }).count(), 0)
      await stage().checkAccess(operator)
      await stage().picture(operator, 'commands-tagged-pt-dark')
      await operator.getByRole('button', { name: 'Escolher outro dispositivo' }).click()
      await operator
        .getByRole('combobox', { name: 'Classe do dispositivo' })
        .selectOption({ label: 'Recursos distribuídos' })
      await operator.getByRole('button', { name: 'ev-001' }).click()
      const types = operator.getByRole('combobox', { name: 'Comando' })
      const offered = await types.getByRole('option').allTextContents()
      assert.ok(offered.includes('definir limite') && !offered.includes('abrir'), offered.join())
      await types.selectOption({ label: 'definir limite' })
      const limit = operator.getByLabel('Limite, kW')
      for (const [typed, said] of [
        ['cinco', 'Deve ser um número'],
        ['-1', 'Deve ser no mínimo 0'],
        ['1.234,5', 'Deve ser um número'],
      ] as const) {
        await limit.fill(typed)
        await operator.getByText(said).waitFor()
        assert.ok(await operator.getByRole('button', { name: 'Continuar …' }).isDisabled())
      }
      await limit.fill('2,5')
      await operator.getByText('Nada o impede: seria enviado de imediato.').waitFor()

      await engineer.getByRole('button', { name: /^Remove tag/ }).click()
      await engineer.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
      await engineer.getByText('No tag hangs.').waitFor()
      await stage().picture(engineer, 'commands-narrow-en')
      stage().complaints()
    })

    it('is rejected by the second person, or taken back by the first one, with why', async () => {
      const operator = await open('operator', { locale: 'pt-BR' }, 'device=meter-001')
      const engineer = await open('engineer', { locale: 'en-US' })
      const ask = async (): Promise<void> => {
        await operator.getByRole('combobox', { name: 'Comando' }).selectOption({ label: 'desligar' })
        await operator
          .getByRole('combobox', { name: 'Motivo do desligamento' })
          .selectOption({ label: 'A pedido do titular' })
        await operator.getByLabel('Justificativa').fill('Mudança')
        await operator.getByRole('button', { name: 'Continuar …' }).click()
        const dialog = operator.getByRole('dialog')
        await dialog.getByLabel('Sua senha de novo').fill(passwordOf('operator'))
        await dialog.getByRole('button', { name: 'Pedir aprovação' }).click()
        await standing(operator).getByText('Aguarda aprovação').waitFor()
      }
      await ask()
      await engineer.getByRole('button', { name: 'Look at disconnect meter-001' }).click()
      await panel(engineer).getByRole('button', { name: 'Reject' }).click()
      const rejecting = engineer.getByRole('dialog', { name: 'Reject the command' })
      await rejecting.getByLabel('Reason').fill('The holder has called again')
      await rejecting.getByRole('button', { name: 'Reject' }).click()
      await standing(operator).getByText('Rejeitado').waitFor()
      await panel(operator).getByText('The holder has called again').first().waitFor()
      await ask()
      await panel(operator).getByRole('button', { name: 'Retirar' }).click()
      const taking = operator.getByRole('dialog', { name: 'Retirar o comando' })
      await taking.getByLabel('Justificativa').fill('Unidade errada')
      await taking.getByRole('button', { name: 'Retirar' }).click()
      await standing(operator).getByText('Cancelado').waitFor()
      assert.deepEqual(
        (await commandsOf('meter-001')).map(({ state }) => state),
        ['cancelled', 'rejected'],
      )
      assert.deepEqual(stage().complaints(), [])
    })

    it('is in doubt where nobody answers, until a person says what was found', async () => {
      const admin = stage().caller('admin')
      await admin.post('/api/simulation/faults', { deviceId: 'ev-004', kind: 'command_lost' })
      const wanted = { deviceId: 'ev-004', type: 'read_now', idempotencyKey: 'console-doubt-ev-004' }
      const { body } = await stage().caller('operator').post('/api/commands', wanted)
      const { commandId } = body as { commandId: string }
      const engineer = await open('engineer', { locale: 'pt-BR' }, `command=${commandId}`)
      await standing(engineer).getByText('Em dúvida').waitFor({ timeout: 40_000 })
      await stage().checkAccess(engineer)
      await stage().picture(engineer, 'commands-doubt-pt')
      await panel(engineer).getByRole('button', { name: 'Decidir' }).click()
      const dialog = engineer.getByRole('dialog', { name: 'O que houve com ele?' })
      await dialog.getByLabel('Não foi feito').check()
      await dialog.getByLabel('Justificativa').fill('O carregador não respondeu')
      await dialog.getByRole('button', { name: 'Decidir' }).click()
      await standing(engineer).getByText('Não feito, reconciliado').waitFor()
      assert.deepEqual(stage().complaints(), [])
    })

    it('is seen by a viewer, who has nothing to act with', async () => {
      const viewer = await open('viewer', { locale: 'en-US' })
      await viewer.getByText('You may look at commands.').waitFor()
      assert.equal(await viewer.getByRole('heading', { name: 'New command' }).count(), 0)
      await viewer.getByRole('button', { name: 'Look at open sw-001' }).first().click()
      await standing(viewer).getByText('Verified').waitFor()
      const acting = /^(Approve|Reject|Take back|Decide|Place a tag …|Remove.*|Continue …)$/
      assert.equal(await viewer.getByRole('button', { name: acting }).count(), 0)
      await viewer.getByText('All commands').click()
      await viewer.getByRole('region', { name: 'All commands' }).waitFor()
      await stage().checkAccess(viewer)
      await stage().picture(viewer, 'commands-viewer-en')
      assert.deepEqual(stage().complaints(), [])
    })
  })
}
