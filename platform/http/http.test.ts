import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import { runServices } from '../runtime/running.ts'
import { useApi } from './api.fixture.ts'
import register from './http.ts'

/** Loads the plugin as Node-RED does. @returns what it logged */
function load(httpNode: unknown): string[] {
  const logged: string[] = []
  const log = (line: string): void => void logged.push(line)
  register({
    plugins: { registerPlugin: (_id: string, plugin: { onadd(): void }) => plugin.onadd() },
    log: { warn: log, error: log },
    httpNode,
  } as unknown as NodeAPI)
  return logged
}

describe('the plugin of the HTTP API', () => {
  const test = useApi({ routes: [] })
  after(() => runServices(undefined))

  it('answers nothing where Node-RED runs without our settings, and says so', () => {
    assert.deepEqual(load(undefined), ['no API: this Node-RED runs without the settings of Linha Viva'])
  })

  it('answers what is of the API, and leaves the rest to others', async () => {
    runServices(test.services)
    const app = express()
    assert.deepEqual(load(app), [])
    app.use((_request, response) => void response.send('of a flow'))
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const ask = async (path: string): Promise<[number, string]> => {
      const response = await fetch(url + path)
      return [response.status, await response.text()]
    }
    try {
      assert.deepEqual(await ask('/api/health'), [
        503,
        '{"status":"degraded","db":"down","mqtt":"down","influx":"off"}',
      ])
      assert.equal((await ask('/metrics'))[0], 401)
      assert.equal((await ask('/api/users'))[0], 401)
      assert.match((await ask('/api/nowhere'))[1], /"status":404/)
      for (const path of ['/', '/readings', '/apiary', '/%ZZ'])
        assert.deepEqual(await ask(path), [200, 'of a flow'], path)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})
