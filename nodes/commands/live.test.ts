import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import type { NodeAPI } from 'node-red'
import type { Services } from '../../platform/http/services.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { startEmbeddedBroker } from '../../platform/runtime/embedded-broker.ts'
import { freePort } from '../../platform/runtime/ports.ts'
import { runServices } from '../../platform/runtime/running.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { changeCommands } from './keeper/change-commands.ts'
import { runningCommands } from './keeper/running-commands.ts'
import register from './live.ts'
import { aMadeCommand } from './made-command.fixture.ts'

const passwords = { linhaviva: 'l', dispatcher: 'd', flows: 'f', field: 'x' }

describe('commands in a process of the platform', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('are sent and shown, whatever flows there are, until it stops', async () => {
    const { database } = test
    const folder = mkdtempSync(join(tmpdir(), 'commands-live-'))
    const port = await freePort()
    const settings = {
      ...{ DATA_DIR: folder, MQTT_URL: `mqtt://127.0.0.1:${port}` },
      ...{ MQTT_DISPATCHER_USER: 'dispatcher', MQTT_DISPATCHER_PASSWORD: 'd' },
    }
    Object.assign(process.env, settings)
    const access = { passwords, devicesFile: join(folder, 'devices') }
    const broker = await startEmbeddedBroker({ host: '127.0.0.1', port, webSocketPort: 0, access })
    const stopping = new AbortController()
    runServices({ database, environment: readEnvironment(settings), stopping: stopping.signal } as Services)
    register({
      log: { error: (fault: string) => assert.fail(fault) },
      plugins: { registerPlugin: (_id: string, { onadd }: { onadd(): void }) => onadd() },
    } as unknown as NodeAPI)
    try {
      await database.query(
        `insert into device (device_id, kind, status, first_seen_at) values ('meter-1', 'meter', 'active', to_timestamp(0))`,
      )
      const made = aMadeCommand({ deviceId: 'meter-1', type: 'read_now', expiresAt: Date.now() + 600_000 })
      await database.transaction((client) => changeCommands(client, [{ made, by: { username: 'ana' } }], Date.now()))
      await waitUntil('its delivery', () => liveHub.get('commands', made.commandId)?.state === 'delivered')
      assert.ok(runningCommands(database))
    } finally {
      stopping.abort()
      runServices(undefined)
      await waitUntil('its end', () => runningCommands(database) === undefined)
      await broker.stop()
      for (const name of Object.keys(settings)) delete process.env[name]
      rmSync(folder, { recursive: true })
    }
  })
})
