import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { writeDevices } from '../platform/broker/devices-file.ts'
import { hashPassword } from '../platform/broker/password-hash.ts'
import { brokerUsers, mayPublish, mayReceive, topicsOfDevice } from '../platform/broker/rights.ts'
import { hasCertifier, makeCertificates, withoutCertifier } from '../platform/runtime/certificates.fixture.ts'
import { startEmbeddedBroker } from '../platform/runtime/embedded-broker.ts'
import { hasMosquitto, startDeployedMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

interface Broker {
  readonly url: string
  readonly tlsUrl: string
  readonly devicesFile: string
  stop(): Promise<void>
}

const passwords = { linhaviva: 'of linhaviva', dispatcher: 'of dispatcher', flows: 'of flows', field: 'of field' }
const users = [...brokerUsers, 'ev-1']

/** A topic of each sort: of devices, of devices that bear a name of the platform, and beside them. */
const topics = [
  ...['ev-1', 'ev-2', ...brokerUsers].flatMap(topicsOfDevice),
  ...[
    'grid/commands/ev-1/deep',
    'grid/commands',
    'der/control',
    'der/telemetry',
    'grid/meters/ev-1',
    'grid/alarms/a/b',
  ],
  ...[
    'grid/alarms/a',
    'sim/clock',
    'sim/control',
    'sim/control/answers',
    'sim/a/b',
    'flows',
    'flows/a',
    'flows/a/b',
    'anything',
    'sensors/readings',
  ],
  ...['spBv1.0/STATE/linha-viva', 'spBv1.0/g/NCMD/e', 'spBv1.0/g/DCMD/e/d', 'spBv1.0/g/NDATA/e', 'spBv1.0/g/DDATA/e/d'],
  ...['spBv1.0/g/NBIRTH/e', 'spBv1.0/g/NDEATH/e', 'spBv1.0/g/XDATA/e'],
]

/** Some releases of mosquitto end the connection after a publication that they refuse, and acknowledge: 2.0.11 does. */
const insistent: IClientOptions = { reconnectPeriod: 1 }

/** mosquitto with what `deploy/mosquitto` says and the embedded broker with what the code says must answer everybody alike. */
for (const kind of ['mosquitto', 'embedded'] as const)
  describe(`rights at the broker: ${kind}`, function () {
    this.timeout(60_000)
    let folder: string
    let broker: Broker
    let ca: string | undefined
    const lines: string[] = []
    const clients: MqttClient[] = []

    before(async function () {
      if (kind === 'mosquitto' && !hasMosquitto) {
        say(withoutMosquitto)
        this.skip()
      }
      folder = mkdtempSync(join(tmpdir(), 'linha-viva-rights-'))
      const certificates = hasCertifier ? makeCertificates(folder) : undefined
      ca = certificates?.text(certificates.ca)
      const log = (line: string): void => void lines.push(line)
      if (kind === 'mosquitto') {
        mkdirSync(join(folder, 'deployed'))
        admit(join(folder, 'deployed', 'broker', 'devices'), ['ev-1', 'ev-2'])
        broker = await startDeployedMosquitto(join(folder, 'deployed'), passwords, log, certificates)
      } else {
        const devicesFile = join(folder, 'broker', 'devices')
        admit(devicesFile, ['ev-1', 'ev-2'])
        const { cert, key, text } = certificates ?? {}
        const embedded = await startEmbeddedBroker({
          ...{ host: '127.0.0.1', port: 0, webSocketPort: 0, log, access: { passwords, devicesFile } },
          ...(cert && key && text && { tls: { port: 0, cert: text(cert), key: text(key) } }),
        })
        broker = {
          ...{ url: `mqtt://127.0.0.1:${embedded.port}`, tlsUrl: `mqtts://127.0.0.1:${embedded.tlsPort}`, devicesFile },
          stop: () => embedded.stop(),
        }
      }
    })
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') say(lines.slice(-20).join('\n'))
      await Promise.all(clients.splice(0).map((client) => client.endAsync(true)))
    })
    after(async () => {
      await broker?.stop()
      if (folder) rmSync(folder, { recursive: true, force: true })
    })

    function admit(
      devicesFile: string,
      devices: readonly string[],
      password = (device: string) => `of ${device}`,
    ): void {
      const hash = (device: string): string => hashPassword(password(device), Buffer.alloc(12, device.length))
      writeDevices(devicesFile, new Map(devices.map((device) => [device, hash(device)])))
    }

    async function enter(username: string, options: IClientOptions = {}): Promise<MqttClient> {
      const login = { username, password: `of ${username}`, reconnectPeriod: 0, connectTimeout: 5_000 }
      const { url = broker.url, ...more } = options as IClientOptions & { url?: string }
      const client = await connectAsync(url, { protocolVersion: 4, ...login, ...more }, false)
      client.on('error', () => undefined)
      clients.push(client)
      return client
    }

    /** What a client hears, as `topic payload`; filters that it may not subscribe to are refused, or deliver nothing. */
    async function listening(client: MqttClient, filters: readonly string[]): Promise<Set<string>> {
      const heard = new Set<string>()
      client.on('message', (topic, payload) => heard.add(`${topic} ${String(payload)}`))
      await new Promise<void>((resolve) => client.subscribe([...filters], { qos: 1 }, () => resolve()))
      return heard
    }

    it('lets each user publish what rights.ts says, topic by topic', async () => {
      // Of two witnesses each sees what the other one's name hides from it.
      const platform = await listening(await enter('linhaviva'), ['#'])
      const flows = await listening(await enter('flows'), ['der/+/+', ...topics])
      const last: Record<string, string> = {
        ...{ linhaviva: 'spBv1.0/STATE/end', dispatcher: 'grid/alarms/end', flows: 'flows/end', field: 'sim/state' },
        'ev-1': 'grid/acks/ev-1',
      }
      const answers: string[] = []
      const expected: string[] = []
      for (const user of users) {
        const client = await enter(user, insistent)
        for (const topic of topics) await client.publishAsync(topic, `by ${user}`, { qos: 1 })
        await client.publishAsync(last[user]!, `end of ${user}`, { qos: 1 })
        await waitUntil(`the end of ${user}`, async () => platform.has(`${last[user]} end of ${user}`))
        for (const topic of topics) {
          const arrived = platform.has(`${topic} by ${user}`) || flows.has(`${topic} by ${user}`)
          answers.push(`${user} ${topic}: ${arrived}`)
          expected.push(`${user} ${topic}: ${mayPublish(user, topic)}`)
        }
      }
      assert.deepEqual(answers, expected)
    })

    it('delivers to each user what rights.ts says, topic by topic', async () => {
      const answers: string[] = []
      const expected: string[] = []
      const publishers = new Map<string, MqttClient>()
      for (const user of users) publishers.set(user, await enter(user))
      const said = topics.flatMap((topic) => {
        const user = users.find((one) => mayPublish(one, topic))
        return user === undefined ? [] : [{ topic, client: publishers.get(user)! }]
      })
      assert.ok(said.length > 25)
      for (const user of users) {
        const client = await enter(user)
        const heard = await listening(client, ['#', '+/#', ...topics])
        for (const { topic, client: publisher } of said) await publisher.publishAsync(topic, `to ${user}`, { qos: 1 })
        await publishers.get('dispatcher')!.publishAsync('grid/commands/ev-1', `end of ${user}`, { qos: 1 })
        await waitUntil(`the end for ${user}`, async () => heard.has(`grid/commands/ev-1 end of ${user}`))
        for (const { topic } of said) {
          answers.push(`${user} ${topic}: ${heard.has(`${topic} to ${user}`)}`)
          expected.push(`${user} ${topic}: ${mayReceive(user, topic)}`)
        }
        await client.endAsync(true)
      }
      assert.deepEqual(answers, expected)
    })

    for (const filter of ['$SYS/#', '$share/g/der/control/+', '$share/g/#', '$share/g/grid/commands/ev-2'])
      it(`gives a device nothing by way of ${filter}`, async () => {
        const device = await enter('ev-1')
        const heard = await listening(device, [filter, 'grid/commands/ev-1'])
        const dispatcher = await enter('dispatcher')
        for (const topic of ['der/control/ev-2', 'grid/commands/ev-2', 'grid/alarms/a', 'grid/commands/ev-1'])
          await dispatcher.publishAsync(topic, 'x', { qos: 1 })
        await waitUntil('its own command', async () => heard.has('grid/commands/ev-1 x'))
        assert.deepEqual(
          [...heard].filter((one) => one !== 'grid/commands/ev-1 x'),
          [],
        )
      })

    it('keeps retained what the dispatcher said, whoever else would put another word in its place', async () => {
      const dispatcher = await enter('dispatcher')
      await dispatcher.publishAsync('der/control/ev-2', 'setpoint', { qos: 1, retain: true })
      for (const user of ['linhaviva', 'flows', 'field', 'ev-1', 'ev-2'])
        for (const payload of ['forged', ''])
          await (await enter(user)).publishAsync('der/control/ev-2', payload, { qos: 1, retain: true })
      const heard = await listening(await enter('ev-2'), ['der/control/ev-2', 'grid/commands/ev-2'])
      await dispatcher.publishAsync('grid/commands/ev-2', 'end', { qos: 1 })
      await waitUntil('the end', async () => heard.has('grid/commands/ev-2 end'))
      assert.deepEqual([...heard].sort(), ['der/control/ev-2 setpoint', 'grid/commands/ev-2 end'])
      await dispatcher.publishAsync('der/control/ev-2', '', { qos: 1, retain: true })
    })

    it('speaks no Will on a topic that its owner may not publish on', async () => {
      const heard = await listening(await enter('linhaviva'), ['#'])
      for (const [user, topic] of [
        ['ev-1', 'grid/commands/ev-2'],
        ['ev-1', 'grid/status/ev-2'],
        ['flows', 'der/control/ev-2'],
        ['field', 'grid/alarms/a'],
        ['linhaviva', 'der/control/ev-2'],
      ] as const) {
        const will = { topic, payload: Buffer.from('will'), qos: 1 as const, retain: true }
        const client = await enter(user, { will }).catch((error: { code?: number }) => void assert.equal(error.code, 5))
        client?.stream.destroy()
      }
      const own = { topic: 'grid/status/ev-1', payload: Buffer.from('will'), qos: 1 as const, retain: false }
      ;(await enter('ev-1', { will: own })).stream.destroy()
      await waitUntil('the Will with the right', async () => heard.has('grid/status/ev-1 will'))
      assert.deepEqual([...heard], ['grid/status/ev-1 will'])
    })

    it("gives nobody what waits in another user's session", async () => {
      const session = { clientId: 'kept', clean: false }
      const first = await enter('ev-1', session)
      await first.subscribeAsync('grid/commands/ev-1', { qos: 1 })
      await first.endAsync()
      await (await enter('dispatcher')).publishAsync('grid/commands/ev-1', 'waits', { qos: 1 })
      const heard = new Set<string>()
      const thief = await enter('ev-2', session).catch((error: { code?: number }) => void assert.equal(error.code, 2))
      thief?.on('message', (topic) => heard.add(topic))
      await thief?.endAsync()
      assert.deepEqual([...heard], [])
    })

    for (const [what, login] of [
      ['without a user', { username: undefined as never, password: undefined as never }],
      ['with a wrong password', { username: 'dispatcher', password: 'guess' }],
      ['without a password', { username: 'linhaviva', password: undefined as never }],
      ['as nobody', { username: 'nobody', password: 'of nobody' }],
      ['as a device with its hash', { username: 'ev-1', password: hashPassword('of ev-1', Buffer.alloc(12, 4)) }],
    ] as const)
      it(`lets nobody in ${what}`, () =>
        assert.rejects(enter('ev-1', login), (error: { code?: number }) => error.code === 4 || error.code === 5))

    it('lets a new device in, and cuts off one that was shut out or got another password, each within 5 s', async () => {
      const within = { withinMs: 5_000 }
      const [one, two] = [await enter('ev-1'), await enter('ev-2')]
      admit(broker.devicesFile, ['ev-1', 'ev-2', 'ev-3'])
      await waitUntil('ev-3', async () => (await enter('ev-3').catch(() => undefined)) !== undefined, within)
      assert.ok(one.connected && two.connected)
      admit(broker.devicesFile, ['ev-1', 'ev-3'])
      await waitUntil('the end of ev-2', async () => !two.connected, within)
      await assert.rejects(enter('ev-2'))
      assert.ok(one.connected)
      admit(broker.devicesFile, ['ev-1', 'ev-2', 'ev-3'], (device) => (device === 'ev-1' ? 'another' : `of ${device}`))
      await waitUntil('the end of the old password', async () => !one.connected, within)
      await assert.rejects(enter('ev-1'))
      await enter('ev-1', { password: 'another' })
      admit(broker.devicesFile, ['ev-1', 'ev-2'])
      await waitUntil('ev-1', async () => (await enter('ev-1').catch(() => undefined)) !== undefined, within)
    })

    it('speaks TLS where it has a certificate, with the same rights', async function () {
      if (ca === undefined) {
        say(withoutCertifier)
        this.skip()
      }
      const url = broker.tlsUrl
      await assert.rejects(enter('field', { url } as IClientOptions), /certificate/)
      await assert.rejects(enter('field', { url, ca, password: 'guess' } as IClientOptions))
      const heard = await listening(await enter('linhaviva', { url, ca } as IClientOptions), ['#'])
      const field = await enter('field', { url, ca, ...insistent } as IClientOptions)
      for (const topic of ['der/control/ev-1', 'der/telemetry/ev-1']) await field.publishAsync(topic, 'x', { qos: 1 })
      await waitUntil('the reading', async () => heard.size > 0)
      assert.deepEqual([...heard], ['der/telemetry/ev-1 x'])
    })
  })
