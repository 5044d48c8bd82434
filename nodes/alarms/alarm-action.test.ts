import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { useAccess } from '../../platform/access/access.fixture.ts'
import type { Identity } from '../../platform/access/identity.ts'
import type { Role } from '../../platform/access/roles.ts'
import { passwordOf } from '../../platform/access/users.fixture.ts'
import { platformClock } from '../../platform/clock/clock.ts'
import { startFlow, type TestFlow } from '../../platform/node/flow.fixture.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { runServices } from '../../platform/runtime/running.ts'
import postgresql from '../../platform/storage/postgresql.ts'
import { auditOf } from './actions/acting.fixture.ts'
import alarmAction from './alarm-action.ts'
import { said } from './alarms.fixture.ts'
import { defaultTable } from './domain/default-table.ts'
import { changeAlarms } from './keeper/change-alarms.ts'
import type { AlarmActionsDone } from './messages.ts'

describe('alarm action', function () {
  this.timeout(60_000)
  const suite = useAccess()
  let flow: TestFlow
  let alarmId: number
  let key: string
  let subjects = 0

  before(() => runServices({ access: suite.access } as Parameters<typeof runServices>[0]))
  after(() => runServices(undefined))
  beforeEach(async () => {
    const now = platformClock.now()
    const condition = said('overload', `sw-${++subjects}`, { at: now })
    ;({ key } = condition)
    const changes = [{ condition, by: null }]
    const { database } = suite.test
    const [changed] = await database.transaction((client) => changeAlarms(client, changes, defaultTable, now))
    ;({ alarmId } = changed!)
  })
  afterEach(() => flow.stop())

  const run = async (settings: object = {}): Promise<void> => {
    const { host, port, database, user, password } = suite.test.login
    flow = await startFlow(
      [postgresql, alarmAction],
      [
        { id: 'db', type: 'linhaviva-postgresql', host, port: String(port), database, user },
        { id: 'action', type: 'linhaviva-alarm-action', name: 'gate', database: 'db', ...settings, wires: [['done']] },
        { id: 'done', type: 'helper', wires: [] },
      ],
      { db: { password } },
    )
  }
  const logIn = async (role: Role): Promise<Identity> =>
    (await suite.access.login(role, passwordOf(role), { address: '192.0.2.1' }))!.identity
  const done = () => waitUntil('what was done', () => flow.received('done').at(-1) as unknown as AlarmActionsDone)
  const refusal = () => waitUntil('a refusal', () => flow.errors().at(-1))
  /** What the audit says of the alarm, the newest last. */
  const audited = async () =>
    (await auditOf(suite.test.database))
      .filter((line) => line.alarmId === alarmId)
      .map(({ action, username, role, outcome, code }) => [action, username, role, code ?? outcome])

  it('suppresses as logic of the flow, by the key of a condition', async () => {
    await run()
    flow.send('action', { payload: { action: 'suppress', key, reason: 'works' }, carried: 'on' })
    const message = await done()
    assert.deepEqual(message.payload, [{ alarmId, key, action: 'suppress', state: 'H', occurrence: 1 }])
    assert.equal((message as unknown as { carried: string }).carried, 'on')
    assert.deepEqual(await audited(), [['suppress', 'node gate', null, 'done']])
    await flow.showed('action', 'alarm-action.status.done')
  })

  it('does nothing else as logic unless it is set to', async () => {
    await run()
    flow.send('action', { payload: { action: 'acknowledge', alarmId, occurrence: 1 } })
    const words = 'node gate is not set to acknowledge, and no person is proven to act by it'
    assert.equal(await refusal(), `ActionsRefused: acknowledge of alarm ${alarmId}: ${words}`)
    assert.deepEqual(await audited(), [['acknowledge', 'node gate', null, 'not-for-logic']])
    await flow.stop()
    await run({ logicActs: true })
    flow.send('action', { payload: { action: 'acknowledge', alarmId, occurrence: 1 } })
    assert.equal((await done()).payload[0]!.state, 'C')
  })

  it('acts for the person whom the guard of the dashboard names, by the rights of this moment', async () => {
    const { username, sessionId } = await logIn('operator')
    await run()
    const _client = { username, role: 'admin', sessionId, socketIp: '192.0.2.9' }
    flow.send('action', { payload: { action: 'acknowledge', alarmId, occurrence: 1 }, _client })
    assert.equal((await done()).payload[0]!.state, 'C')
    flow.send('action', { payload: { action: 'take-out', alarmId, reason: 'works' }, _client })
    assert.match(await refusal(), /the role operator does not have the right configure-alarms$/)
    assert.deepEqual(await audited(), [
      ['acknowledge', 'operator', 'operator', 'done'],
      ['take-out', 'operator', 'operator', 'wrong-role'],
    ])
    const [row] = await suite.test.database.query<{ address: string; session_id: string }>(
      'select address, session_id from alarm_action where alarm_id = $1 limit 1',
      [alarmId],
    )
    assert.deepEqual(row, { address: '192.0.2.9', session_id: sessionId })
  })

  it('lets no person suppress: that is for logic', async () => {
    const { username, sessionId } = await logIn('admin')
    await run({ logicActs: true })
    flow.send('action', { payload: { action: 'suppress', alarmId }, _client: { username, sessionId } })
    assert.match(await refusal(), /no person may suppress/)
  })

  it('acts for nobody whom no open session proves, whatever logic may do', async () => {
    const operator = await logIn('operator')
    const left = await logIn('operator')
    await suite.access.logout(left.sessionId)
    await run({ logicActs: true })
    const forged = [
      { username: 'admin', role: 'admin', sessionId: operator.sessionId },
      { username: 'operator', role: 'operator', sessionId: left.sessionId },
      { username: 'operator', role: 'operator' },
      {},
    ]
    for (const [at, _client] of forged.entries()) {
      flow.send('action', { payload: { action: 'acknowledge', alarmId, occurrence: 1 }, _client })
      await waitUntil('its refusal', () => flow.errors().length > at)
      assert.match(flow.errors()[at]!, /no open session of this person proves it$/)
    }
    assert.deepEqual(
      await audited(),
      forged.map(() => ['acknowledge', 'node gate', null, 'not-proven']),
    )
  })

  it('takes no name from a payload', async () => {
    await run({ logicActs: true })
    flow.send('action', { payload: { action: 'acknowledge', alarmId, occurrence: 1, user: 'admin' } })
    assert.equal(await refusal(), 'BadAction: payload.user is not taken: who acts is never what a message says')
    assert.deepEqual(await audited(), [])
  })

  it('does of several what can be done, and tells Catch of the others', async () => {
    await run()
    const unknown = Array.from({ length: 7 }, (_, at) => ({ action: 'suppress', alarmId: 900_000 + at }))
    flow.send('action', { payload: [...unknown, { action: 'suppress', alarmId }] })
    assert.deepEqual((await done()).payload.map((each) => each.alarmId), [alarmId]) // prettier-ignore
    assert.match(
      await refusal(),
      /^ActionsRefused: suppress of alarm 900000: there is no alarm 900000; .*; and 2 more$/,
    )
  })
})
