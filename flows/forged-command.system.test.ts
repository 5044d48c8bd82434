import assert from 'node:assert/strict'
import { connectAsync, type MqttClient } from 'mqtt'
import { type FlowNode } from './node-red-process.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** What may be typed into a stock `mqtt-broker` node: also what stands in the environment, should any of it still be there. */
const logins = (passwords: RunningSystem['passwords']): Record<string, { user: string; password: string }> => ({
  'the user flows': { user: 'flows', password: passwords.flows },
  'the user field': { user: 'field', password: passwords.field },
  nobody: { user: '', password: '' },
  'the dispatcher without a password': { user: 'dispatcher', password: '' },
  'the dispatcher with the password of flows': { user: 'dispatcher', password: passwords.flows },
  'the dispatcher, by the environment': {
    user: '${MQTT_DISPATCHER_USER}',
    password: '${MQTT_DISPATCHER_PASSWORD}',
  },
  'the platform, by the environment': { user: '${MQTT_USER}', password: '${MQTT_PASSWORD}' },
  'the dispatcher, with the secret of flows': { user: 'dispatcher', password: '${CREDENTIAL_SECRET}' },
})

const forbidden = ['grid/commands/sw-001', 'der/control/ev-001', 'grid/alarms/forged']

describe('a deployed flow with stock mqtt nodes that would command a device', function () {
  this.timeout(120_000)
  let system: RunningSystem
  let witness: MqttClient
  const heard: string[] = []

  before(async () => {
    system = await startSystem({ broker: 'embedded' })
    witness = await connect('linhaviva')
    witness.on('message', (topic, payload) => heard.push(`${topic} ${String(payload)}`))
    await witness.subscribeAsync(['grid/commands/#', 'der/control/#', 'grid/alarms/#', 'flows/#'], { qos: 1 })
    await system.nodeRed.deploy((flows) => [...flows, ...attack()])
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(system.lastLines())
    await witness?.endAsync(true)
    await system?.stop()
  })

  const connect = (user: keyof RunningSystem['passwords']): Promise<MqttClient> =>
    connectAsync(system.brokerUrl, { username: user, password: system.passwords[user], protocolVersion: 4 })

  /** For each login a connection whose birth message is forged too, and an inject node that fires at once and again. */
  function attack(): FlowNode[] {
    return Object.entries(logins(system.passwords)).flatMap(([name, credentials], at) => {
      const [broker, inject, out] = [`forge-broker-${at}`, `forge-inject-${at}`, `forge-out-${at}`]
      const brokerNode = {
        ...{ id: broker, type: 'mqtt-broker', name, broker: '127.0.0.1', port: String(system.brokerPort) },
        ...{
          clientid: '',
          autoConnect: true,
          usetls: false,
          protocolVersion: '4',
          keepalive: '60',
          cleansession: true,
        },
        ...{ birthTopic: 'grid/commands/sw-001', birthQos: '1', birthRetain: 'true', birthPayload: `birth of ${name}` },
        ...{ closeTopic: '', willTopic: '', credentials },
      }
      const injects = [...forbidden, `flows/by/${at}`].map((topic, n) => ({
        ...{ id: `${inject}-${n}`, type: 'inject', z: 'forge', name: '', x: 100, y: 40 * (at * 4 + n) + 40 },
        ...{ props: [{ p: 'payload' }, { p: 'topic', vt: 'str' }], topic, payload: `by ${name}`, payloadType: 'str' },
        ...{ repeat: '1', crontab: '', once: true, onceDelay: 0.1, wires: [[out]] },
      }))
      const outNode = {
        ...{ id: out, type: 'mqtt out', z: 'forge', name: '', topic: '', qos: '1', retain: 'true', broker },
        ...{ x: 400, y: 160 * at + 40, wires: [] },
      }
      const tab = { id: 'forge', type: 'tab', label: 'Forge', disabled: false, info: '' }
      return [...(at === 0 ? [tab] : []), brokerNode, ...injects, outNode]
    })
  }

  it('is heard below flows/ where it is the user flows, again and again', async () => {
    const ofFlows = () => heard.filter((line) => line === 'flows/by/0 by the user flows').length
    await waitUntil('three messages', async () => ofFlows() >= 3, { withinMs: 30_000 })
    assert.deepEqual([...new Set(heard.filter((line) => line.startsWith('flows/')))], ['flows/by/0 by the user flows'])
  })

  it('commands nothing, whoever it says it is', () => {
    // Of no alarm and always empty: by it the platform finds out that it may publish there.
    const probe = 'grid/alarms/0 '
    assert.deepEqual(
      heard.filter((line) => !line.startsWith('flows/') && line !== probe),
      [],
    )
  })

  it('leaves nothing behind at the broker for a device that comes later', async () => {
    const device = await connect('field')
    const kept: string[] = []
    device.on('message', (topic, payload) => kept.push(`${topic} ${String(payload)}`))
    await device.subscribeAsync(['grid/commands/+', 'der/control/+', 'grid/alarms/+'], { qos: 1 })
    const dispatcher = await connect('dispatcher')
    await dispatcher.publishAsync('der/control/ev-001', 'of the dispatcher', { qos: 1 })
    await waitUntil('what the dispatcher says', async () => kept.length > 0)
    assert.deepEqual(kept, ['der/control/ev-001 of the dispatcher'])
    await Promise.all([device.endAsync(true), dispatcher.endAsync(true)])
  })

  it('is named in the log, with what it tried', async () => {
    await waitUntil('the log', async () =>
      /refused: .*(may not publish on|bad user or password)/.test(system.lastLines()),
    )
  })

  it('would command if it had the password of the dispatcher: that is what keeps it out', async () => {
    const credentials = { user: 'dispatcher', password: system.passwords.dispatcher }
    await system.nodeRed.deploy((flows) =>
      flows.map((node) => (node.id === 'forge-broker-2' ? { ...node, credentials } : node)),
    )
    await waitUntil('the command', async () => heard.some((line) => line.startsWith('grid/commands/sw-001')))
  })

  it('does not disturb ingest', async () => assert.equal((await system.nodeRed.healthy()).status, 'ok'))
})
