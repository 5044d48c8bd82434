import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { connectAsync } from 'mqtt'
import { startEmbeddedBroker, type EmbeddedBroker } from '../../../platform/runtime/embedded-broker.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { changeCommands } from '../keeper/change-commands.ts'
import { aMadeCommand } from '../made-command.fixture.ts'
import { dispatchCommands } from './running-dispatch.ts'

describe('the dispatching of commands in a process', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const variables = ['DATA_DIR', 'MQTT_URL'] as const
  const earlier = variables.map((name) => process.env[name])
  let folder: string
  let broker: EmbeddedBroker
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'running-dispatch-'))
    broker = await startEmbeddedBroker({ host: '127.0.0.1', port: 0, webSocketPort: 0, access: 'everybody' })
    Object.assign(process.env, { DATA_DIR: folder, MQTT_URL: `mqtt://127.0.0.1:${broker.port}` })
  })
  after(async () => {
    for (const [index, name] of variables.entries())
      if (earlier[index] === undefined) delete process.env[name]
      else process.env[name] = earlier[index]
    await broker.stop()
    rmSync(folder, { recursive: true })
  })

  it('is done once for all who want it, at the broker of the environment, and ends with the last of them', async () => {
    const faults: unknown[] = []
    const nothing = async (_queries: unknown, intended: readonly unknown[]) => intended.map(() => [])
    const start = () => dispatchCommands(test.database, nothing, (fault) => faults.push(fault))
    const [first, second] = [start(), start()]
    assert.equal(first.kept, second.kept)
    await first.release()
    const field = await connectAsync(process.env['MQTT_URL']!)
    const heard: string[] = []
    field.on('message', (_topic, payload) =>
      heard.push((JSON.parse(payload.toString()) as { command_id: string }).command_id),
    )
    await field.subscribeAsync('grid/commands/sw-1', { qos: 1 })
    const now = Date.now()
    const made = aMadeCommand({ expiresAt: now + 60_000 })
    await test.database.transaction((client) => changeCommands(client, [{ made, by: { username: 'ana' } }], now))
    await waitUntil('the command', () => heard.length > 0)
    assert.deepEqual(heard, [made.commandId])
    await second.release()
    await field.endAsync(true)
    const third = start()
    assert.notEqual(third.kept, first.kept)
    await third.release()
    assert.deepEqual(faults, [])
  })
})
