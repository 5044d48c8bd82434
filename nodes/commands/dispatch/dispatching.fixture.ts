import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach } from 'mocha'
import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { startEmbeddedBroker, type EmbeddedBroker } from '../../../platform/runtime/embedded-broker.ts'
import { freePort } from '../../../platform/runtime/ports.ts'
import { useDatabase, type TestDatabase } from '../../../platform/storage/test-database.ts'
import type { AckStatus, CommandMessage } from '../../../platform/wire/command.ts'
import type { CommandState } from '../domain/command.ts'
import { changeCommands, type CommandAct, type MadeCommand } from '../keeper/change-commands.ts'
import { commandById } from '../keeper/command-repository.ts'
import type { KeptCommand } from '../keeper/kept-command.ts'
import type { Forbidden, Intended } from '../interlocks/interlock.ts'
import { aMadeCommand, begun } from '../made-command.fixture.ts'
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts'

const passwords = { linhaviva: 'l', dispatcher: 'd', flows: 'f', field: 'x' }

export const testConnection = { username: 'dispatcher', password: passwords.dispatcher }

/** A message as a device heard it. */
export interface Heard extends CommandMessage {
  readonly deviceId: string
  readonly qos: number
  readonly retained: boolean
}

export interface TestDispatch extends TestDatabase {
  /** What all dispatchers take for now, UTC milliseconds: stands still unless it is set. */
  now: number
  /** What forbids commands right before they are sent. */
  forbidding: (intended: Intended) => readonly Forbidden[]
  /** What the field has heard since the test began, in its order. */
  readonly heard: readonly Heard[]
  readonly faults: readonly string[]
  readonly url: string
  startBroker(): Promise<void>
  stopBroker(): Promise<void>
  start(of?: Partial<DispatcherOptions>): Dispatcher
  make(of?: Partial<MadeCommand>): Promise<string>
  happen(commandId: string, event: CommandAct['event']): Promise<void>
  answer(commandId: string, status: AckStatus): Promise<void>
  of(commandId: string): Promise<KeptCommand>
  /** Waits until it stands there. */
  stands(commandId: string, state: CommandState): Promise<KeptCommand>
  hears(count: number): Promise<void>
}

/** Gives a suite a database, a broker, a field that listens, and dispatchers whose clock stands still unless it is set. */
export function useDispatch(): TestDispatch {
  const test = useDatabase()
  let folder: string
  let port: number
  let broker: EmbeddedBroker | undefined
  let field: MqttClient | undefined
  let dispatchers: Dispatcher[] = []
  let heard: Heard[] = []
  let faults: string[] = []

  const dispatch: TestDispatch = {
    ...{ now: begun, forbidding: () => [] },
    get database() {
      return test.database
    },
    get login() {
      return test.login
    },
    get owner() {
      return test.owner
    },
    get server() {
      return test.server
    },
    get heard() {
      return heard
    },
    get faults() {
      return faults
    },
    get url() {
      return `mqtt://127.0.0.1:${port}`
    },
    async startBroker() {
      const access = { passwords, devicesFile: join(folder, 'devices') }
      broker = await startEmbeddedBroker({ host: '127.0.0.1', port, webSocketPort: 0, access })
      field = await connectAsync(dispatch.url, { username: 'field', password: passwords.field, reconnectPeriod: 0 })
      field.on('error', () => undefined)
      field.on('message', (topic, payload, { qos, retain }: IPublishPacket) => {
        if (payload.length === 0) return
        const message = JSON.parse(payload.toString()) as CommandMessage
        heard.push({ ...message, deviceId: topic.split('/')[2]!, qos, retained: retain })
      })
      await field.subscribeAsync('grid/commands/+', { qos: 1 })
    },
    async stopBroker() {
      await field?.endAsync(true)
      await broker?.stop()
      broker = undefined
    },
    start(of = {}) {
      const dispatcher = new Dispatcher(test.database, {
        ...{ url: dispatch.url, connection: testConnection },
        ...{ secret: 'secret of a test', clock: { now: () => dispatch.now }, clockIsSet: () => true },
        forbidding: async (_queries, intended) => intended.map((one) => dispatch.forbidding(one)),
        report: (fault) => faults.push(String(fault)),
        ...of,
      })
      dispatchers.push(dispatcher)
      return dispatcher
    },
    async make(of = {}) {
      const made = aMadeCommand(of)
      await test.database.transaction((client) =>
        changeCommands(client, [{ made, by: { username: 'ana' } }], dispatch.now),
      )
      return made.commandId
    },
    async happen(commandId, event) {
      await test.database.transaction((client) =>
        changeCommands(client, [{ commandId, event, by: null }], dispatch.now),
      )
    },
    answer: (commandId, status) => dispatch.happen(commandId, { kind: 'answered', status }),
    of: async (commandId) => (await commandById(test.database, commandId))!,
    async stands(commandId, state) {
      await waitUntil(`${commandId} ${state}`, async () => (await dispatch.of(commandId)).state === state, 8_000)
      return dispatch.of(commandId)
    },
    hears: (count) => waitUntil(`${count} messages`, () => heard.length >= count, 8_000).then(() => undefined),
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dispatch-'))
    port = await freePort()
  })
  beforeEach(async () => {
    ;[heard, faults, dispatch.now, dispatch.forbidding] = [[], [], begun, () => []]
    await dispatch.startBroker()
  })
  afterEach(async () => {
    await Promise.all(dispatchers.map((one) => one.close()))
    dispatchers = []
    await dispatch.stopBroker()
    // What a test left open is none of the next one's.
    await test.database.query(
      "update command set state = 'cancelled', send_at = null, due_at = null, in_flight = false",
    )
  })
  after(() => rmSync(folder, { recursive: true }))
  return dispatch
}
