import assert from 'node:assert/strict'
import { it } from 'mocha'
import type { ConsoleStage } from './console-stage.fixture.ts'

/** The overview: what it shows, that it leads on, and that it says so when it does not know. */
export function describeOverview(stage: () => ConsoleStage): void {
  it('overview: shows feeders against their limit, says who set it, and leads there', async () => {
    const feederId = 'feeder-01'
    const set = await stage()
      .caller('operator')
      .post(`/api/feeders/${feederId}/limits`, { value: 0.5, durationMinutes: 30, reason: 'transformer runs hot' })
    assert.equal(set.status, 201, JSON.stringify(set.body))
    const page = await stage().open('overview', 'viewer')
    const table = page.getByRole('region', { name: 'Carga dos alimentadores' })
    await table.getByRole('row', { name: new RegExp(`${feederId}.*operador \\(${set.body.limitId}\\)`) }).waitFor()
    await page.getByRole('link', { name: /^Dados\s*(em ordem|degradado)/ }).waitFor()
    assert.equal(await page.getByText('desconhecido', { exact: true }).count(), 0)
    await stage().checkAccess(page)
    await stage().picture(page, 'overview-light')
    await table.getByRole('link', { name: feederId }).click()
    await page.waitForURL(`${stage().url}/dashboard/feeders?feeder=${feederId}`)
    assert.deepEqual(stage().complaints(), [])
  })

  it('overview: what is not connected is unknown, and heals by itself', async () => {
    const page = await stage().open('overview', 'operator', {
      ...{ locale: 'en-US', colorScheme: 'dark', viewport: { width: 800, height: 1100 } },
    })
    const figure = page.getByRole('link', { name: /^Customers without supply/ })
    await figure.filter({ hasText: 'open interruptions' }).waitFor()
    await stage().picture(page, 'overview-dark')
    let isCut = true
    const sockets: { close(): Promise<void> }[] = []
    await page.routeWebSocket(/\/api\/live$/, (socket) => {
      if (isCut) void socket.close()
      else sockets.push(socket.connectToServer())
    })
    await page.reload()
    await figure.filter({ hasText: 'unknown' }).waitFor()
    await page.getByText('Connection to the server lost').waitFor()
    assert.equal(await page.getByText('No news: not known now').count(), 5)
    isCut = false
    await figure.filter({ hasText: 'open interruptions' }).waitFor()
    assert.equal(await page.getByText('No news: not known now').count(), 0)
    isCut = true
    for (const socket of sockets) await socket.close()
    await figure.filter({ hasText: 'unknown' }).waitFor()
    stage().complaints()
  })
}
