import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { connectAsync, type MqttClient } from 'mqtt'
import { type EmbeddedBroker, startEmbeddedBroker } from '../platform/runtime/embedded-broker.ts'
import { freePort } from '../platform/runtime/ports.ts'
import { hasMosquitto, type Mosquitto, startMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { runSimulator } from './simulator-process.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

const certifier = 'openssl'
const hasCertifier = spawnSync(certifier, ['version']).status === 0

/** Runs the field and a load against one address, and listens at another of the same broker. */
async function carries(url: string, observerUrl: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const devices = new Set<string>()
  let loaded = 0
  const observer: MqttClient = await connectAsync(observerUrl, { protocolVersion: 4 })
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

describe('the simulator over the embedded broker', function () {
  this.timeout(60_000)
  let broker: EmbeddedBroker
  before(async () => {
    broker = await startEmbeddedBroker({ host: '127.0.0.1', port: 0, webSocketPort: 0 })
  })
  after(() => broker.stop())

  it('ws', () => carries(`ws://127.0.0.1:${broker.webSocketPort}`, `mqtt://127.0.0.1:${broker.port}`))
})

describe('the simulator over mosquitto', function () {
  this.timeout(60_000)
  const folder = mkdtempSync(join(tmpdir(), 'transports-'))
  const lines: string[] = []
  let ports: { ws: number; mqtts: number; wss: number }
  let mosquitto: Mosquitto

  before(async function () {
    if (!hasMosquitto || !hasCertifier) {
      say(hasMosquitto ? `skipped: ${certifier} is not installed, and makes the certificates` : withoutMosquitto)
      this.skip()
    }
    makeCertificates()
    ports = { ws: await freePort(), mqtts: await freePort(), wss: await freePort() }
    const tls = [`certfile ${file('server.pem')}`, `keyfile ${file('server.key')}`]
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

  const file = (name: string): string => join(folder, name)
  const observerUrl = (): string => `mqtt://127.0.0.1:${mosquitto.port}`

  /** An authority of our own, and a certificate for this machine. */
  function makeCertificates(): void {
    const openssl = (...args: string[]) => execFileSync(certifier, args, { cwd: folder, stdio: 'pipe' })
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test authority')
    openssl(
      ...['req', '-x509', ...key, '-keyout', 'server.key', '-out', 'server.pem', '-subj', '/CN=localhost'],
      ...['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'],
      ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    )
  }

  it('mqtt', () => carries(observerUrl(), observerUrl()))
  it('ws', () => carries(`ws://127.0.0.1:${ports.ws}`, observerUrl()))
  it('mqtts, with the authority of MQTT_CA_FILE', () =>
    carries(`mqtts://127.0.0.1:${ports.mqtts}`, observerUrl(), { MQTT_CA_FILE: file('ca.pem') }))
  it('wss, with the authority of MQTT_CA', () =>
    carries(`wss://127.0.0.1:${ports.wss}`, observerUrl(), { MQTT_CA: readFileSync(file('ca.pem'), 'utf8') }))

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
