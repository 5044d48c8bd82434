import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'mocha'
import { connectAsync, type MqttClient } from 'mqtt'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { passwordOf } from '../platform/access/users.fixture.ts'
import { startAuditing } from '../platform/runtime/auditing.ts'
import { readEnvironment } from '../platform/runtime/environment.ts'
import { installation } from '../platform/runtime/installation.ts'
import { startSimulator, type SimulatorProcess } from '../platform/simulation/simulator-process.fixture.ts'
import type { CommandAck, CommandMessage } from '../platform/wire/command.ts'
import type { LiveCommand } from '../platform/wire/live-command.ts'
import { LiveClient } from '../platform/wire/live-client.ts'
import { endsWithItsFirstFailure } from './first-failure.fixture.ts'
import { hasMosquitto, withoutMosquitto } from './mosquitto.fixture.ts'
import type { FlowNode } from './node-red-process.fixture.ts'
import { type RunningSystem, startSystem } from './running-system.fixture.ts'
import { runProgram } from './supervised.fixture.ts'
import { usersEnv, Visitor } from './users.fixture.ts'
import { say, waitUntil } from './waiting.fixture.ts'

/** What of the API's commands is looked at. */
interface Command {
  readonly commandId: string
  readonly state: string
  readonly attempts: number
  readonly bodyHash: string
  readonly timeline: readonly { readonly toState: string; readonly username: string | null }[]
}
interface Problem {
  readonly code?: string
  readonly errors?: readonly { readonly field: string; readonly problem: string }[]
}
interface Alarm {
  readonly kind: string
  readonly subject: string
  readonly state: string
}
type Wanted = Readonly<Record<string, unknown>> & { readonly deviceId: string }

const withLedger = { ledger: true, expiry: true, select: true, clock: true, signature: false }

/** The shipped flows, mosquitto, PostgreSQL and the devices of the simulator: from a request to its effect, and what is left of it. */
describe('commands, from a request to what a device was seen to do', function () {
  this.timeout(120_000)
  endsWithItsFirstFailure()
  let system: RunningSystem
  let simulator: SimulatorProcess
  let operator: Visitor
  let engineer: Visitor
  let witness: MqttClient
  let live: LiveClient
  const heard: { topic: string; payload: string }[] = []
  let onHeard = (_topic: string, _payload: string): void => undefined
  /** Nothing of it gets through to its device, which keeps no ledger. */
  let lost: Command

  before(async function () {
    if (!hasMosquitto) {
      say(withoutMosquitto)
      return this.skip()
    }
    system = await startSystem({ broker: 'mosquitto' })
    operator = new Visitor(system.nodeRed.url, 'operator')
    engineer = new Visitor(system.nodeRed.url, 'engineer')
    await runCli('network/registry-cli.js', ['import', join(installation, 'docs', 'registry')])
    // Nothing limits these feeders, so that nobody else steers their devices.
    await system.database.query('update feeder set limit_kw = null')
    witness = await connectAsync(system.brokerUrl, system.field)
    witness.on('message', (topic, payload) => {
      heard.push({ topic, payload: payload.toString() })
      onHeard(topic, payload.toString())
    })
    await witness.subscribeAsync(['grid/commands/+', 'grid/acks/+', 'der/control/+'], { qos: 1 })
    simulator = startSimulator(system.brokerUrl, '--interval', '0.5')
    await system.nodeRed.deploy((flows) => [...flows.map(linked), ...flowOfOurs], 'flows')
    const address = `${system.nodeRed.url.replace('http', 'ws')}/api/live`
    const token = await operator.token()
    live = new LiveClient({ open: () => new WebSocket(address, { headers: { Authorization: `Bearer ${token}` } }) })
    live.subscribe('commands', { maxHz: 10 })
    for (const deviceId of ['sw-001', 'sw-002', 'meter-001', 'ev-001'])
      await done(system.nodeRed.admin, `/api/devices/${deviceId}/command-capabilities`, withLedger, 'PUT')
    await waitUntil('the simulator', async () => (await simulation()) !== undefined)
    await waitUntil('the switches to be known', async () => (await position('sw-001')) === 'closed')
  })
  after(async function () {
    if (this.currentTest?.state === 'failed') say(`${system?.lastLines()}\n${simulator?.output().slice(-3_000)}`)
    live?.close()
    await witness?.endAsync(true)
    await simulator?.end('SIGTERM')
    await system?.stop()
  })

  async function tried<T>(by: Visitor, path: string, body?: object, method = 'POST') {
    const init = { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    const response = await by.fetch(path, body ? init : {})
    const text = await response.text()
    return { status: response.status, answer: (text === '' ? undefined : JSON.parse(text)) as T }
  }
  async function done<T>(by: Visitor, path: string, body?: object, method = 'POST'): Promise<T> {
    const { status, answer } = await tried<T>(by, path, body, method)
    assert.ok(status < 300, `${path}: ${status} ${JSON.stringify(answer)}`)
    return answer
  }
  const dryRun = (wanted: Wanted) =>
    done<{ requestHash: string; forbidden: { interlock: string }[] }>(operator, '/api/commands/dry-run', wanted)
  /** The operator gives the password for this request. */
  async function proofOf(request: Wanted): Promise<string> {
    const { requestHash: bodyHash } = await dryRun(request)
    const body = { password: passwordOf('operator'), action: 'command', target: request.deviceId, bodyHash }
    return (await done<{ proof: string }>(operator, '/api/auth/proof', body)).proof
  }
  const withKey = (wanted: Wanted): Wanted => ({ ...wanted, idempotencyKey: randomUUID() })
  const request = (wanted: Wanted) => done<Command>(operator, '/api/commands', withKey(wanted))
  async function requestWithProof(wanted: Wanted): Promise<Command> {
    const keyed = withKey(wanted)
    return done(operator, '/api/commands', { ...keyed, proof: await proofOf(keyed) })
  }
  const approve = ({ commandId, bodyHash }: Command) =>
    done<Command>(engineer, `/api/commands/${commandId}/approve`, { bodyHash })
  const now = ({ commandId }: Pick<Command, 'commandId'>) => done<Command>(operator, `/api/commands/${commandId}`)
  const comesTo = (command: Pick<Command, 'commandId'>, state: string): Promise<Command> =>
    waitUntil(`a command to be ${state}`, async () => [await now(command)].find((one) => one.state === state), {
      ...{ withinMs: 40_000, everyMs: 200 },
      explain: async () => JSON.stringify(await now(command)),
    })

  async function simulation(): Promise<{ effects: Record<string, number> } | undefined> {
    const { status, answer } = await tried<{ effects: Record<string, number> }>(system.nodeRed.admin, '/api/simulation')
    return status === 200 ? answer : undefined
  }
  const fault = (deviceId: string, kind: string, more: object = {}) =>
    done(system.nodeRed.admin, '/api/simulation/faults', { deviceId, kind, ...more })
  /** Of a switch, as it was stored last. */
  const position = async (deviceId: string): Promise<string | undefined> =>
    (
      await system.database.query<{ position: string }>(
        `select position from switch_reading join device using (device_key) where device_id = $1 order by at desc limit 1`,
        [deviceId],
      )
    )[0]?.position
  const said = <T>(topic: string, { commandId }: Pick<Command, 'commandId'>): T[] =>
    heard
      .filter((one) => one.topic === topic)
      .map(({ payload }) => JSON.parse(payload) as T & { command_id: string })
      .filter((message) => message.command_id === commandId)
  /** How often the device was told to act. */
  const operates = (deviceId: string, command: Command): number =>
    said<CommandMessage>(`grid/commands/${deviceId}`, command).filter(({ phase }) => phase === 'operate').length
  const acks = (deviceId: string, command: Command): string[] =>
    said<CommandAck>(`grid/acks/${deviceId}`, command).map(({ status }) => status)
  /** As if somebody pressed the button of our inject node, with these properties of the message. */
  async function inject(id: string, message: Readonly<Record<string, unknown>>): Promise<void> {
    const properties = Object.entries(message).map(([p, v]) =>
      typeof v === 'string' ? { p, v, vt: 'str' } : { p, v: JSON.stringify(v), vt: 'json' },
    )
    const { status } = await engineer.fetch(`/editor/inject/${id}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ __user_inject_props__: properties }),
    })
    assert.equal(status, 200)
  }
  async function runCli(program: string, args: readonly string[]): Promise<string> {
    const { host, port, user, password, database: name } = system.database.running
    const login = { DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_PASSWORD: password, DB_NAME: name }
    const { code, out, err } = await runProgram(program, args, { ...login, DATA_DIR: system.dataDir })
    assert.equal(code, 0, out + err)
    return out
  }

  it('opens a switch that two persons want open, armed first, and is over when it is seen open', async () => {
    await fault('ev-004', 'command_lost')
    lost = await request({ deviceId: 'ev-004', type: 'set_point', args: { p_setpoint_kw: 4 } })
    const command = await requestWithProof({ deviceId: 'sw-001', type: 'open', reason: 'Works at pole 17' })
    assert.equal(command.state, 'pending_approval')
    await approve(command)
    const { timeline } = await comesTo(command, 'verified')
    assert.deepEqual(
      timeline.map(({ toState }) => toState).filter((state) => state !== 'delivered'),
      [
        'pending_approval',
        'approved',
        'queued',
        'selected',
        'selected',
        'dispatched',
        'accepted',
        'executed',
        'verified',
      ],
    )
    assert.deepEqual(
      timeline.slice(0, 2).map(({ username }) => username),
      ['operator', 'engineer'],
    )
    assert.equal(await position('sw-001'), 'open')
    assert.deepEqual(acks('sw-001', command), ['selected', 'accepted', 'executed'])
    await waitUntil(
      'the live stream to show it',
      async () => (live.state('commands').get(command.commandId) as LiveCommand | undefined)?.state === 'verified',
    )
  })

  it('does not close it onto a section on which somebody works, and says so beforehand, too', async () => {
    const equipment = { kind: 'section', id: 'feeder-01-b' }
    const tag = { kind: 'work_permit', equipment, document: 'PT-17', reason: 'Cross-arm' }
    const { tagId } = await done<{ tagId: number }>(engineer, '/api/tags', tag)
    const close = withKey({ deviceId: 'sw-001', type: 'close', reason: 'Works have ended' })
    assert.deepEqual(
      (await dryRun(close)).forbidden.map(({ interlock }) => interlock),
      ['tagged', 'reclose-not-blocked'],
    )
    const { status, answer } = await tried<Problem>(operator, '/api/commands', {
      ...close,
      proof: await proofOf(close),
    })
    assert.deepEqual([status, answer.code], [409, 'forbidden'])
    assert.match(JSON.stringify(answer.errors), /tagged.*PT-17/s)
    const refused = await system.database.query(
      `select from access_log where event = 'command_refused' and username = 'operator'`,
    )
    assert.equal(refused.length, 1)
    await done(engineer, `/api/tags/${tagId}/remove`, {})
    assert.deepEqual(
      (await dryRun(close)).forbidden.map(({ interlock }) => interlock),
      ['reclose-not-blocked'],
    )
  })

  it('takes a request of a flow with a proof, and none without', async () => {
    const reading = withKey({ deviceId: 'meter-002', type: 'read_now' })
    await inject('test-command', { payload: reading })
    await waitUntil('the refusal', async () => {
      const refused = await system.database.query(
        `select from access_log where event = 'command_refused' and username is distinct from 'operator'`,
      )
      return refused.length === 1
    })
    await inject('test-command', { payload: reading, proof: await proofOf(reading) })
    const { items } = await waitUntil('the command', async () => {
      const found = await done<{ items: Command[] }>(operator, '/api/commands?deviceId=meter-002')
      return found.items.length > 0 && found
    })
    assert.equal(items.length, 1)
    await comesTo(items[0]!, 'verified')
  })

  it('has a battery follow a setpoint of a flow', async () => {
    await inject('test-setpoint', { payload: { deviceId: 'bat-001', powerKw: 1.5, minutes: 15 } })
    await waitUntil('the battery to say so', followsSetpoint)
  })
  const followsSetpoint = async (): Promise<boolean> => {
    const { kw } = await system.database.row<{ kw: number | null }>(
      `select (array_agg(p_setpoint_kw order by at desc))[1]::float8 as kw
       from der_reading join device using (device_key) where device_id = 'bat-001'`,
    )
    return kw === 1.5
  }

  it('goes on where it stood when Node-RED was killed between telling a device and its answer', async () => {
    await fault('meter-001', 'command_lost', { count: 1 })
    await fault('ev-001', 'ack_late', { count: 2, holdMinutes: 1 / 30 })
    const disconnect = await requestWithProof({
      ...{ deviceId: 'meter-001', type: 'disconnect', args: { reason: 'request' }, reason: 'Moved out' },
    })
    await approve(disconnect)
    await waitUntil('the meter to be told', async () => operates('meter-001', disconnect) > 0)
    const isTold = new Promise<void>((resolve) => {
      onHeard = (topic) => topic === 'grid/commands/ev-001' && resolve()
    })
    const limit = await request({ deviceId: 'ev-001', type: 'set_limit', args: { p_limit_kw: 2 } })
    await isTold
    await system.nodeRed.kill()
    await waitUntil('the answers, which nobody takes', async () => acks('ev-001', limit).includes('executed'))
    await system.nodeRed.start()
    const heardOf = await comesTo(limit, 'verified')
    // The broker has kept the answer: a slow machine may ask again before it has taken it, and a ledger answers that.
    assert.equal(operates('ev-001', limit), heardOf.attempts)
    assert.ok(heardOf.attempts <= 2, `${heardOf.attempts} attempts`)
    const again = await comesTo(disconnect, 'verified')
    assert.equal(operates('meter-001', disconnect), again.attempts)
    assert.ok(again.attempts >= 2, 'what was lost was told again')
  })

  it('has done nothing twice', () => haveActedOnce('sw-001', 'meter-002', 'meter-001', 'ev-001'))
  /** All of these devices and no others, since their simulator began: it tells its state every other second. */
  async function haveActedOnce(...deviceIds: readonly string[]): Promise<void> {
    const effects = await waitUntil(
      'effects on all of them',
      async () => {
        const told = (await simulation())?.effects
        return told && deviceIds.every((deviceId) => deviceId in told) && told
      },
      { explain: async () => JSON.stringify(await simulation()) },
    )
    assert.deepEqual(effects, Object.fromEntries(deviceIds.map((deviceId) => [deviceId, 1])))
  }

  it('asks a device that comes back, by WebSocket now, what became of a command, and sends its setpoint again', async () => {
    await simulator.end('SIGKILL')
    const block = await request({ deviceId: 'sw-002', type: 'block_reclose', expiresInSeconds: 5 })
    await comesTo(block, 'unknown')
    const sentSoFar = () => heard.filter(({ topic }) => topic === 'der/control/bat-001').length
    const before = sentSoFar()
    simulator = startSimulator(system.brokerWsUrl, '--interval', '0.5')
    await comesTo(block, 'reconciled_not_done')
    assert.equal(acks('sw-002', block).at(-1), 'not_done')
    await waitUntil('the setpoint', async () => sentSoFar() > before)
    await waitUntil('the battery to follow it', followsSetpoint, {
      explain: async () =>
        JSON.stringify([
          heard.filter(({ topic }) => topic === 'der/control/bat-001').slice(-3),
          await system.database.query(
            `select at, p_setpoint_kw, p_actual_kw, soc from der_reading join device using (device_key)
             where device_id = 'bat-001' order by at desc limit 3`,
          ),
        ]),
    })
  })

  it('has an alarm for what nobody knows, tells the device no more, and takes the word of a person', async () => {
    const { attempts } = await comesTo(lost, 'unknown')
    assert.deepEqual([attempts, operates('ev-004', lost)], [1, 1])
    const alarm = async (): Promise<string | undefined> =>
      (await done<{ items: Alarm[] }>(operator, '/api/alarms')).items.find(
        ({ kind, subject }) => kind === 'command-unknown' && subject === 'ev-004',
      )?.state
    await waitUntil('its alarm', async () => (await alarm()) === 'B')
    const other = withKey({ deviceId: 'ev-004', type: 'set_point', args: { p_setpoint_kw: 3 } })
    const { status, answer } = await tried<Problem>(operator, '/api/commands', other)
    assert.deepEqual([status, answer.code], [409, 'device-in-doubt'])
    const release = { as: 'not_done', reason: 'The charger shows 0 kW' }
    await done(engineer, `/api/commands/${lost.commandId}/release`, release)
    const { timeline } = await now(lost)
    assert.deepEqual([timeline.at(-1)?.toState, timeline.at(-1)?.username], ['reconciled_not_done', 'engineer'])
    await waitUntil('the end of its alarm', async () => (await alarm()) === 'D')
    await comesTo(await request(other), 'verified')
  })

  it('has all of it in an audit that holds together', async () => {
    const env = readEnvironment({ ...usersEnv, DATA_DIR: system.dataDir })
    await startAuditing(system.database.running, env, () => undefined).stop()
    say((await runCli('audit/audit-cli.js', ['verify'])).trim())
    const counted = await system.database.row(
      `select (select count(*) from audit_entry where table_name = 'command_transition')
         = (select count(*) from command_transition) as transitions,
         (select count(*) from audit_entry where table_name = 'command_ack') = (select count(*) from command_ack) as acks`,
    )
    assert.deepEqual(counted, { transitions: true, acks: true })
  })

  it('has done nothing twice to the end, nor again what devices have forgotten that they did', () =>
    haveActedOnce('ev-004'))
})

/** A message of ours goes where a flow of the user's would send it: to a link of the shipped flows. */
const entrances = { 'test-command': 'lv-command-requests', 'test-setpoint': 'lv-setpoints-in' } as const
const linked = (node: FlowNode): FlowNode => {
  const ours = Object.entries(entrances).find(([, entrance]) => entrance === node.id)
  return ours ? { ...node, links: [`${ours[0]}-link`] } : node
}
const flowOfOurs: FlowNode[] = [
  { id: 'test-tab', type: 'tab', label: 'Ours', disabled: false, info: '' },
  ...Object.entries(entrances).flatMap(([id, entrance], at): FlowNode[] => {
    const place = { z: 'test-tab', name: '', y: 60 + 60 * at }
    return [
      {
        ...{ id, type: 'inject', ...place, x: 120, props: [{ p: 'payload' }], repeat: '', crontab: '' },
        ...{ once: false, onceDelay: 0.1, topic: '', payload: '', payloadType: 'str', wires: [[`${id}-link`]] },
      },
      { id: `${id}-link`, type: 'link out', ...place, x: 320, mode: 'link', links: [entrance], wires: [] },
    ]
  }),
]
