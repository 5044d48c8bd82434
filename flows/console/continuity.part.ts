import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, describe, it } from 'mocha'
import type { Page } from 'playwright-core'
import { installation } from '../../platform/runtime/installation.ts'
import { runProgram } from '../supervised.fixture.ts'
import { waitUntil } from '../waiting.fixture.ts'
import type { ConsoleStage } from './console-stage.fixture.ts'

interface Outage {
  readonly interruptionId: number
  readonly elementId: string
  readonly unitsOut: number
}

const quality = '/api/quality/continuity'

/** Continuity: what is out, where, what it costs, and what two persons decide about it. */
export function describeContinuity(stage: () => ConsoleStage): void {
  describe('continuity', () => {
    let interruptionId: number

    before(async function () {
      this.timeout(180_000)
      const { host, port, user, password, database } = stage().system.database.running
      const login = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: database }
      const registers = ['import', join(installation, 'docs', 'registers')]
      const { code, err } = await runProgram('../nodes/continuity/registers/registers-cli.js', registers, login)
      assert.equal(code, 0, err)
      // The live stream reads conjuntos and limits anew every five minutes, and at its start.
      await stage().system.nodeRed.kill()
      await stage().system.nodeRed.start()
    })

    /** A crew tells how the fuse of feeder-02-b, which does not report, stands from now on. */
    async function turnFuse(closed: '' | 'ABC'): Promise<void> {
      const operation = { switchId: 'fu-001', at: new Date().toISOString(), closed, evidence: 'Crew 7 by radio' }
      const answer = await stage().caller('operator').post(`${quality}/operations`, operation)
      assert.equal(answer.status, 204, answer.text)
    }
    const section = (page: Page, sectionId: string, state: string) =>
      page.locator(`svg [data-section="${sectionId}"][data-state="${state}"]`)

    it('shows an interruption as it begins, on the feeder where it is, and as it ends', async () => {
      const page = await stage().open('continuity', 'operator')
      await page.getByRole('heading', { level: 1, name: 'Continuidade' }).waitFor()
      await page.getByLabel('Alimentador').selectOption('feeder-02')
      await section(page, 'feeder-02-b', 'supplied').waitFor()
      assert.equal(await page.locator('.lv-continuity-open tr[data-element="fu-001"]').count(), 0)

      await turnFuse('')
      const row = page.locator('.lv-continuity-open tr[data-element="fu-001"]')
      await row.waitFor({ timeout: 60_000 })
      const { items } = (await stage().caller('operator').get(`${quality}/outages`)).body as { items: Outage[] }
      const outage = items.find(({ elementId }) => elementId === 'fu-001')!
      interruptionId = outage.interruptionId
      assert.equal(outage.unitsOut, 4)
      assert.equal(await row.locator('.lv-continuity-out').innerText(), '4')
      await row.getByRole('button', { name: `Ver a interrupção ${interruptionId}, chave fu-001` }).click()
      await page.getByRole('heading', { name: `Interrupção ${interruptionId}: chave fu-001` }).waitFor()
      assert.ok(page.url().endsWith(`/dashboard/continuity?interruption=${interruptionId}`))
      await page.getByText('Quanto custa, conforme como conta').waitFor()

      await section(page, 'feeder-02-b', 'out').waitFor()
      assert.equal(await section(page, 'feeder-02-a', 'supplied').count(), 1)
      assert.equal(await page.locator('svg [data-switch="fu-001"]').getAttribute('data-position'), 'open')
      // Said by words too, in the drawing and beside it.
      assert.match((await section(page, 'feeder-02-b', 'out').textContent())!, /✕ sem energia\s*4 unidades/)
      await page.getByRole('img', { name: /feeder-02: 1 de 2 trechos sem energia, 4 unidades/ }).waitFor()
      await page.getByText('O mesmo em texto').click()
      const told = await page.locator('.lv-continuity-text tr[data-section="feeder-02-b"]').innerText()
      assert.match(told, /fu-001, aberta \(fora do normal\)\s+sem energia\s+4/)
      await stage().checkAccess(page)
      await stage().picture(page, 'continuity-light')

      const ended = page.locator('.lv-continuity-ended li[data-element="fu-001"]')
      const endedBefore = await ended.count()
      await turnFuse('ABC')
      await waitUntil('it is among what has ended', async () => (await ended.count()) > endedBefore)
      await row.waitFor({ state: 'detached' })
      await page.getByText(/^Terminou: a energia voltou/).waitFor()
      await section(page, 'feeder-02-b', 'supplied').waitFor({ timeout: 60_000 })
      assert.equal(await page.locator('svg [data-switch="fu-001"]').getAttribute('data-position'), 'closed')
      assert.deepEqual(stage().complaints(), [])
    })

    it('shows DEC and FEC of each conjunto against the limits of the API, and how far a critical day is', async () => {
      const page = await stage().open('continuity', 'viewer', {
        ...({ locale: 'en-US', colorScheme: 'dark', viewport: { width: 800, height: 1_100 } } as const),
      })
      type Limits = { conjuntoId: string; decLimit: number | null; fecLimit: number | null }[]
      const read = async () => (await stage().caller('viewer').get(`${quality}/conjuntos`)).body as Limits
      // The month of a conjunto is there once it was computed.
      await waitUntil('the conjuntos', async () => (await read()).length > 0, { withinMs: 90_000 })
      const conjuntos = await read()
      for (const { conjuntoId, decLimit, fecLimit } of conjuntos) {
        const row = page.locator(`.lv-continuity-conjuntos tr[data-conjunto="${conjuntoId}"]`)
        await row.waitFor()
        const text = await row.innerText()
        for (const limit of [decLimit, fecLimit])
          assert.match(text, limit === null ? /no limit entered/ : new RegExp(`of ${limit.toFixed(2)}`))
        assert.match(text, /not known: no history|emergency occurrences/)
      }
      await stage().checkAccess(page)
      await stage().picture(page, 'continuity-tablet-dark')
      assert.deepEqual(stage().complaints(), [])
    })

    it('an exclusion is decided by another person: a viewer sees it and nothing to decide by', async () => {
      const { caller } = stage()
      const propose = async (kind: string, body: object): Promise<number> => {
        const proposal = { kind, body, evidence: 'Processo 48500.000123/2026' }
        const answer = await caller('operator').post('/api/approvals', proposal)
        assert.equal(answer.status, 201, answer.text)
        return (answer.body as { approvalId: number }).approvalId
      }
      const statusOf = async (approvalId: number): Promise<string> =>
        ((await caller('viewer').get(`/api/approvals/${approvalId}`)).body as { status: string }).status
      const first = await propose('continuity/exclusion', { interruptionId, reason: 'external-origin' })

      const viewer = await stage().open('continuity', 'viewer')
      await viewer.locator(`tr[data-approval="${first}"]`).waitFor()
      assert.equal(await viewer.getByRole('button', { name: /^Decidir/ }).count(), 0)

      const page = await stage().open('continuity', 'engineer', { locale: 'en-US' })
      await page.getByRole('button', { name: `Decide on Exclusion ${first}` }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('Processo 48500.000123/2026').waitFor()
      await dialog.getByText('origin outside of the distribution system (178 h)').waitFor()
      await stage().checkAccess(page)
      await stage().picture(page, 'continuity-decision')
      await dialog.getByRole('button', { name: 'Approve' }).click()
      await page.getByText('Approved.').waitFor()
      assert.equal(await statusOf(first), 'approved')
      await page.locator(`tr[data-approval="${first}"]`).waitFor({ state: 'detached' })

      const found = await caller('viewer').get(`${quality}/interruptions/${interruptionId}`)
      const [exclusion] = (found.body as { exclusions: { exclusionId: number }[] }).exclusions
      const second = await propose('continuity/exclusion-taken-back', { exclusionId: exclusion!.exclusionId })
      await page.reload()
      await page.getByRole('button', { name: `Decide on Exclusion taken back ${second}` }).click()
      await dialog.getByRole('button', { name: 'Reject' }).click()
      await dialog.getByRole('alert').getByText('To reject, say why.').waitFor()
      await dialog.getByLabel('Reason for rejecting').fill('the report names another feeder')
      await dialog.getByRole('button', { name: 'Reject' }).click()
      await page.getByText('Rejected.').waitFor()
      await waitUntil('the rejection', async () => (await statusOf(second)) === 'rejected')
      assert.deepEqual(stage().complaints(), [])
    })

    it('says so where a link leads to an interruption that is not there', async () => {
      const page = await stage().open('continuity?interruption=999999', 'viewer', { locale: 'en-US' })
      await page.getByText('Interruption 999999 is not among those').waitFor()
      assert.deepEqual(stage().complaints(), [])
    })
  })
}
