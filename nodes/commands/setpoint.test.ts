import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { useAccess } from '../../platform/access/access.fixture.ts'
import type { Role } from '../../platform/access/roles.ts'
import { passwordOf } from '../../platform/access/users.fixture.ts'
import { startFlow, type Message, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { runServices } from '../../platform/runtime/running.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import type { SetpointsSet } from './messages.ts'
import setpoint from './setpoint.ts'
import { seedDers } from './setpoints/seeded-ders.fixture.ts'

describe('setpoint', function () {
  this.timeout(60_000)
  const suite = useAccess()
  let flow: TestFlow

  before(async () => {
    runServices({ access: suite.access } as Parameters<typeof runServices>[0])
    await seedDers(suite.test.database)
  })
  after(() => runServices(undefined))
  afterEach(() => flow.stop())

  const run = async (settings: object = {}): Promise<void> => {
    const { host, port, database, user, password } = suite.test.login
    flow = await startFlow(
      [postgresql, setpoint],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        { id: 'setpoint', type: 'linhaviva-setpoint', name: 'evening', database: 'db', ...settings, wires: [['set']] },
        { id: 'set', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }
  const person = async (role: Role) => {
    const login = await suite.access.login(role, passwordOf(role), { address: '192.0.2.1' })
    const { username, sessionId } = login!.identity
    return { username, sessionId, role: 'admin', socketIp: '192.0.2.9' }
  }
  const told = () =>
    waitUntil('what was set', () => flow.received('set').at(-1) as (Message & SetpointsSet) | undefined)
  const refusal = () => waitUntil('a refusal', () => flow.errors().at(-1))
  const history = async (deviceId: string) =>
    (
      await suite.test.database.query<{ line: string }>(
        `select concat_ws(' ', coalesce(power_kw::text, 'none'), username, reason) as line from setpoint_change
         where device_id = $1 order by changed`,
        [deviceId],
      )
    ).map(({ line }) => line)

  it('sets as logic of the flow, and passes the message on', async () => {
    await run()
    flow.send('setpoint', { payload: { deviceId: 'bat-1', powerKw: 2, reason: 'cheap hours' }, carried: 'on' })
    const message = await told()
    const [set] = message.payload
    assert.deepEqual([message.topic, set!.deviceId, set!.powerKw], ['commands/setpoints', 'bat-1', 2])
    assert.equal((message as unknown as { carried: string }).carried, 'on')
    assert.deepEqual(await history('bat-1'), ['2 node evening cheap hours'])
    await flow.showed('setpoint', 'setpoint.status.set')
  })

  it('sets what can be set of several, and tells Catch of the others', async () => {
    await run({ minutes: 5 })
    const payload = ['bat-2', 'nobody', 'pv-1'].map((deviceId) => ({ deviceId, powerKw: -1 }))
    flow.send('setpoint', { payload: [...payload, { deviceId: 'pv-1', powerKw: -3 }] })
    assert.deepEqual((await told()).payload.map(({ deviceId, powerKw }) => [deviceId, powerKw]), [['pv-1', -3]]) // prettier-ignore
    assert.equal(
      await refusal(),
      'SetpointsRefused: bat-2 has no rated power in the registry, which bounds its setpoint; nobody is not registered',
    )
    const words = Array.from({ length: 7 }, (_, n) => ({ deviceId: `x-${n}`, powerKw: 1 }))
    flow.send('setpoint', { payload: words })
    await waitUntil('the next refusal', () => flow.errors().length === 2)
    assert.match(flow.errors()[1]!, /x-4 is not registered; and 2 more$/)
    assert.deepEqual(await history('pv-1'), ['-3 node evening'])
  })

  it('says which field is at fault, and sets nothing', async () => {
    await run()
    flow.send('setpoint', {
      payload: [
        { deviceId: 'pv-1', powerKw: -2 },
        { deviceId: 'bat-1', kw: 1 },
      ],
    })
    assert.equal(await refusal(), 'BadSetpoint: payload[1].powerKw is missing')
    assert.equal(flow.received('set').length, 0)
  })

  it('sets for persons who may operate, by their session, and not for others; refusals are in the access log', async () => {
    await run({ logicActs: false })
    flow.send('setpoint', { payload: { deviceId: 'bat-1', powerKw: -1 }, _client: await person('operator') })
    await told()
    assert.equal((await history('bat-1')).at(-1), '-1 operator')
    const ask = { payload: { deviceId: 'bat-1', powerKw: 4 } }
    for (const [message, words] of [
      [{ ...ask, _client: await person('viewer') }, /the role viewer does not have the right operate$/],
      [{ ...ask, _client: { username: 'admin', sessionId: crypto.randomUUID() } }, /no open session of this person/],
      [ask, /node evening is not set to take setpoints of logic$/],
    ] as const) {
      const count = flow.errors().length
      flow.send('setpoint', message)
      await waitUntil('its refusal', () => flow.errors().length > count)
      assert.match(flow.errors().at(-1)!, words)
    }
    assert.equal((await history('bat-1')).at(-1), '-1 operator')
    const entries = await waitUntil('the access log', async () => {
      const listed = await suite.access.accessLog({ username: null, event: 'setpoint_refused' }, null, 10)
      return listed.length === 3 && listed
    })
    assert.deepEqual([entries[2]!.username, entries[2]!.subject], ['viewer', 'bat-1'])
  })

  it('says in its status what is wrong with its settings', async () => {
    await run({ minutes: 0 })
    await flow.showed('setpoint', 'minutes is 0: it takes a number from 1 to 1440')
  })
})
