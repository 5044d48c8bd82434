import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { health, provideHealth, stateOf } from '../http/health.ts'
import { startFlow, type TestFlow } from '../node/flow.fixture.ts'
import register, { type BrokerNode } from './broker.ts'

describe('broker', () => {
  const before = { ...process.env }
  let flow: TestFlow
  let dataDir: string

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'linha-viva-broker-'))
    process.env['DATA_DIR'] = join(dataDir, 'data')
  })
  afterEach(async () => {
    await flow.stop()
    rmSync(dataDir, { recursive: true })
    process.env = { ...before }
  })

  const start = async (
    config: Record<string, unknown>,
    environment: Record<string, string> = {},
    password?: string,
  ): Promise<BrokerNode> => {
    Object.assign(process.env, environment)
    const node = { id: 'broker', type: 'linhaviva-broker', ...config }
    flow = await startFlow([register], [node], password === undefined ? {} : { broker: { password } })
    return flow.node<BrokerNode>('broker')
  }

  for (const [what, config, environment, url] of [
    ['nothing: the embedded one', {}, {}, 'mqtt://127.0.0.1:1883'],
    ['a port', {}, { MQTT_PORT: '1993' }, 'mqtt://127.0.0.1:1993'],
    ['a host', {}, { MQTT_HOST: 'broker.example', MQTT_PORT: '1993' }, 'mqtt://broker.example:1993'],
    ['an address', {}, { MQTT_URL: 'mqtts://b.example:8883', MQTT_HOST: 'other' }, 'mqtts://b.example:8883'],
    ['its own address', { url: 'mqtt://own.example:1' }, { MQTT_URL: 'mqtt://b.example:1883' }, 'mqtt://own.example:1'],
  ] as const) {
    it(`is where ${what} says`, async () => assert.equal((await start(config, environment)).url, url))
  }

  it('takes user and password from the environment, or its own', async () => {
    const environment = { MQTT_URL: 'mqtt://b.example', MQTT_USER: 'node', MQTT_PASSWORD: 'from outside' }
    const { options } = await start({}, environment)
    assert.deepEqual([options.username, options.password, options.protocolVersion], ['node', 'from outside', 4])
    await flow.stop()
    const own = (await start({ user: 'own', protocol: '5' }, environment, 'inside')).options
    assert.deepEqual([own.username, own.password, own.protocolVersion], ['own', 'inside', 5])
  })

  it('hands no password of the environment to a broker that somebody typed in', async () => {
    const environment = {
      ...{ MQTT_URL: 'mqtt://b.example:1883', MQTT_USER: 'node', MQTT_PASSWORD: 'from outside' },
      ...{ MQTT_DISPATCHER_USER: 'dispatcher', MQTT_DISPATCHER_PASSWORD: 'of the dispatcher' },
    }
    for (const url of ['mqtt://evil.example:1883', 'mqtt://b.example:1884', 'ws://b.example:1883', 'no address']) {
      const { options, dispatcherOptions } = await start({ url }, environment)
      assert.deepEqual([options.username, options.password], [undefined, undefined], url)
      assert.throws(dispatcherOptions, /the dispatcher speaks to mqtt:\/\/b\.example:1883 only/)
      await flow.stop()
    }
    const { options } = await start({ url: 'mqtt://b.example:1883' }, environment)
    assert.deepEqual([options.username, options.password], ['node', 'from outside'])
  })

  it('connects as the dispatcher by the environment alone, whoever the platform is', async () => {
    const environment = { MQTT_URL: 'mqtt://b.example', MQTT_DISPATCHER_USER: 'd', MQTT_DISPATCHER_PASSWORD: 's' }
    const { options, dispatcherOptions } = await start({ user: 'own' }, environment, 'inside')
    assert.deepEqual([dispatcherOptions().username, dispatcherOptions().password], ['d', 's'])
    assert.deepEqual([options.username, options.password], ['own', 'inside'])
    await flow.stop()
    for (const name of Object.keys(environment)) delete process.env[name]
    const none = await start({ user: 'own' }, {}, 'inside')
    assert.deepEqual([none.dispatcherOptions().username, none.dispatcherOptions().password], [undefined, undefined])
  })

  it('is the platform at the embedded broker where a password for it is set', async () => {
    const { options } = await start({}, { MQTT_PASSWORD: 'of the platform' })
    assert.deepEqual([options.username, options.password], ['linhaviva', 'of the platform'])
  })

  it('calls itself at the broker by a name that survives restarts, one per node', async () => {
    const first = await start({})
    const name = first.clientIdFor('in')
    assert.match(name, /^linha-viva-[0-9a-f]{8}-in$/)
    assert.notEqual(first.clientIdFor('other'), name)
    await flow.stop()
    assert.equal((await start({})).clientIdFor('in'), name)
    assert.ok(name.includes(readFileSync(join(dataDir, 'data', 'installation-id'), 'utf8').trim()))
  })

  it('speaks for the broker in health, by the word of its connection, until it closes', async () => {
    const broker = await start({})
    const reasons = () => health(0).reasons?.find((reason) => reason.startsWith('mqtt'))
    assert.equal(reasons(), 'mqtt: no node of the flows stands for it')
    broker.reportState({ up: true })
    assert.equal(reasons(), undefined)
    broker.reportState({ up: false, detail: 'Not authorized' })
    assert.equal(reasons(), 'mqtt: Not authorized')
    await flow.stop()
    assert.equal(reasons(), 'mqtt: no node of the flows stands for it')
  })

  it('says nothing beside a broker that is heard, where no connection has spoken for it', async () => {
    const withdraw = provideHealth('mqtt', () => ({ up: true }))
    try {
      await start({})
      assert.deepEqual(stateOf('mqtt'), { up: true })
    } finally {
      withdraw()
    }
  })
})
