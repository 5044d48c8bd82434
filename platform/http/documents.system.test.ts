import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { describe, it } from 'mocha'
import { chromium } from 'playwright-core'
import { isLoopback } from '../wire/loopback.ts'
import { guardPages } from '../runtime/http-guard.ts'
import { useApi } from './api.fixture.ts'
import { healthRoutes } from './health-routes.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

describe('/api/docs in a browser', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [healthRoutes] })

  it('shows every operation and tries one, under the policy of our pages, asking nobody else', async function () {
    if (!existsSync(executablePath)) {
      console.log(`      skipped: no browser at ${executablePath}; CHROMIUM names another`)
      return this.skip()
    }
    const server = express()
      .use(guardPages({ isOurName: isLoopback, isHttps: () => false }))
      .use(test.api.router)
      .listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      const complaints: string[] = []
      const foreign: string[] = []
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('request', (request) => {
        if (!request.url().startsWith(url) && !request.url().startsWith('data:')) foreign.push(request.url())
      })
      const response = await page.goto(`${url}/api/docs`)
      assert.match(response!.headers()['content-security-policy']!, /script-src 'self'(;|$)/)
      const tags = page.locator('.opblock-tag')
      await tags.first().waitFor()
      assert.equal(await page.locator('.opblock').count(), 0)
      for (const tag of await tags.all()) await tag.click()
      await page.getByText('/api/health').waitFor()
      const shown = await page.locator('.opblock-summary-path').allTextContents()
      const described = test.api.routes.filter(({ hidden }) => !hidden)
      assert.equal(shown.length, described.length)
      await page.getByText('/api/health').click()
      await page.getByRole('button', { name: 'Try it out' }).click()
      await page.getByRole('button', { name: 'Execute' }).click()
      const answer = page.locator('.live-responses-table .response-col_status').first()
      await answer.waitFor()
      // No node of a flow stands for anything here.
      assert.match((await page.locator('.live-responses-table').textContent())!, /503.*"degraded"/s)
      assert.deepEqual(
        complaints.filter((complaint) => !complaint.includes('503')),
        [],
      )
      assert.deepEqual(foreign, [])
    } finally {
      await browser.close()
      server.closeAllConnections()
      server.close()
    }
  })
})
