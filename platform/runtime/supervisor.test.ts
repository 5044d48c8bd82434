import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import diagnostics from 'node:diagnostics_channel'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { Client } from 'pg'
import { readAnchorLines } from '../audit/anchor-files.ts'
import { anchorFolder } from '../audit/anchor-place.ts'
import { entriesAfter } from '../audit/audit-repository.ts'
import { runningDatabase } from '../network/running-database.ts'
import { queriesOf } from '../storage/queries.ts'
import { waitUntil } from '../node/waiting.fixture.ts'
import { freePort } from './ports.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { installation } from './installation.ts'
import type { PartLog } from './part-log.ts'
import { openSecrets } from './secrets.ts'
import { StartError } from './start-error.ts'
import { startSupervisor, type Supervisor } from './supervisor.ts'

describe('supervisor', function () {
  this.timeout(90_000)
  let folder: string
  let environment: Environment
  let supervisor: Supervisor | undefined
  const lines: string[] = []
  const log: PartLog = { write: (part, level, line) => lines.push(`${part} ${level}: ${line}`) }
  const options = (changed: Partial<Environment> = {}): Parameters<typeof startSupervisor>[0] => ({
    environment: { ...environment, ...changed },
    base: { PATH: process.env.PATH },
    simulator: false,
    log,
  })
  const never = new AbortController().signal

  /** Users of the broker that are people's, with their passwords. */
  const users = (): Record<string, string> =>
    JSON.parse(readFileSync(join(environment.DATA_DIR, 'mqtt-users.json'), 'utf8')) as Record<string, string>

  /** Every process started meanwhile. */
  const spawned: ChildProcess[] = []
  const note = (message: unknown): void => void spawned.push((message as { process: ChildProcess }).process)
  const running = (what: string): ChildProcess[] =>
    spawned.filter((child) => isRunning(child) && child.spawnargs.some((word) => word.includes(what)))

  before(async () => {
    diagnostics.subscribe('child_process', note)
    folder = mkdtempSync(join(tmpdir(), 'supervisor-'))
    // PostgreSQL may have to run as another user, who must get in.
    chmodSync(folder, 0o755)
    const flows = join(folder, 'flows')
    mkdirSync(flows)
    for (const file of readdirSync(join(installation, 'flows')).filter((name) => name.endsWith('.json')))
      cpSync(join(installation, 'flows', file), join(flows, file))
    environment = readEnvironment({
      DATA_DIR: join(folder, 'data'),
      FLOWS_DIR: flows,
      PORT: String(await freePort()),
      MQTT_PORT: String(await freePort()),
      MQTT_WS_PORT: String(await freePort()),
    })
  })
  after(async () => {
    await supervisor?.stop()
    diagnostics.unsubscribe('child_process', note)
    rmSync(folder, { recursive: true, force: true })
  })
  afterEach(function () {
    if (this.currentTest?.isFailed()) console.error(lines.slice(-30).join('\n'))
  })

  it('says in one line which port is in use, and lets go of the data directory', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await assert.rejects(startSupervisor(options({ MQTT_WS_PORT: port }), never), (error: unknown) => {
      assert.ok(error instanceof StartError)
      assert.equal(error.message, `port ${port} is in use by another program: set MQTT_WS_PORT to another port`)
      return true
    })
    other.close()
    assert.equal(existsSync(join(environment.DATA_DIR, 'instance.json')), false)
    assert.deepEqual(running(''), [])
  })

  it('starts database, broker and Node-RED, and says where they are', async () => {
    supervisor = await startSupervisor(options(), never)
    const overview = Object.fromEntries(supervisor.overview)
    assert.equal(supervisor.address, `http://localhost:${environment.PORT}/`)
    assert.match(overview.Database!, /^PostgreSQL on 127\.0\.0\.1:\d+ \(embedded\)$/)
    assert.match(overview.MQTT!, new RegExp(`^mqtt://127\\.0\\.0\\.1:${environment.MQTT_PORT}, .*embedded`))
    assert.equal(overview.Simulator, 'off')
    assert.equal(supervisor.madeUsers!.path, join(environment.DATA_DIR, 'users.json'))
    assert.ok(lines.every((line) => supervisor!.madeUsers!.entries.every(({ password }) => !line.includes(password))))
    assert.equal(running('simulator').length, 0)
    await waitUntil('health', async () => {
      const response = await fetch(overview.Health!)
      assert.match(response.headers.get('content-type')!, /json/)
      await response.arrayBuffer()
      return response.status === 200
    })
    const { username, password } = supervisor.madeUsers!.entries[0]!
    const login = await fetch(`http://127.0.0.1:${environment.PORT}/api/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password }),
    })
    assert.equal(login.status, 200)
  })

  it('says where people find the users of the broker, and keeps their passwords to those who need them', function () {
    const overview = Object.fromEntries(supervisor!.overview)
    const file = join(environment.DATA_DIR, 'mqtt-users.json')
    assert.equal(overview['MQTT users'], `field and flows; passwords in ${file}`)
    assert.deepEqual(Object.keys(users()), ['field', 'flows'])
    const said = JSON.stringify([supervisor!.overview, lines])
    const secrets = openSecrets(environment.DATA_DIR)
    for (const secret of Object.values(secrets)) assert.ok(!said.includes(secret))
    if (process.platform !== 'linux') this.skip()
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const knows = (part: string): string[] => {
      const text = readFileSync(`/proc/${running(part)[0]!.pid}/environ`, 'latin1')
      return Object.entries(secrets).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []))
    }
    assert.deepEqual(knows('embedded-broker-process'), ['mqttPlatform', 'mqttDispatcher', 'mqttFlows', 'mqttField'])
    assert.deepEqual(
      knows('red.js').filter((name) => name.startsWith('mqtt')),
      ['mqttPlatform', 'mqttDispatcher'],
    )
  })

  it('starts no simulated field in production, where it has no user at the embedded broker', async () => {
    const users = { AUTH_USERS: '[]', JWT_SECRET: 'not read' }
    const production = { NODE_ENV: 'production', DATA_DIR: join(folder, 'production'), ...users } as const
    await assert.rejects(startSupervisor({ ...options(production), simulator: true }, never), {
      name: 'StartError',
      message: /^the simulated field has no user at the embedded broker in production/,
    })
  })

  it('refuses a second instance on the same data directory in one line', async () => {
    const ports = { PORT: await freePort(), MQTT_PORT: await freePort(), MQTT_WS_PORT: await freePort() }
    await assert.rejects(startSupervisor(options(ports), never), (error: unknown) => {
      assert.ok(error instanceof StartError)
      assert.match(error.message, /^DATA_DIR .* is in use by another instance \(pid \d+\)/)
      assert.ok(!error.message.includes('\n'))
      return true
    })
    assert.ok(existsSync(join(environment.DATA_DIR, 'instance.json')))
  })

  it('starts the broker again after kill -9, on the same port', async () => {
    const [broker] = running('embedded-broker-process')
    assert.ok(broker)
    process.kill(broker.pid!, 'SIGKILL')
    await waitUntil('the broker again', () => lines.includes('broker warn: running again'))
    assert.ok(lines.includes('broker warn: ended (killed by SIGKILL); next start in 1 s'))
    const url = `mqtt://127.0.0.1:${environment.MQTT_PORT}`
    const options = { reconnectPeriod: 0, protocolVersion: 4 as const }
    await assert.rejects(connectAsync(url, options, false), { code: 4 })
    for (const [username, password] of Object.entries(users())) {
      const client = await connectAsync(url, { ...options, username, password }, false)
      await client.endAsync()
    }
    assert.equal(running('embedded-broker-process').length, 1)
  })

  it('has what the broker refuses in the audit, whose head it signs', async () => {
    const flows = users().flows!
    const url = `mqtt://127.0.0.1:${environment.MQTT_PORT}`
    const client = await connectAsync(url, { username: 'flows', password: flows, protocolVersion: 4 }, false)
    await client.publishAsync('grid/commands/x', '{}', { qos: 1 })
    await client.endAsync()
    const running = new Client(runningDatabase(environment))
    await running.connect()
    try {
      const refused = async () => {
        const entries = await entriesAfter(queriesOf(running), 0, 1_000)
        return entries.find(({ content }) => content!.includes('grid/commands/x'))
      }
      const entry = await waitUntil('the refusal', refused)
      assert.equal(JSON.parse(entry.content!).row.event, 'mqtt_refused')
    } finally {
      await running.end()
    }
    assert.equal((await readAnchorLines(anchorFolder(environment))).size, 1)
  })

  it('stops everything in less than 10 s, and leaves no process behind', async () => {
    const ours = running('')
    for (const what of ['postgres', 'embedded-broker-process', 'red.js']) assert.equal(running(what).length, 1, what)
    const began = performance.now()
    await supervisor!.stop()
    const took = performance.now() - began
    supervisor = undefined
    assert.ok(took < 10_000, `${took} ms`)
    assert.deepEqual(running(''), [])
    // Each was the leader of its own group: nobody is left in it either.
    if (process.platform !== 'win32')
      for (const { pid } of ours) assert.throws(() => process.kill(-pid!, 0), { code: 'ESRCH' })
    assert.equal(existsSync(join(environment.DATA_DIR, 'instance.json')), false)
    await assert.rejects(fetch(`http://127.0.0.1:${environment.PORT}/`))
  })
})

const isRunning = ({ exitCode, signalCode, pid }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null
