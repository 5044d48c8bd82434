import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type QueryResultRow } from 'pg'
import { type BrokerUser, brokerUsers } from '../platform/broker/rights.ts'
import { startChild } from '../platform/runtime/child-part.ts'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../platform/runtime/embedded-database.ts'
import { freePort } from '../platform/runtime/ports.ts'
import { readEnvironment } from '../platform/runtime/environment.ts'
import { installation } from '../platform/runtime/installation.ts'
import { brokerEnvironment, partEnvironment } from '../platform/runtime/part-environment.ts'
import { openUsers } from '../platform/runtime/users.ts'
import { migrate } from '../platform/storage/migrate.ts'
import { startMosquitto } from './mosquitto.fixture.ts'
import { NodeRedProcess } from './node-red-process.fixture.ts'
import { usersEnv } from './users.fixture.ts'

export interface SystemOptions {
  /** mosquitto, as in a real field, or the broker that `npm start` brings. */
  readonly broker: 'mosquitto' | 'embedded'
  /** Settings beside those that place the parts, and what else Node-RED shall find in its environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Puts something between Node-RED and the broker. @returns its port on loopback, where Node-RED finds the broker */
  readonly between?: (brokerPort: number) => Promise<number>
  /** Hears every line that the parts write. */
  readonly onLine?: (line: string) => void
}

/** Everything that runs in operation, on free ports of the loopback and in a folder of its own; nothing of it is left by `stop`. */
export interface RunningSystem {
  readonly brokerPort: number
  readonly brokerUrl: string
  readonly brokerPid: number
  /** MQTT over WebSocket. */
  readonly brokerWsUrl: string
  /** Stops the broker in order and starts it again, where it was; the embedded one has forgotten everything then. */
  restartBroker(): Promise<void>
  /** Passwords of the broker's users; this mosquitto asks for none. */
  readonly passwords: Readonly<Record<BrokerUser, string>>
  /** How a device connects, */
  readonly field: { readonly username: string; readonly password: string }
  /** and a process of the simulator. */
  readonly fieldEnv: { readonly MQTT_USER: string; readonly MQTT_PASSWORD: string }
  readonly nodeRed: NodeRedProcess
  /** Starts another Node-RED with the same flows on the same database and broker; it ends with the rest. */
  secondNodeRed(): Promise<NodeRedProcess>
  readonly database: RunningDatabase
  readonly dataDir: string
  /** Content of each file of the flows. */
  flowFiles(): Record<string, string>
  /** The last lines that the parts wrote. */
  lastLines(): string
  stop(): Promise<void>
}

export async function startSystem({ broker, env = {}, between, onLine }: SystemOptions): Promise<RunningSystem> {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-system-'))
  // PostgreSQL may have to run as another user, who must get in.
  chmodSync(folder, 0o755)
  const lines: string[] = []
  const log = (part: string) => (line: string) => {
    if (line.includes('no privileges were granted') || /: (New (client|connection)|Client .* closed)/.test(line)) return
    const told = `${new Date().toISOString().slice(11, 23)} ${part}: ${line}`
    onLine?.(told)
    lines.push(told.slice(0, 200))
    if (lines.length > 60) lines.shift()
  }
  const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const stop = async (): Promise<void> => {
    for (const stopPart of stops.splice(0).toReversed()) await stopPart()
  }
  try {
    const database = new RunningDatabase(join(folder, 'data'), log('postgresql'))
    stops.push(() => database.stop())
    await database.start()

    const port = env['PORT'] === undefined ? await freePort() : Number(env['PORT'])
    const flowsDir = copiedFlows(join(folder, 'flows'))
    const password = (user: BrokerUser) => [user, `of ${user} ${port}`]
    const passwords = Object.fromEntries(brokerUsers.map(password)) as Record<BrokerUser, string>
    const settings = { ...usersEnv, ...env, PORT: String(port), DATA_DIR: join(folder, 'data'), FLOWS_DIR: flowsDir }

    const started =
      broker === 'mosquitto' ? startField(folder, log('mosquitto')) : startEmbedded(settings, passwords, log('broker'))
    const { brokerPort, wsPort, brokerPid, restartBroker, stopBroker } = await started
    stops.push(stopBroker)
    const brokerUrl = `mqtt://127.0.0.1:${brokerPort}`
    const seen = between ? `mqtt://127.0.0.1:${await between(brokerPort)}` : brokerUrl
    const nodeRedWith = (own: typeof settings, part: string): NodeRedProcess => {
      const environment = readEnvironment({ ...own, MQTT_URL: seen })
      const { made: _, ...users } = openUsers(environment, environment.DATA_DIR)
      const known = broker === 'embedded' ? passwords : undefined
      const nodeRedEnv = partEnvironment({ ...process.env, ...env }, environment, database.running, known)
      const process_ = new NodeRedProcess(Number(own.PORT), { ...nodeRedEnv, ...users }, log(part))
      stops.push(() => process_.stop())
      return process_
    }
    const nodeRed = nodeRedWith(settings, 'node-red')
    await nodeRed.start()
    await nodeRed.healthy()
    return {
      ...{ brokerPort, brokerUrl, brokerPid, restartBroker, passwords, nodeRed, database, stop },
      ...{ brokerWsUrl: `ws://127.0.0.1:${wsPort}`, dataDir: join(folder, 'data') },
      async secondNodeRed() {
        const [DATA_DIR, FLOWS_DIR] = [join(folder, 'data-2'), copiedFlows(join(folder, 'flows-2'))]
        mkdirSync(DATA_DIR)
        const second = nodeRedWith({ ...settings, PORT: String(await freePort()), DATA_DIR, FLOWS_DIR }, 'node-red 2')
        await second.start()
        await second.healthy()
        return second
      },
      field: { username: 'field', password: passwords.field },
      fieldEnv: { MQTT_USER: 'field', MQTT_PASSWORD: passwords.field },
      flowFiles: () =>
        Object.fromEntries(readdirSync(flowsDir).map((file) => [file, readFileSync(join(flowsDir, file), 'utf8')])),
      lastLines: () => lines.join('\n'),
    }
  } catch (error) {
    await stop()
    throw new Error(`the system does not start: ${String(error)}\n${lines.join('\n')}`, { cause: error })
  }
}

/** The shipped flows, in a folder that is made for them. @returns the folder */
function copiedFlows(folder: string): string {
  mkdirSync(folder)
  for (const file of readdirSync(join(installation, 'flows')).filter((name) => name.endsWith('.json')))
    cpSync(join(installation, 'flows', file), join(folder, file))
  return folder
}

interface StartedBroker {
  readonly brokerPort: number
  readonly wsPort: number
  /** 0: of the embedded one nobody asks. */
  readonly brokerPid: number
  restartBroker(): Promise<void>
  stopBroker(): Promise<void>
}

async function startField(folder: string, log: (line: string) => void): Promise<StartedBroker> {
  const wsPort = await freePort()
  const mosquitto = await startMosquitto(folder, log, [`listener ${wsPort} 127.0.0.1`, 'protocol websockets'])
  const { port, pid, restart, stop } = mosquitto
  return { brokerPort: port, wsPort, brokerPid: pid, restartBroker: restart, stopBroker: stop }
}

async function startEmbedded(
  settings: NodeJS.ProcessEnv,
  passwords: Readonly<Record<BrokerUser, string>>,
  log: (line: string) => void,
): Promise<StartedBroker> {
  const [brokerPort, wsPort] = [await freePort(), await freePort()]
  const start = () =>
    startChild(
      {
        script: join(installation, 'dist/platform/runtime/embedded-broker-process.js'),
        env: {
          ...brokerEnvironment({ ...process.env }, readEnvironment(settings), passwords),
          MQTT_PORT: String(brokerPort),
          MQTT_WS_PORT: String(wsPort),
        },
        ready: 'message',
        patienceMs: 3_000,
        onLine: log,
      },
      new AbortController().signal,
    )
  let part = await start()
  const stopBroker = (): Promise<void> => part.stop()
  const restartBroker = async (): Promise<void> => {
    await stopBroker()
    part = await start()
  }
  return { brokerPort, wsPort, brokerPid: 0, restartBroker, stopBroker }
}

/** A PostgreSQL with the settings of operation: what it says is stored survives `kill -9`. */
export class RunningDatabase {
  #dataDir: string
  #log: (line: string) => void
  #server: EmbeddedDatabase | undefined
  #watch: ChildProcess | undefined

  constructor(dataDir: string, log: (line: string) => void) {
    this.#dataDir = dataDir
    this.#log = log
  }

  get running(): EmbeddedDatabase['running'] {
    return this.#server!.running
  }

  get pid(): number {
    return this.#server!.pid
  }

  get owner(): EmbeddedDatabase['owner'] {
    return this.#server!.owner
  }

  /** For roles that nobody else may make. */
  get superuser(): EmbeddedDatabase['superuser'] {
    return this.#server!.superuser
  }

  /** Starts it, again on the port it had before. */
  async start(): Promise<void> {
    const port = this.#server?.running.port
    this.#server = await startEmbeddedDatabase({
      dataDir: this.#dataDir,
      log: this.#log,
      ...(port !== undefined && { port }),
    })
    await migrate(this.#server.owner, this.#server.running.user, () => undefined)
    // It outlives us when we are killed: the shell then ends it.
    this.#watch = spawn('/bin/sh', ['-c', 'read -r _; kill -QUIT "$0"', String(this.#server.pid)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
  }

  /** `kill -9` of the server; its workers end when they notice. */
  async kill(): Promise<void> {
    this.#watch?.kill('SIGKILL')
    process.kill(this.#server!.pid, 'SIGKILL')
    await this.#server!.ended
  }

  async stop(): Promise<void> {
    this.#watch?.kill('SIGKILL')
    await this.#server?.stop()
    if (this.#server) rmSync(this.#server.dataDirectory, { recursive: true, force: true })
  }

  /** One statement on a connection of its own, as the owner of the schema. */
  async query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new Client({ ...this.owner, connectionTimeoutMillis: 5_000 })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query<Row>(text, values)).rows
    } finally {
      await client.end()
    }
  }

  /** The only row of a statement. */
  async row<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row> {
    return (await this.query<Row>(text, values))[0]!
  }
}

/** A moment at random, so that repeated runs kill at ever other moments. */
export const anyMoment = (mostMs: number): Promise<void> => sleep(Math.random() * mostMs)
