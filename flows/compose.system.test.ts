import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { Client } from 'pg'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../platform/runtime/embedded-database.ts'
import { freePort } from '../platform/runtime/ports.ts'
import { compose, hasCompose, settings, withoutCompose, type Composition } from './compose.fixture.ts'
import { type DeployedMosquitto, hasMosquitto, startDeployedMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { canBeFirst, runProgram, SupervisedSystem } from './supervised.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** Docker does not run where these tests do: the same programs, with the environment that compose gives them, on this machine's loopback. */
describe('Linha Viva in production, as docker-compose.yml starts it', function () {
  this.timeout(120_000)
  let folder: string
  let composition: Composition
  let server: EmbeddedDatabase
  let broker: DeployedMosquitto
  let system: SupervisedSystem

  /** What compose gives a service, with addresses of this machine in place of those of its networks. */
  const environmentOf = (service: string): Record<string, string> => ({
    ...composition.services[service]!.environment,
    DB_HOST: '127.0.0.1',
    DB_PORT: String(server.superuser.port),
  })

  before(async function () {
    const missing = !hasCompose ? withoutCompose : !hasMosquitto ? withoutMosquitto : undefined
    if (missing !== undefined) {
      say(missing)
      this.skip()
    }
    folder = mkdtempSync(join(tmpdir(), 'linha-viva-compose-'))
    chmodSync(folder, 0o755)
    server = await startEmbeddedDatabase()
    composition = compose(settings({ DB_ADMIN_PASSWORD: server.superuser.password })).composition!
    mkdirSync(join(folder, 'broker'))
    const passwords = composition.services['mosquitto']!.environment!
    broker = await startDeployedMosquitto(join(folder, 'broker'), {
      linhaviva: passwords['PLATFORM_PASSWORD']!,
      dispatcher: passwords['DISPATCHER_PASSWORD']!,
      flows: passwords['FLOWS_PASSWORD']!,
      field: passwords['FIELD_PASSWORD']!,
    })
    const data = join(folder, 'data')
    const { hostname: MQTT_HOST, port: MQTT_PORT } = new URL(broker.url)
    const env = environmentOf('linha-viva')
    // Where no InfluxDB is, none is named.
    for (const name of Object.keys(env)) if (name.startsWith('INFLUX_')) delete env[name]
    system = new SupervisedSystem({
      ...env,
      ...{ MQTT_HOST, MQTT_PORT, PORT: String(await freePort()) },
      ...{ DATA_DIR: data, FLOWS_DIR: join(data, 'flows') },
      // The container's own address; on this machine nothing but loopback is ours.
      BIND_ADDRESS: '127.0.0.1',
    })
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system.lines.join('\n'))
    await system?.stop()
    await broker?.stop()
    await server?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  it('has its database and roles made by the service that ends', async () => {
    const { code, out, err } = await runProgram('runtime/roles-cli.js', [], environmentOf('database-roles'))
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, /^database linhaviva on .*: roles linhaviva_owner, linhaviva, linhaviva_reader\n$/)
  })

  it(`comes up on an empty volume, with the shipped flows${canBeFirst ? ', as process 1' : ''}`, async () => {
    system.start({ asFirst: canBeFirst, args: [] })
    const health = await system.healthy()
    assert.deepEqual([health.db, health.mqtt], ['up', 'up'])
    assert.ok(readdirSync(join(folder, 'data', 'flows')).includes('telemetry.json'))
    assert.ok((await system.flows()).some(({ type }) => type === 'linhaviva-telemetry-in'))
    assert.ok(system.lines.some((line) => /Simulator +off/.test(line)))
  })

  it('takes a device of the field in for approval, where Grafana sees it', async () => {
    const login = { username: 'field', password: composition.services['mosquitto']!.environment!['FIELD_PASSWORD']! }
    const field = await connectAsync(broker.url, login)
    const reading = {
      meter_id: 'meter-1',
      timestamp: new Date().toISOString(),
      va_v: 127,
      interval_s: 60,
      aggregation: 'mean',
    }
    await field.publishAsync('grid/meters/meter-1/readings', JSON.stringify(reading), { qos: 1 })
    await field.endAsync()
    const password = environmentOf('database-roles')['DB_READER_PASSWORD']!
    const reader = new Client({ ...server.superuser, database: 'linhaviva', user: 'linhaviva_reader', password })
    await reader.connect()
    try {
      const found = await waitUntil('the device', async () => {
        const { rows } = await reader.query('select device_id, status from device')
        return rows.length > 0 && rows
      })
      assert.deepEqual(found, [{ device_id: 'meter-1', status: 'pending' }])
      await assert.rejects(reader.query('delete from device'), { code: '42501' })
    } finally {
      await reader.end()
    }
  })

  it('writes its log as JSON lines, and no secret', () => {
    const logs = join(folder, 'data', 'logs')
    const text = readdirSync(logs)
      .map((file) => readFileSync(join(logs, file), 'utf8'))
      .join('')
    for (const line of text.trimEnd().split('\n')) assert.equal(typeof JSON.parse(line), 'object')
    assert.doesNotMatch(text + system.lines.join('\n'), /secret-of-|Example-of-/)
  })

  it('ends when it is told to, in the time that compose gives it', async () => {
    const began = performance.now()
    assert.equal(await system.stop(), 0)
    assert.ok(performance.now() - began < 15_000)
    await assert.rejects(system.health())
  })
})
