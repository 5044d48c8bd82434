import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'mocha'
import { useAccess } from '../../platform/access/access.fixture.ts'
import type { Role } from '../../platform/access/roles.ts'
import { passwordOf } from '../../platform/access/users.fixture.ts'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { runServices } from '../../platform/runtime/running.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { seedTown } from './demand-response/demand.fixture.ts'
import demandResponse from './demand-response.ts'
import type { DemandEventTold } from './messages.ts'

describe('demand response', function () {
  this.timeout(60_000)
  const suite = useAccess()
  let flow: TestFlow

  before(async () => {
    runServices({ access: suite.access } as Parameters<typeof runServices>[0])
    await seedTown(suite.test.database)
  })
  after(() => runServices(undefined))
  afterEach(() => flow.stop())

  const run = async (settings: object = {}): Promise<void> => {
    const { host, port, database, user, password } = suite.test.login
    flow = await startFlow(
      [postgresql, demandResponse],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        {
          id: 'dr',
          type: 'linhaviva-demand-response',
          name: 'evening',
          database: 'db',
          ...settings,
          wires: [['told'], []],
        },
        { id: 'told', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }
  const person = async (role: Role) => {
    const { identity } = (await suite.access.login(role, passwordOf(role), { address: '192.0.2.1' }))!
    return { username: identity.username, sessionId: identity.sessionId, socketIp: '192.0.2.9' }
  }
  const told = (count: number) =>
    waitUntil('what was told', () => {
      const messages = flow.received('told') as unknown as DemandEventTold[]
      return messages.length >= count
        ? messages.map(({ topic, payload }) => [topic, payload.eventId, payload.change])
        : undefined
    })
  const refusal = () => waitUntil('a refusal', () => flow.errors().at(-1))
  const event = { limitKw: 30, durationMinutes: 5, feederId: 'f-1' }

  it('takes an event of logic, and tells that it began; cancelled, that it ended', async () => {
    await run()
    flow.send('dr', { payload: event })
    assert.deepEqual(await told(1), [['feeders/events', 1, 'begun']])
    await flow.showed('dr', 'demand-response.status.active')
    flow.send('dr', { payload: { cancel: 1, reason: 'enough' } })
    assert.deepEqual((await told(2))[1], ['feeders/events', 1, 'ended'])
    const [row] = await suite.test.database.query('select entered_by, cancelled_by, cancel_reason from dr_event')
    assert.deepEqual(row, { entered_by: 'node evening', cancelled_by: 'node evening', cancel_reason: 'enough' })
  })

  it('after a restart tells nothing again', async () => {
    await run()
    flow.send('dr', { payload: { ...event, durationMinutes: 6 } })
    assert.deepEqual(await told(1), [['feeders/events', 2, 'begun']])
  })

  it('takes what a person may call for, and no more', async () => {
    await run({ logicActs: false })
    flow.send('dr', { payload: event, _client: await person('operator') })
    assert.deepEqual(await told(1), [['feeders/events', 3, 'begun']])
    const program = { name: 'Ponta', mode: 'shed', targetShedKw: 40 }
    flow.send('dr', { payload: { program }, _client: await person('operator') })
    assert.match(JSON.stringify(await refusal()), /the role operator does not have the right administer/)
    flow.send('dr', { payload: { program }, _client: await person('admin') })
    await waitUntil('the program', async () => {
      const rows = await suite.test.database.query('select from dr_program')
      return rows.length === 1 || undefined
    })
  })

  it('refuses logic where it is not let in, and says so in the access log', async () => {
    await run({ logicActs: false })
    flow.send('dr', { payload: event })
    assert.match(JSON.stringify(await refusal()), /node evening is not set to take events of logic/)
    await waitUntil('the entry', async () => {
      const listed = await suite.access.accessLog({ username: null, event: 'demand_response_refused' }, null, 10)
      return listed.some(({ detail }) => detail?.includes('is not set to take events of logic')) || undefined
    })
  })

  it('says what is wrong with a message', async () => {
    await run()
    flow.send('dr', { payload: { limitKw: -3, durationMinutes: 5 } })
    assert.match(JSON.stringify(await refusal()), /payload.limitKw is -3|limitKw/)
  })
})
