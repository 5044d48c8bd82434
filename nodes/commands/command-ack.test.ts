import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aedes } from 'aedes'
import { after, afterEach, before, describe, it } from 'mocha'
import { connectAsync } from 'mqtt'
import brokerNode from '../../platform/broker/broker.ts'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { startEmbeddedBroker, type EmbeddedBroker } from '../../platform/runtime/embedded-broker.ts'
import { freePort } from '../../platform/runtime/ports.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { isHeard } from './acks/listener-repository.ts'
import commandAck from './command-ack.ts'
import { changeCommands } from './keeper/change-commands.ts'
import { aMadeCommand } from './made-command.fixture.ts'
import type { CommandAnswers, RefusedAnswers } from './messages.ts'

const passwords = { linhaviva: 'l', dispatcher: 'd', flows: 'f', field: 'x' }

describe('command ack', function () {
  this.timeout(60_000)
  const test = useDatabase()
  let folder: string
  let port: number
  let broker: EmbeddedBroker | undefined
  let flow: TestFlow | undefined

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'command-ack-'))
    process.env['DATA_DIR'] = folder
    port = await freePort()
  })
  after(() => {
    delete process.env['DATA_DIR']
    rmSync(folder, { recursive: true })
  })
  afterEach(async () => {
    await flow?.stop()
    flow = undefined
    await broker?.stop()
    broker = undefined
  })

  async function startBroker(): Promise<void> {
    const access = { passwords, devicesFile: join(folder, 'devices') }
    broker = await startEmbeddedBroker({ host: '127.0.0.1', port, webSocketPort: 0, access })
  }
  async function run(user = 'linhaviva'): Promise<TestFlow> {
    const { host, port: databasePort, database, user: databaseUser, password } = test.login
    flow = await startFlow(
      [postgresql, brokerNode, commandAck],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(databasePort), database, user: databaseUser },
        { id: 'broker', type: 'linhaviva-broker', url: `mqtt://127.0.0.1:${port}`, user, protocol: '3.1.1' },
        { id: 'ack', type: 'linhaviva-command-ack', broker: 'broker', database: 'db', wires: [['answers'], ['none']] },
        { id: 'answers', type: 'helper', wires: [] },
        { id: 'none', type: 'helper', wires: [] },
      ],
      { db: { password }, broker: { password: passwords[user as keyof typeof passwords] } },
    )
    return flow
  }
  /** A command that was sent to a device of its own. */
  async function sent(deviceId: string): Promise<string> {
    const now = Date.now()
    const made = aMadeCommand({ deviceId, expiresAt: now + 600_000 })
    const { commandId } = made
    await test.database.transaction((client) => changeCommands(client, [{ made, by: { username: 'ana' } }], now))
    const event = { kind: 'dispatching', controlNumber: 1 } as const
    await test.database.transaction((client) => changeCommands(client, [{ commandId, event, by: null }], now))
    return commandId
  }
  const ack = (commandId: string, status = 'accepted', more: object = {}) =>
    JSON.stringify({ command_id: commandId, status, at: new Date().toISOString(), ...more })
  async function say(...messages: [deviceId: string, payload: string][]): Promise<void> {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { username: 'field', password: 'x' })
    for (const [deviceId, payload] of messages) await client.publishAsync(`grid/acks/${deviceId}`, payload, { qos: 1 })
    await client.endAsync()
  }
  const answers = () =>
    ((flow?.received('answers') ?? []) as unknown as CommandAnswers[]).flatMap(({ payload }) => payload)
  const stateOf = async (commandId: string) =>
    (await test.database.query<{ state: string }>('select state from command where command_id = $1', [commandId]))[0]!
      .state

  it('lets answers of devices happen, and tells what came of each', async () => {
    await startBroker()
    await run()
    await flow!.showed('ack', 'command-ack.status.connected')
    await waitUntil('that it hears', () => isHeard(test.database, Date.now() - 20_000))
    const commandId = await sent('sw-1')
    const other = crypto.randomUUID()
    await say(['sw-1', ack(commandId)], ['sw-1', ack(commandId)], ['sw-2', ack(commandId, 'rejected')])
    await say(['sw-1', ack(other)])
    await waitUntil('four answers', () => answers().length === 4)
    assert.deepEqual(
      answers().map(({ deviceId, status, state, hadEffect }) => [deviceId, status, state, hadEffect]),
      [
        ['sw-1', 'accepted', 'accepted', true],
        ['sw-1', 'accepted', 'accepted', false],
        // Nobody answers for another one.
        ['sw-2', 'rejected', null, false],
        ['sw-1', 'accepted', null, false],
      ],
    )
    assert.equal(await stateOf(commandId), 'accepted')
    await flow!.showed('ack', 'command-ack.status.heard')
  })

  it('sends what is no answer out below, with why', async () => {
    await startBroker()
    await run()
    await flow!.showed('ack', 'command-ack.status.connected')
    await say(['sw-1', '{'], ['sw-1', ack(crypto.randomUUID(), 'done')])
    const refused = () =>
      ((flow?.received('none') ?? []) as unknown as RefusedAnswers[]).flatMap(({ payload }) => payload)
    await waitUntil('both', () => refused().length === 2)
    const [first, second] = refused()
    assert.deepEqual(first, { topic: 'grid/acks/sw-1', problem: 'not JSON', text: '{' })
    assert.match(second!.problem, /^status is "done": it takes selected, accepted,/)
    assert.equal(answers().length, 0)
  })

  it('hears after a restart what was said meanwhile', async () => {
    await startBroker()
    await run()
    await flow!.showed('ack', 'command-ack.status.connected')
    const commandId = await sent('sw-3')
    await flow!.stop()
    flow = undefined
    await say(['sw-3', ack(commandId, 'rejected', { reason: 'in local' })])
    await run()
    await waitUntil('its end', async () => (await stateOf(commandId)) === 'rejected')
  })

  it('says in its status that the broker is away', async () => {
    await run()
    await flow!.showed('ack', /ECONNREFUSED/)
    await startBroker()
    await flow!.showed('ack', 'command-ack.status.connected')
  })

  it('says in its status that the broker refuses it', async () => {
    const refusing = await Aedes.createBroker({ authorizeSubscribe: (_client, _asked, done) => done(null, null) })
    const server = createServer(refusing.handle).listen(port, '127.0.0.1')
    try {
      await once(server, 'listening')
      await run()
      await flow!.showed('ack', 'the broker refuses grid/acks/+')
    } finally {
      await flow?.stop()
      flow = undefined
      refusing.close()
      server.close()
    }
  })
})
