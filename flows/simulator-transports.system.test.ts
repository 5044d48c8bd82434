import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import {
  type Certificates,
  hasCertifier,
  makeCertificates,
  withoutCertifier,
} from '../platform/runtime/certificates.fixture.ts'
import { type EmbeddedBroker, startEmbeddedBroker } from '../platform/runtime/embedded-broker.ts'
import { freePort } from '../platform/runtime/ports.ts'
import { hasMosquitto, type Mosquitto, startMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { runSimulator } from './simulator-process.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** Runs the field and a load against one address, and listens at another of the same broker. */
async function carries(
  url: string,
  observerUrl: string,
  env: NodeJS.ProcessEnv = {},
  login: IClientOptions = {},
): Promise<void> {
  const devices = new Set<string>()
  let loaded = 0
  const observer: MqttClient = await connectAsync(observerUrl, { ...login, protocolVersion: 4 })
  try {
    observer.on('message', (topic) => (topic.includes('/load-') ? loaded++ : devices.add(topic)))
    await observer.subscribeAsync(['der/telemetry/+', 'sensors/+/readings', 'grid/switches/+/state'], { qos: 1 })
    const field = await runSimulator(['--url', url, '--duration', '3', '--meters', '0'], env)
    assert.equal(field.code, 0, field.output)
    await waitUntil('a reading of every device', async () => devices.size >= 18, { withinMs: 5_000 })
    const load = await runSimulator(['--url', url, '--rate', '2000', '--count', '2000', '--devices', '10'], env)
    assert.match(load.output, /2000 readings in 2000 messages acknowledged/)
    assert.equal(load.code, 0)
    await waitUntil('all of the load', async () => loaded >= 2_000, { withinMs: 5_000 })
    assert.deepEqual([devices.size, loaded], [18, 2_000])
  } finally {
    await observer.endAsync(true)
  }
}

describe('the simulator over the embedded broker, as its user `field`', function () {
  this.timeout(60_000)
  const folder = mkdtempSync(join(tmpdir(), 'transports-'))
  const lines: string[] = []
  const passwords = { linhaviva: 'of the platform', field: 'of the field' }
  const env = { MQTT_USER: 'field', MQTT_PASSWORD: passwords.field }
  const platform = { username: 'linhaviva', password: passwords.linhaviva }
  let certificates: Certificates | undefined
  let broker: EmbeddedBroker

  before(async () => {
    if (hasCertifier) certificates = makeCertificates(folder)
    const { cert, key, text } = certificates ?? {}
    broker = await startEmbeddedBroker({
      ...{ host: '127.0.0.1', port: 0, webSocketPort: 0, log: (line) => lines.push(line) },
      ...(cert && key && text && { tls: { port: 0, cert: text(cert), key: text(key) } }),
      access: { passwords, devicesFile: join(folder, 'devices') },
    })
  })
  after(async () => {
    await broker.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const observerUrl = (): string => `mqtt://127.0.0.1:${broker.port}`

  it('ws', async () => {
    await carries(`ws://127.0.0.1:${broker.webSocketPort}`, observerUrl(), env, platform)
    assert.deepEqual(lines, [], 'it asks for nothing that it may not')
  })
  it('mqtts, with the authority of MQTT_CA_FILE', async function () {
    if (!certificates) {
      say(withoutCertifier)
      this.skip()
    }
    const url = `mqtts://127.0.0.1:${broker.tlsPort}`
    await carries(url, observerUrl(), { ...env, MQTT_CA_FILE: certificates.ca }, platform)
    const unknown = await runSimulator(['--url', url, '--rate', '10', '--count', '1'], env)
    assert.equal(unknown.code, 1)
    assert.match(unknown.output, /^simulator: .*certificate/m)
  })
})

describe('the simulator over mosquitto', function () {
  this.timeout(60_000)
  const folder = mkdtempSync(join(tmpdir(), 'transports-'))
  const lines: string[] = []
  let ports: { ws: number; mqtts: number; wss: number }
  let mosquitto: Mosquitto
  let certificates: Certificates

  before(async function () {
    if (!hasMosquitto || !hasCertifier) {
      say(hasMosquitto ? withoutCertifier : withoutMosquitto)
      this.skip()
    }
    certificates = makeCertificates(folder)
    ports = { ws: await freePort(), mqtts: await freePort(), wss: await freePort() }
    const tls = [`certfile ${certificates.cert}`, `keyfile ${certificates.key}`]
    mosquitto = await startMosquitto(folder, (line) => lines.push(line), [
      ...[`listener ${ports.ws} 127.0.0.1`, 'protocol websockets'],
      ...[`listener ${ports.mqtts} 127.0.0.1`, ...tls],
      ...[`listener ${ports.wss} 127.0.0.1`, 'protocol websockets', ...tls],
    ])
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(lines.join('\n'))
    await mosquitto?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const observerUrl = (): string => `mqtt://127.0.0.1:${mosquitto.port}`

  it('mqtt', () => carries(observerUrl(), observerUrl()))
  it('ws', () => carries(`ws://127.0.0.1:${ports.ws}`, observerUrl()))
  it('mqtts, with the authority of MQTT_CA_FILE', () =>
    carries(`mqtts://127.0.0.1:${ports.mqtts}`, observerUrl(), { MQTT_CA_FILE: certificates.ca }))
  it('wss, with the authority of MQTT_CA', () =>
    carries(`wss://127.0.0.1:${ports.wss}`, observerUrl(), { MQTT_CA: certificates.text(certificates.ca) }))

  for (const scheme of ['mqtts', 'wss'] as const) {
    it(`${scheme} is refused where nobody vouches for the broker, and says why`, async () => {
      const url = `${scheme}://127.0.0.1:${ports[scheme]}`
      const load = await runSimulator(['--url', url, '--rate', '10', '--count', '1'])
      assert.equal(load.code, 1)
      assert.match(load.output, /^simulator: .*certificate/m)
      const field = await runSimulator(['--url', url, '--duration', '1', '--quiet'])
      assert.match(field.output, new RegExp(`${scheme}://127\\.0\\.0\\.1:\\d+/? is away \\(.*certificate`))
    })
  }
})
