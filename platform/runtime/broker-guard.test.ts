import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { writeDevices } from '../broker/devices-file.ts'
import { hashPassword } from '../broker/password-hash.ts'
import { type EmbeddedBroker, startEmbeddedBroker } from './embedded-broker.ts'

const passwords = { linhaviva: 'of linhaviva', dispatcher: 'of dispatcher', flows: 'of flows', field: 'of field' }
const hash = (password: string): string => hashPassword(password, Buffer.alloc(12, password.length))

describe('guard of the embedded broker', function () {
  this.timeout(60_000)
  let folder: string
  let devicesFile: string
  let broker: EmbeddedBroker
  const lines: string[] = []
  const clients: MqttClient[] = []

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'broker-guard-'))
    devicesFile = join(folder, 'broker', 'devices')
  })
  beforeEach(async () => {
    lines.length = 0
    writeDevices(devicesFile, new Map(['ev-1', 'ev-2'].map((device) => [device, hash(`of ${device}`)])))
    const access = { passwords, devicesFile }
    const log = (line: string): void => void lines.push(line)
    broker = await startEmbeddedBroker({ host: '127.0.0.1', port: 0, webSocketPort: 0, access, log })
  })
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.endAsync(true)))
    await broker.stop()
  })
  after(() => rmSync(folder, { recursive: true }))

  async function enter(username: string, options: IClientOptions = {}): Promise<MqttClient> {
    const url = `mqtt://127.0.0.1:${broker.port}`
    const login = { username, password: `of ${username}`, protocolVersion: 4 as const }
    const client = await connectAsync(url, { reconnectPeriod: 0, ...login, ...options }, false)
    client.on('error', () => undefined)
    clients.push(client)
    return client
  }

  /** What a reader of everything hears, in order, as `topic payload`. */
  async function listening(): Promise<string[]> {
    const heard: string[] = []
    const all = await enter('linhaviva')
    all.on('message', (topic, payload, { retain }) => heard.push(`${topic} ${payload}${retain ? ' retained' : ''}`))
    await all.subscribeAsync('#', { qos: 1 })
    return heard
  }

  async function said(line: RegExp): Promise<void> {
    await condition(() => lines.some((one) => line.test(one)))
  }

  describe('a connection', () => {
    const attempts: [string, IClientOptions][] = [
      ['without a user', { username: undefined as never, password: undefined as never }],
      ['with a wrong password', { username: 'linhaviva', password: 'guess' }],
      ['with no password', { username: 'dispatcher', password: '' }],
      ['with the password of another user', { username: 'dispatcher', password: passwords.flows }],
      ['of an unknown user', { username: 'nobody', password: passwords.field }],
      ['of an unknown user without a password', { username: 'nobody', password: '' }],
      ['of a device with a wrong password', { username: 'ev-1', password: 'of ev-2' }],
      ['of a device with its hash', { username: 'ev-1', password: hash('of ev-1') }],
      ['of a name from the chain of prototypes', { username: '__proto__', password: '' }],
    ]
    for (const [what, options] of attempts)
      it(`${what} is refused with return code 4 or 5`, async () => {
        await assert.rejects(enter('', options), (error: { code?: number }) => {
          assert.ok(error.code === 4 || error.code === 5, String(error.code))
          return true
        })
        await said(/^\[warn\] refused: .*bad user or password.* \(1 connections/)
      })

    it('of nobody at all is told where users come from', async () => {
      await assert.rejects(enter('', { username: undefined as never, password: undefined as never }), { code: 4 })
      await said(/every client needs one \(docs\/broker-users\.md\)/)
    })

    it('of a device is let in, or not, from the moment on that the file says so', async () => {
      writeDevices(devicesFile, new Map([['ev-3', hash('of ev-3')]]))
      assert.ok((await enter('ev-3')).connected)
      await assert.rejects(enter('ev-2'), { code: 4 })
    })

    it('of every user with its own password is let in', async () => {
      for (const user of [...Object.keys(passwords), 'ev-1']) assert.ok((await enter(user)).connected, user)
    })

    it('of a user that has no password here is refused', async () => {
      const production = { passwords: { ...passwords, field: undefined }, devicesFile }
      const other = await startEmbeddedBroker({ host: '127.0.0.1', port: 0, webSocketPort: 0, access: production })
      try {
        const login = { username: 'field', password: passwords.field, reconnectPeriod: 0 }
        await assert.rejects(connectAsync(`mqtt://127.0.0.1:${other.port}`, login, false), { code: 4 })
        for (const password of ['', 'undefined'])
          await assert.rejects(connectAsync(`mqtt://127.0.0.1:${other.port}`, { ...login, password }, false), {
            code: 4,
          })
      } finally {
        await other.stop()
      }
    })
  })

  describe('a publication without the right', () => {
    for (const user of ['linhaviva', 'flows', 'field', 'ev-1'])
      for (const topic of ['grid/commands/x', 'der/control/x', 'der/control/ev-1', 'grid/alarms/x', '$SYS/x'])
        for (const qos of [0, 1, 2] as const)
          it(`by ${user} on ${topic}, QoS ${qos}: acknowledged, not delivered, not retained, said`, async () => {
            const heard = await listening()
            const client = await enter(user)
            await client.publishAsync(topic, 'forged', { qos, retain: true })
            await said(new RegExp(`"${user}" may not publish on "${topic.replace('$', '\\$')}"`))
            // The connection lives, and what is allowed arrives: behind it, so nothing is still on its way.
            const allowed = {
              linhaviva: 'spBv1.0/STATE/h',
              flows: 'flows/a',
              field: 'der/telemetry/d',
              'ev-1': 'der/telemetry/ev-1',
            }
            await client.publishAsync(allowed[user as 'flows'], 'allowed', { qos: 1 })
            await condition(() => heard.length > 0)
            assert.deepEqual(heard, [`${allowed[user as 'flows']} allowed`])
            assert.deepEqual(await retained(topic), [])
          })

    it("on a foreign device's topic is forgotten", async () => {
      const heard = await listening()
      const client = await enter('ev-1')
      for (const topic of ['der/telemetry/ev-2', 'grid/status/ev-2', 'grid/acks/ev-2', 'sim/clock', 'flows/a'])
        await client.publishAsync(topic, 'forged', { qos: 1 })
      await client.publishAsync('grid/acks/ev-1', 'own', { qos: 1 })
      await condition(() => heard.length > 0)
      assert.deepEqual(heard, ['grid/acks/ev-1 own'])
    })

    it('cannot empty what another one had retained', async () => {
      const dispatcher = await enter('dispatcher')
      await dispatcher.publishAsync('der/control/ev-2', 'setpoint', { qos: 1, retain: true })
      await (await enter('ev-1')).publishAsync('der/control/ev-2', '', { qos: 1, retain: true })
      await (await enter('flows')).publishAsync('der/control/ev-2', '', { qos: 1, retain: true })
      assert.deepEqual(await retained('der/control/ev-2'), ['setpoint'])
    })

    it('by a flood costs a line, not thousands', async () => {
      const flows = await enter('flows')
      for (let n = 0; n < 2_000; n++) flows.publish(`grid/commands/${n}`, 'x', { qos: 0 })
      await flows.publishAsync('flows/end', 'x', { qos: 1 })
      assert.ok(lines.length <= 2, String(lines.length))
    })

    it('writes one short line, whatever the topic', async () => {
      const flows = await enter('flows')
      await flows.publishAsync(`a\n[fatal] b${'c'.repeat(10_000)}`, 'x', { qos: 1 })
      await said(/may not publish/)
      assert.ok(lines.every((line) => !line.includes('\n') && line.length < 400))
    })
  })

  it('delivers what the dispatcher says to the device it is for, and to no other', async () => {
    const [one, other] = [await enter('ev-1'), await enter('ev-2')]
    const heard: string[] = []
    for (const [name, client] of [
      ['ev-1', one],
      ['ev-2', other],
    ] as const) {
      client.on('message', (topic) => heard.push(`${name} ${topic}`))
      await client.subscribeAsync([`der/control/${name}`, `grid/commands/${name}`], { qos: 1 })
    }
    const dispatcher = await enter('dispatcher')
    for (const topic of ['der/control/ev-1', 'grid/commands/ev-1', 'der/control/ev-2'])
      await dispatcher.publishAsync(topic, 'x', { qos: 1 })
    await condition(() => heard.length === 3)
    assert.deepEqual(heard.sort(), ['ev-1 der/control/ev-1', 'ev-1 grid/commands/ev-1', 'ev-2 der/control/ev-2'])
  })

  describe('a subscription without the right', () => {
    const filters = ['#', '+/#', 'der/#', 'der/control/+', 'der/control/ev-2', 'grid/alarms/+', '$SYS/#', 'sim/clock']
    for (const filter of [...filters, '$share/g/der/control/ev-1', '$share/g/#'])
      it(`of a device to ${filter} is refused, and nothing comes`, async () => {
        const device = await enter('ev-1', { clientId: 'ev-1', clean: false })
        const heard: string[] = []
        device.on('message', (topic) => heard.push(topic))
        const granted = await refusedSubscription(device, [filter, 'grid/commands/ev-1'])
        assert.deepEqual(granted, [128, 1])
        const dispatcher = await enter('dispatcher')
        for (const topic of ['der/control/ev-2', 'grid/alarms/a']) await dispatcher.publishAsync(topic, 'x', { qos: 1 })
        await (await enter('field')).publishAsync('sim/clock', '{}', { qos: 1 })
        // Nor while it is away, nor when it comes back.
        await device.endAsync()
        await dispatcher.publishAsync('der/control/ev-2', 'x', { qos: 1 })
        await dispatcher.publishAsync('grid/commands/ev-1', 'last', { qos: 1 })
        const again = connect(`mqtt://127.0.0.1:${broker.port}`, {
          ...{ username: 'ev-1', password: 'of ev-1', clientId: 'ev-1', clean: false, reconnectPeriod: 0 },
          protocolVersion: 4,
        })
        clients.push(again)
        again.on('message', (topic) => heard.push(topic))
        await condition(() => heard.length > 0)
        assert.deepEqual(heard, ['grid/commands/ev-1'])
      })

    it("of flows to the broker's own topics is refused", async () => {
      assert.deepEqual(
        await refusedSubscription(await enter('flows'), ['$SYS/#', '#', 'der/telemetry/+']),
        [128, 128, 1],
      )
    })
  })

  describe('a Will', () => {
    const will = (topic: string): IClientOptions => ({
      will: { topic, payload: Buffer.from('x'), qos: 1, retain: true },
    })
    for (const [user, topic] of [
      ['ev-1', 'grid/commands/ev-2'],
      ['ev-1', 'grid/status/ev-2'],
      ['flows', 'der/control/ev-1'],
      ['linhaviva', 'grid/alarms/a'],
      ['field', 'spBv1.0/STATE/linha-viva'],
      ['field', '$SYS/x'],
    ] as const)
      it(`of ${user} on ${topic} is refused with the connection, return code 5`, async () => {
        const heard = await listening()
        await assert.rejects(enter(user, will(topic)), { code: 5 })
        await said(/no right to a Will/)
        assert.deepEqual(heard, [])
        assert.deepEqual(await retained(topic), [])
      })

    it('with the right is spoken when the connection breaks', async () => {
      const heard = await listening()
      const device = await enter('ev-1', will('grid/status/ev-1'))
      device.stream.destroy()
      await condition(() => heard.length > 0)
      assert.deepEqual(heard, ['grid/status/ev-1 x'])
    })
  })

  describe('a client identifier', () => {
    it('that another user is connected with is refused with return code 2, and that one stays', async () => {
      const victim = await enter('ev-1', { clientId: 'mine' })
      for (const thief of ['ev-2', 'flows', 'field'])
        await assert.rejects(enter(thief, { clientId: 'mine' }), { code: 2 })
      await said(/the client identifier is in use by another user/)
      assert.ok(victim.connected)
      await victim.publishAsync('der/telemetry/ev-1', 'x', { qos: 1 })
    })

    it('of a kept session is its user’s alone: nobody else gets what waits in it, nor ends it', async () => {
      const session = { clientId: 'kept', clean: false }
      const first = await enter('ev-1', session)
      await first.subscribeAsync('grid/commands/ev-1', { qos: 1 })
      await first.endAsync()
      await (await enter('dispatcher')).publishAsync('grid/commands/ev-1', 'waits', { qos: 1 })
      for (const clean of [false, true]) await assert.rejects(enter('ev-2', { ...session, clean }), { code: 2 })
      const back = connect(`mqtt://127.0.0.1:${broker.port}`, {
        ...{ ...session, username: 'ev-1', password: 'of ev-1', reconnectPeriod: 0, protocolVersion: 4 },
      })
      clients.push(back)
      const payload = await new Promise((resolve) => back.once('message', (_topic, bytes) => resolve(String(bytes))))
      assert.equal(payload, 'waits')
    })

    it('that somebody holds to keep the platform out, or the device of that name, keeps nobody out', async () => {
      for (const [clientId, owner] of [
        ['linha-viva-0-in', 'linhaviva'],
        ['linha-viva-0-out', 'dispatcher'],
        ['ev-2', 'ev-2'],
      ] as const) {
        const squatter = await enter('ev-1', { clientId, clean: false })
        const closed = new Promise<void>((resolve) => squatter.once('close', () => resolve()))
        const rightful = await enter(owner, { clientId })
        await closed
        await assert.rejects(enter('ev-1', { clientId }), { code: 2 })
        assert.ok(rightful.connected)
      }
    })

    it('goes to whoever comes first once its session is over', async () => {
      const one = await enter('ev-1', { clientId: 'free' })
      await one.endAsync()
      await condition(async () => (await enter('ev-2', { clientId: 'free' }).catch(() => undefined)) !== undefined)
    })

    it('is taken over by a second connection of its own user, as MQTT has it', async () => {
      const first = await enter('ev-1', { clientId: 'mine' })
      const closed = new Promise<void>((resolve) => first.once('close', () => resolve()))
      const second = await enter('ev-1', { clientId: 'mine' })
      await closed
      assert.ok(second.connected)
      await assert.rejects(enter('ev-2', { clientId: 'mine' }), { code: 2 })
    })

    it('is one of eight at most of a device: it cannot fill the memory with sessions', async () => {
      for (let n = 0; n < 8; n++) await (await enter('ev-1', { clientId: `s-${n}`, clean: false })).endAsync()
      await assert.rejects(enter('ev-1', { clientId: 's-8', clean: false }), { code: 2 })
      await enter('ev-1', { clientId: 's-7', clean: false })
      await enter('ev-2', { clientId: 's-8', clean: false })
    })
  })

  describe('a credential', () => {
    const within = 5_000

    it('that was revoked ends its connection within 5 s, and lets nobody in', async () => {
      const device = await enter('ev-1', { clientId: 'c', clean: false })
      const other = await enter('ev-2')
      await device.subscribeAsync('grid/commands/ev-1', { qos: 1 })
      writeDevices(devicesFile, new Map([['ev-2', hash('of ev-2')]]))
      await condition(() => !device.connected, within)
      await assert.rejects(enter('ev-1', { clientId: 'c' }), { code: 4 })
      assert.ok(other.connected)
      // What it had left behind is nobody's any more.
      await condition(async () => (await enter('ev-2', { clientId: 'c' }).catch(() => undefined)) !== undefined)
    })

    it('that was changed ends the connection with the old one within 5 s', async () => {
      const device = await enter('ev-1')
      writeDevices(devicesFile, new Map([['ev-1', hash('another')]]))
      await condition(() => !device.connected, within)
      await assert.rejects(enter('ev-1'), { code: 4 })
      assert.ok((await enter('ev-1', { password: 'another' })).connected)
    })

    it('that is new lets its device in within 5 s, and disturbs nobody', async () => {
      const device = await enter('ev-1')
      const devices = ['ev-1', 'ev-2', 'ev-3'].map((name) => [name, hash(`of ${name}`)] as const)
      writeDevices(devicesFile, new Map(devices))
      await condition(async () => (await enter('ev-3').catch(() => undefined)) !== undefined, within)
      assert.ok(device.connected)
    })

    it('in the name of a user of the platform is none', async () => {
      writeDevices(
        devicesFile,
        new Map([
          ['dispatcher', hash('planted')],
          ['ev-9', hash('of ev-9')],
        ]),
      )
      await condition(async () => (await enter('ev-9').catch(() => undefined)) !== undefined, within)
      await assert.rejects(enter('dispatcher', { password: 'planted' }), { code: 4 })
    })
  })

  async function retained(topic: string): Promise<string[]> {
    const reader = await enter('linhaviva')
    const payloads: string[] = []
    reader.on('message', (from, payload) => void (from === topic && payloads.push(String(payload))))
    await reader.subscribeAsync([topic, 'flows/mark'], { qos: 1 })
    const marked = new Promise<void>((resolve) =>
      reader.on('message', (from) => void (from === 'flows/mark' && resolve())),
    )
    await (await enter('flows')).publishAsync('flows/mark', '', { qos: 1 })
    await marked
    return payloads
  }
})

/** What the broker grants, filter by filter: 128 is a refusal. */
function refusedSubscription(client: MqttClient, filters: string[]): Promise<number[]> {
  return new Promise((resolve) => {
    client.subscribe(filters, { qos: 1 }, (_error, _granted, packet) => resolve(packet?.granted as number[]))
  })
}

async function condition(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `in vain waited for ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
